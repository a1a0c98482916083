/** The built plugin, its calls timed until their answers are there, unread: reading them is not the plugin's doing. */

import fs from "node:fs";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { demo } from "../simulator";
import { packInvoke, unpackAnswer } from "../tests/plugin/pluginClient";
import { type PluginProcess, startPlugin } from "../tests/plugin/pluginProcess";
import type { SimulatorProcess } from "./simulatorProcess";

/** A function and what it is given. */
export type Call = readonly [name: string, args: object];

/** Starts a plugin that asks this simulator. Its calls' connection is open already. */
export async function startTimedPlugin({ settings }: SimulatorProcess): Promise<PluginProcess> {
  const plugin = await startPlugin({
    settings: { ...settings, region: demo.region, projectId: demo.projectId },
  });
  await plugin.getPluginInfo();
  return plugin;
}

/**
 * Makes all calls at once.
 *
 * @returns the milliseconds until the last answer was there, and the results
 * @throws when a call fails
 */
export async function timeCalls(
  plugin: PluginProcess,
  calls: readonly Call[],
): Promise<{ elapsedMs: number; results: () => Record<string, unknown>[] }> {
  const requests = calls.map(([name, args]) => packInvoke(name, args).serializeBinary());
  const startedAt = performance.now();
  const answers = await Promise.all(requests.map((request) => plugin.invokeEncoded(request)));
  const elapsedMs = performance.now() - startedAt;
  const read = (bytes: Uint8Array): Record<string, unknown> => {
    const { result, failures } = unpackAnswer(InvokeResponse.deserializeBinary(bytes));
    if (failures.length > 0) throw new Error(`a call was refused: ${JSON.stringify(failures)}`);
    return result;
  };
  return { elapsedMs, results: () => answers.map(read) };
}

/** The most memory a process ever had resident, in bytes; only Linux tells. */
export function readPeakMemory(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Bytes as `123 MB`. */
export function formatMemory(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
