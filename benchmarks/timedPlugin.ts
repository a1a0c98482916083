/**
 * Times the calls of the built plugin until their answers have arrived. Decoding an answer is not the
 * plugin's work.
 */

import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { demo } from "../simulator";
import { packInvoke, unpackAnswer } from "../tests/support/pluginClient";
import { type PluginProcess, startPlugin } from "../tests/support/pluginProcess";
import { type SimulatorPlan, type SimulatorProcess, startSimulatorProcess } from "./simulatorProcess";

/** A function and its arguments. */
export type Call = readonly [name: string, args: object];

/** The most concurrent requests of the plugin: the default of `maxConcurrency`. */
export const CONCURRENCY = 8;

/** Runs a task with a simulator, and stops the simulator. */
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

/**
 * Runs a task with a fresh plugin that calls this simulator, and stops the plugin. The task's connection is
 * open.
 */
export async function withPlugin<T>(
  { settings }: SimulatorProcess,
  task: (plugin: PluginProcess) => Promise<T>,
): Promise<T> {
  const plugin = await startPlugin({
    settings: { ...settings, region: demo.region, projectId: demo.projectId, maxConcurrency: CONCURRENCY },
  });
  try {
    await plugin.getPluginInfo();
    return await task(plugin);
  } finally {
    await plugin.stop();
  }
}

/** A fresh plugin, and the simulator that it calls. */
export interface Running {
  readonly simulator: SimulatorProcess;
  readonly plugin: PluginProcess;
}

/** Runs a task with both, and stops them. */
export function withBoth<T>(plan: SimulatorPlan, task: (running: Running) => Promise<T>): Promise<T> {
  return withSimulator(plan, (simulator) => withPlugin(simulator, (plugin) => task({ simulator, plugin })));
}

/**
 * Makes all calls concurrently.
 *
 * @returns the milliseconds until the last answer arrived, the answers' bytes, and a function that decodes
 * their results
 * @throws when a call fails. Refused arguments make `results` throw.
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
 * Returns how often an ASCII text occurs in an answer. Long answers are checked by this: google-protobuf
 * takes long to decode 100,000 rows, and far more memory than the plugin.
 */
export function countText(answer: Uint8Array | undefined, text: string): number {
  const bytes = Buffer.from(answer ?? []);
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) count += 1;
  return count;
}
