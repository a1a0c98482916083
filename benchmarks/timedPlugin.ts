/**
 * Times the calls of the built plugin until their answers have arrived. Decoding an answer is not the
 * plugin's work.
 */

import fs from "node:fs";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { demo } from "../simulator";
import { packInvoke, unpackAnswer } from "../tests/support/pluginClient";
import { type PluginProcess, startPlugin } from "../tests/support/pluginProcess";
import { createFolder, waitForCache } from "./codeCache";
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
 * open. As on a machine that used the plugin before, there is a code cache.
 */
export async function withPlugin<T>(
  simulator: SimulatorProcess,
  task: (plugin: PluginProcess) => Promise<T>,
): Promise<T> {
  return await runPlugin(simulator, { cache: await ensureWarmCache(), task });
}

let warmCache: Promise<string> | undefined;

/** Returns an `XDG_CACHE_HOME` with the code cache of a plugin that read some pages. It is removed with this process. */
export function ensureWarmCache(): Promise<string> {
  warmCache ??= createWarmCache();
  return warmCache;
}

async function createWarmCache(): Promise<string> {
  const cache = createFolder();
  process.once("exit", () => fs.rmSync(cache, { recursive: true, force: true }));
  await withSimulator({ fleet: { uredis: { backupsPerGroup: 1_000 } } }, async (simulator) => {
    const groupId = simulator.sources[0]?.id;
    const task = async (plugin: PluginProcess): Promise<void> => {
      await timeCalls(plugin, [["getURedisBackups", { groupId }]]);
      await waitForCache(cache);
    };
    await runPlugin(simulator, { cache, task });
  });
  return cache;
}

async function runPlugin<T>(
  { settings }: SimulatorProcess,
  { cache, task }: { readonly cache: string; readonly task: (plugin: PluginProcess) => Promise<T> },
): Promise<T> {
  const plugin = await startPlugin({
    settings: { ...settings, region: demo.region, projectId: demo.projectId, maxConcurrency: CONCURRENCY },
    env: { XDG_CACHE_HOME: cache },
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
