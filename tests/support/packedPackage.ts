/** The package as `npm pack` makes it, installed in projects that Pulumi's own language hosts run. */
import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { cacheRoot, repositoryRoot } from "../../tools/repository";
import { installPackage } from "./installedPackage";

const PACKAGE = "pulumi-ucloud-redis";
const installed = path.join(repositoryRoot, "node_modules");

/**
 * The `node_modules` of a project in which the packed package is installed, beside all that this repository uses. Nothing
 * there leads back here: Node.js looks a module up from where the files really are, and the twin's pins from where
 * `@pulumi/pulumi` is. One folder serves all tests of a build.
 */
export async function installPacked(): Promise<string> {
  const project = await installPackage();
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, path.basename(project.folder).replace("twins", "packed")),
    fill(unfinished) {
      const nodeModules = path.join(unfinished, "node_modules");
      // Not the link to this repository, and not @pulumi/random: the host would want its plugin for each program.
      linkFiles(installed, nodeModules, [PACKAGE, path.join("@pulumi", "random")]);
      linkFiles(path.join(project.nodeModules, PACKAGE), path.join(nodeModules, PACKAGE));
      return Promise.resolve();
    },
  });
  return path.join(folder, "node_modules");
}

/** Makes a folder with the same files, by second names, which cost no space. */
function linkFiles(from: string, to: string, except: readonly string[] = []): void {
  fs.mkdirSync(to);
  const skipped = except.map((name) => path.join(from, name));
  for (const entry of fs.readdirSync(from, { withFileTypes: true, recursive: true })) {
    const source = path.join(entry.parentPath, entry.name);
    if (skipped.some((each) => source === each || source.startsWith(each + path.sep))) continue;
    const target = path.join(to, path.relative(from, source));
    if (entry.isDirectory()) fs.mkdirSync(target);
    else if (entry.isFile()) fs.linkSync(source, target);
  }
}
