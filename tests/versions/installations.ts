/**
 * Projects with versions of `@pulumi/pulumi` in which the packed package is installed. npm installs them once, from its
 * registry, into the cache.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { digestFiles } from "../../tools/fileTree";
import { runNpm } from "../../tools/release/npm";
import { repositoryRoot } from "../../tools/repository";
import { ensureNode as ensureNodeVersion, versionsCache } from "../../tools/versions/nodeVersions";
import { installPackages } from "../../tools/versions/npmInstall";
import { leaveOut } from "../support/leftOut";
import { linkFiles } from "../support/packedPackage";

const MODULES = "node_modules";
/** What npm packs. */
const PACKED = ["package.json", "bin", "dist"].map((each) => path.join(repositoryRoot, each));
/** Beside the package's own dependencies: what a TypeScript program needs. */
const FOR_PROGRAMS = ["typescript", "@types/node"];

/** As {@link ensureNodeVersion}. Leaves out the calling test where there is none. */
export async function ensureNode(context: Mocha.Context, version: string): Promise<string> {
  try {
    return await ensureNodeVersion(version);
  } catch (error) {
    leaveOut(context, { need: `Node.js ${version}`, why: explain(error) });
  }
}

/**
 * Returns the folder of a project with `@pulumi/pulumi` of a version and the packed tarball. Leaves out the
 * calling test where npm's registry cannot be reached. Tests of one build share the project.
 */
export async function ensureProject(context: Mocha.Context, version: string): Promise<string> {
  const packages = [
    `@pulumi/pulumi@${version}`,
    ...[...Object.keys(packageJson.dependencies), ...FOR_PROGRAMS].map(
      (name) => `${name}@${readInstalled(name)}`,
    ),
  ];
  const digest = createHash("sha256").update(packages.join("\0")).digest("hex").slice(0, 12);
  try {
    const base = await ensureCacheFolder({
      folder: path.join(versionsCache, `pulumi-${version}-${digest}`),
      fill: (unfinished) => installPackages(unfinished, packages),
    });
    const build = digestFiles(PACKED).slice(0, 12);
    const { base: folder } = path.parse(base);
    return await ensureCacheFolder({
      folder: path.join(versionsCache, `${folder}-${build}`),
      fill: (unfinished) => installTarball(base, unfinished),
    });
  } catch (error) {
    leaveOut(context, { need: `@pulumi/pulumi ${version}`, why: explain(error) });
  }
}

/** Packs the package, and installs it into a copy of a project that has all of its dependencies. */
async function installTarball(base: string, folder: string): Promise<void> {
  for (const file of ["package.json", "package-lock.json"]) {
    fs.copyFileSync(path.join(base, file), path.join(folder, file));
  }
  // npm replaces packages, and writes into its own files only.
  linkFiles(path.join(base, MODULES), path.join(folder, MODULES), [".package-lock.json"]);
  const packed = path.join(folder, "packed");
  fs.mkdirSync(packed);
  // Without scripts, as they would build while other tests do.
  await runNpm(["pack", "--ignore-scripts", "--pack-destination", packed], { cwd: repositoryRoot });
  const [tarball = ""] = fs.readdirSync(packed);
  await installPackages(folder, [path.join(packed, tarball)]);
}

/** The exact version of a package in this repository. */
function readInstalled(name: string): string {
  const file = path.join(repositoryRoot, MODULES, name, "package.json");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
