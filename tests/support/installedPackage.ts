/** The package as users get it: what npm packs of it in a project of its own, and loaded from there. */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as sdk from "../../sdk/nodejs/index";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { runCommand } from "../../tools/childProcess";
import { digestFiles } from "../../tools/fileTree";
import { cacheRoot, repositoryRoot } from "../../tools/repository";

const PACKAGE = "pulumi-ucloud-redis";
const PACKED = ["package.json", "bin", "dist"].map((each) => path.join(repositoryRoot, each));

/** What both entry points export. */
export type Twin = typeof sdk;

/** The entry points, by what is imported of them. */
export const ENTRY_POINTS = { plugin: PACKAGE, dynamic: `${PACKAGE}/dynamic` } as const;

/** `plugin` or `dynamic`. */
export type EntryPoint = keyof typeof ENTRY_POINTS;

/** Both, for tables. */
export const BOTH = Object.keys(ENTRY_POINTS) as EntryPoint[];

/** A project in which the package is installed. */
export interface Project {
  readonly folder: string;
  /** Its packages, for programs that run elsewhere. */
  readonly nodeModules: string;
  load(entryPoint: EntryPoint): Twin;
}

/**
 * Installs what `npm run build` made. The files are copies, since linked folders serialize differently; only what the
 * package depends on is linked, so that there is one `@pulumi/pulumi`. One project serves all tests of a build.
 */
export async function installPackage(): Promise<Project> {
  const digest = digestFiles(PACKED).slice(0, 12);
  const folder = await ensureCacheFolder({ folder: path.join(cacheRoot, `twins-${digest}`), fill: install });
  const load = createRequire(path.join(folder, "index.js"));
  return {
    folder,
    nodeModules: path.join(folder, "node_modules"),
    load: (entryPoint) => load(ENTRY_POINTS[entryPoint]) as Twin,
  };
}

async function install(folder: string): Promise<void> {
  const nodeModules = path.join(folder, "node_modules");
  for (const file of await listPackedFiles()) {
    fs.cpSync(path.join(repositoryRoot, file), path.join(nodeModules, PACKAGE, file));
  }
  const installed = path.join(repositoryRoot, "node_modules");
  for (const name of fs.readdirSync(installed)) {
    if (name === PACKAGE || name.startsWith(".")) continue;
    fs.symlinkSync(path.join(installed, name), path.join(nodeModules, name), "junction");
  }
  fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  fs.writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    `name: twins
runtime: nodejs
plugins:
  providers:
    - name: ucloud-redis
      path: node_modules/${PACKAGE}/bin
`,
  );
}

/** The files that npm would pack. Not every machine has a program that unpacks them. */
async function listPackedFiles(): Promise<string[]> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // Without its scripts: they would build, which others do at the same time.
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { code, stdout, stderr } = await runCommand(npm, args, { cwd: repositoryRoot });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${stderr}`);
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  return packed?.files.map((file) => file.path) ?? [];
}
