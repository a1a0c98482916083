/** The built plugin, its calls timed until their answers are there, unread: reading them is not the plugin's doing. */

import fs from "node:fs";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { demo } from "../simulator";
import { packInvoke, unpackAnswer } from "../tests/support/pluginClient";
import { type PluginOptions, type PluginProcess, startPlugin } from "../tests/support/pluginProcess";
import { type SimulatorPlan, type SimulatorProcess, startSimulatorProcess } from "./simulatorProcess";

/** A function and what it is given. */
export type Call = readonly [name: string, args: object];

/** How many requests the plugin may have under way, the default of `maxConcurrency`. */
export const CONCURRENCY = 8;

/** Runs a task with a simulator and ends that. */
export async function withSimulator<T>(
  plan: SimulatorPlan,
  task: (simulator: SimulatorProcess) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulatorProcess(plan);
  try {
    return await task(simulator);
  } finally {
    await simulator.stop();
  }
}

/** Runs a task with a fresh plugin that asks this simulator, and ends that. The task's connection is open already. */
export async function withPlugin<T>(
  { settings }: SimulatorProcess,
  task: (plugin: PluginProcess) => Promise<T>,
  options: Pick<PluginOptions, "executable" | "args"> = {},
): Promise<T> {
  const plugin = await startPlugin({
    ...options,
    settings: { ...settings, region: demo.region, projectId: demo.projectId, maxConcurrency: CONCURRENCY },
  });
  try {
    await plugin.getPluginInfo();
    return await task(plugin);
  } finally {
    await plugin.stop();
  }
}

/** A fresh plugin, and the simulator that it asks. */
export interface Running {
  readonly simulator: SimulatorProcess;
  readonly plugin: PluginProcess;
}

/** Runs a task with both, and ends them. */
export function withBoth<T>(
  plan: SimulatorPlan,
  task: (running: Running) => Promise<T>,
  options?: Parameters<typeof withPlugin>[2],
): Promise<T> {
  return withSimulator(plan, (simulator) =>
    withPlugin(simulator, (plugin) => task({ simulator, plugin }), options),
  );
}

/**
 * Makes all calls at once.
 *
 * @returns the milliseconds until the last answer was there, the answers' bytes, and the results in them
 * @throws when a call fails; that its arguments were refused shows when the results are read
 */
export async function timeCalls(
  plugin: PluginProcess,
  calls: readonly Call[],
): Promise<{ elapsedMs: number; answers: Uint8Array[]; results: () => Record<string, unknown>[] }> {
  const requests = calls.map(([name, args]) => packInvoke(name, args).serializeBinary());
  const startedAt = performance.now();
  const answers = await Promise.all(requests.map((request) => plugin.invokeEncoded(request)));
  const elapsedMs = performance.now() - startedAt;
  const read = (bytes: Uint8Array): Record<string, unknown> => {
    const { result, failures } = unpackAnswer(InvokeResponse.deserializeBinary(bytes));
    if (failures.length > 0) throw new Error(`a call was refused: ${JSON.stringify(failures)}`);
    return result;
  };
  return { elapsedMs, answers, results: () => answers.map(read) };
}

/**
 * How often a text of ASCII is in an answer. Reading 100,000 rows with Google's own code takes this process long, and
 * far more memory than the plugin, so long answers are checked by this.
 */
export function countText(answer: Uint8Array | undefined, text: string): number {
  const bytes = Buffer.from(answer ?? []);
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) count += 1;
  return count;
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
