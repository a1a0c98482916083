/** The packed package, for projects that Pulumi's own language hosts run. */
import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { cacheRoot, repositoryRoot } from "../../tools/repository";
import { installPackage } from "./installedPackage";

const PACKAGE = "pulumi-ucloud-redis";
const installed = path.join(repositoryRoot, "node_modules");

/**
 * A `node_modules` folder with the packed package and with the packages that this repository uses. It holds
 * no links to this repository: Node.js resolves modules from the real path of a file, and the dynamic twin's
 * pins from that of `@pulumi/pulumi`. All tests of a build share the folder.
 */
export async function installPacked(): Promise<string> {
  const project = await installPackage();
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, path.basename(project.folder).replace("twins", "packed")),
    fill(unfinished) {
      const nodeModules = path.join(unfinished, "node_modules");
      // Without the link to this repository, and without @pulumi/random, for which the host would install a
      // plugin.
      linkFiles(installed, nodeModules, [PACKAGE, path.join("@pulumi", "random")]);
      linkFiles(path.join(project.nodeModules, PACKAGE), path.join(nodeModules, PACKAGE));
      return Promise.resolve();
    },
  });
  return path.join(folder, "node_modules");
}

/** Makes a folder with hard links to the files of another, which cost no space. It leaves out symbolic links. */
export function linkFiles(from: string, to: string, except: readonly string[] = []): void {
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
