/** The package as users get it: the files that npm packs, installed in a project and loaded from there. */
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

/** The exports of both entry points. */
export type Twin = typeof sdk;

/** The entry points, with the names to import. */
const ENTRY_POINTS = { plugin: PACKAGE, dynamic: `${PACKAGE}/dynamic` } as const;

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
 * Installs the result of `npm run build`. The package's files are copies, since Pulumi serializes linked
 * folders differently. Its dependencies are links, so that there is one `@pulumi/pulumi`. All tests of a
 * build share a project.
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

/** The files that npm would pack. They are not packed, as a machine may have no program to unpack them. */
async function listPackedFiles(): Promise<string[]> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // Without scripts, as they would build while other tests do.
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { code, stdout, stderr } = await runCommand(npm, args, { cwd: repositoryRoot });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${stderr}`);
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  return packed?.files.map((file) => file.path) ?? [];
}
