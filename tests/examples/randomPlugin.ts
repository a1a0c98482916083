import fs from "node:fs";
import path from "node:path";
import { version } from "@pulumi/random/package.json";
import { runCommand } from "../../tools/childProcess";
import type { EngineStack } from "../../tools/engineStack";
import { isSiteReachable } from "../../tools/engineDownload";

const PLUGIN = "pulumi-resource-random";
const INSTALL_MS = 30_000;
/** Asked once. */
let isReachable: Promise<boolean> | undefined;

/**
 * Makes the plugin of `@pulumi/random`, which comes from the vendor's site, available to a stack: as it is on `PATH`, or
 * by installing it.
 *
 * @returns why it cannot be had, within seconds; undefined when it is there
 */
export async function installRandomPlugin({ stack }: EngineStack): Promise<string | undefined> {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  if (folders.some((folder) => ["", ".exe", ".cmd"].some((end) => isFile(path.join(folder, PLUGIN + end))))) {
    return undefined;
  }
  isReachable ??= isSiteReachable();
  if (!(await isReachable)) return "the vendor's site, which has it, cannot be reached";
  const { pulumiCommand, pulumiHome = "" } = stack.workspace;
  const { code, stderr } = await runCommand(
    pulumiCommand.command,
    ["plugin", "install", "resource", "random", `v${version}`],
    { env: { ...process.env, PULUMI_HOME: pulumiHome }, timeoutMs: INSTALL_MS },
  );
  if (code === 0) return undefined;
  return code === null ? `the download took more than ${INSTALL_MS / 1000} s` : stderr.trim();
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
