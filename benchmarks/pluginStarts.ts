/** Single starts of the plugin and of Node.js, each timed, in an environment without any of this machine's settings. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { readPeakMemory, readResidentMemory } from "../tests/support/peakMemory";
import { PluginClient } from "../tests/support/pluginClient";
import { createCleanEnv } from "../tests/support/pluginProcess";
import { spawnPlugin } from "../tools/pluginProcess";
import { waitForCache } from "./codeCache";
import type { Call } from "./timedPlugin";

/** A Node.js, and a folder that it starts with as home. */
export interface Surroundings {
  /** The program `node`. */
  readonly node: string;
  readonly home: string;
}

/** A start of the plugin, in milliseconds since it was spawned. */
export interface Start {
  /** When its port was on its standard output. */
  readonly portMs: number;
  /** When GetPluginInfo was answered, which the engine calls after Handshake. */
  readonly answerMs: number;
  /** When the lookup was answered. */
  readonly lookupMs: number;
  /** Its memory in bytes after the answer to GetPluginInfo; undefined where it cannot be read. */
  readonly memory: { readonly resident: number; readonly peak: number } | undefined;
}

/** What the plugin looks up once it has answered. */
export interface Lookup {
  readonly settings: object;
  readonly call: Call;
}

/** Times a Node.js that does nothing, from spawning it to its end. */
export async function timeNode({ node, home }: Surroundings): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(node, ["-e", "0"], { env: createEnv({ node, home }), stdio: "ignore" }), "exit");
  return performance.now() - startedAt;
}

/**
 * Starts the plugin, makes the engine's first calls and a lookup, and stops it.
 *
 * @param options.linger awaited before it is stopped
 */
export async function timePlugin(
  surroundings: Surroundings,
  { settings, call: [name, args] }: Lookup,
  { linger }: { readonly linger?: () => Promise<void> } = {},
): Promise<Start> {
  const startedAt = performance.now();
  const sinceStart = (): number => performance.now() - startedAt;
  const { home } = surroundings;
  const plugin = await spawnPlugin({ args: ["127.0.0.1:1"], env: createEnv(surroundings), cwd: home });
  const portMs = sinceStart();
  const client = new PluginClient(plugin.port);
  try {
    await client.getPluginInfo();
    const answerMs = sinceStart();
    const resident = readResidentMemory(plugin.pid);
    const peak = readPeakMemory(plugin.pid);
    await client.handshake("127.0.0.1:1");
    await client.configure(settings);
    await client.invokeResult(name, args);
    const lookupMs = sinceStart();
    await linger?.();
    const memory = resident === undefined || peak === undefined ? undefined : { resident, peak };
    return { portMs, answerMs, lookupMs, memory };
  } finally {
    client.close();
    await plugin.stop();
  }
}

/**
 * Starts the plugin in a home until its code cache is there.
 *
 * @returns whether it wrote one in time
 */
export async function warmHome(surroundings: Surroundings, lookup: Lookup): Promise<boolean> {
  let isWarm = false;
  const linger = async (): Promise<void> => {
    isWarm = await waitForCache(surroundings.home);
  };
  await timePlugin(surroundings, lookup, { linger });
  return isWarm;
}

function createEnv({ node, home }: Surroundings): Record<string, string> {
  const env = createCleanEnv(home);
  return { ...env, PATH: path.dirname(node) + path.delimiter + (env["PATH"] ?? "") };
}
