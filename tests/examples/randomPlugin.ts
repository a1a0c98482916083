import fs from "node:fs";
import path from "node:path";
import { version } from "@pulumi/random/package.json";
import { isSiteReachable } from "../../tools/engine/engineDownload";
import type { EngineStack } from "../../tools/engine/engineStack";
import { repositoryRoot } from "../../tools/repository";
import { runPulumi } from "../support/projects";

const PLUGIN = "pulumi-resource-random";
const INSTALL_ARGS = ["plugin", "install", "resource", "random", version];
const INSTALL_MS = 30_000;
/** Probed once for all tests. */
let isReachable: Promise<boolean> | undefined;

/**
 * Makes the plugin of `@pulumi/random` available to a stack: the one on `PATH`, or the one from the vendor's
 * site. If the download is not possible within seconds, it installs a stand-in of the same version.
 *
 * @returns why it is the stand-in; undefined if it is the real plugin
 */
export async function installRandomPlugin(engineStack: EngineStack): Promise<string | undefined> {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  if (folders.some((folder) => ["", ".exe", ".cmd"].some((end) => isFile(path.join(folder, PLUGIN + end))))) {
    return undefined;
  }
  const obstacle = await installRealOne(engineStack);
  if (obstacle !== undefined) await installStandIn(engineStack);
  return obstacle;
}

async function installRealOne(engineStack: EngineStack): Promise<string | undefined> {
  isReachable ??= isSiteReachable();
  if (!(await isReachable)) return "the vendor's site cannot be reached";
  const { code, stderr } = await runPulumi(engineStack, INSTALL_ARGS, { timeoutMs: INSTALL_MS });
  if (code === 0) return undefined;
  return code === null ? `the download took more than ${INSTALL_MS / 1000} s` : stderr.trim();
}

async function installStandIn(engineStack: EngineStack): Promise<void> {
  const folder = path.join(engineStack.folder, "random");
  fs.mkdirSync(folder);
  const start = `"${process.execPath}" -r "${require.resolve("ts-node/register/transpile-only")}" "${path.join(__dirname, "standInRandom.ts")}"`;
  const project = path.join(repositoryRoot, "tsconfig.json");
  const [name, script] =
    process.platform === "win32"
      ? [`${PLUGIN}.cmd`, `@set TS_NODE_PROJECT=${project}\r\n@${start} %*\r\n`]
      : [PLUGIN, `#!/bin/sh\nTS_NODE_PROJECT="${project}" exec ${start} "$@"\n`];
  fs.writeFileSync(path.join(folder, name), script, { mode: 0o755 });
  const { code, stderr } = await runPulumi(engineStack, [...INSTALL_ARGS, "--file", folder]);
  if (code !== 0) throw new Error(`The stand-in for ${PLUGIN} cannot be installed:\n${stderr}`);
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
