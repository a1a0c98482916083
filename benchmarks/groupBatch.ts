import assert from "node:assert/strict";
import { createFleet, listSources } from "../simulator";
import type { PluginProcess } from "../tests/plugin/pluginProcess";
import { type Benchmark, type Figure, formatTime, median } from "./figures";
import { type SimulatorProcess, startSimulatorProcess } from "./simulatorProcess";
import { type Call, startTimedPlugin, timeCalls } from "./timedPlugin";

const GROUPS = 200;
const LATENCY_MS = 20;
const CONCURRENCY = 8;
const ALLOWED_PER_SECOND = 50;
const FLEET = { uredis: { groups: GROUPS, backupsPerGroup: 10 }, states: "usable" } as const;

/** Many lookups at once: how they share connections, requests, and what the API allows. */
export const groupBatch: Benchmark = {
  name: "group batch",
  async run({ isShort }) {
    const groupIds = listSources(createFleet(FLEET)).map(({ id }) => id);
    assert.equal(new Set(groupIds).size, GROUPS);
    const calls = groupIds.map((groupId): Call => ["getLatestURedisBackup", { groupId }]);
    const unlimited = { fleet: FLEET, latencyMs: LATENCY_MS };
    return [
      ...(await withPlugin(unlimited, (...running) => measureBatch(calls, isShort ? 1 : 5, ...running))),
      await withPlugin(unlimited, (...running) => measureEqualCalls(calls[0] as Call, ...running)),
      await withPlugin({ fleet: FLEET, maxRequestsPerSecond: ALLOWED_PER_SECOND }, (...running) =>
        measureThrottled(calls, ...running),
      ),
    ];
  },
};

async function withPlugin<T>(
  plan: Parameters<typeof startSimulatorProcess>[0],
  measure: (simulator: SimulatorProcess, plugin: PluginProcess) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulatorProcess(plan);
  try {
    const plugin = await startTimedPlugin(simulator);
    try {
      return await measure(simulator, plugin);
    } finally {
      await plugin.stop();
    }
  } finally {
    await simulator.stop();
  }
}

async function measureBatch(
  calls: readonly Call[],
  times: number,
  simulator: SimulatorProcess,
  plugin: PluginProcess,
): Promise<Figure[]> {
  const elapsed: number[] = [];
  let [requests, connections] = [0, 0];
  for (let count = 0; count < times; count++) {
    const { elapsedMs, results } = await timeCalls(plugin, calls);
    elapsed.push(elapsedMs);
    const groupIds = results().map((result) => result["groupId"]);
    assert.deepEqual(
      groupIds,
      calls.map(([, args]) => (args as { groupId: string }).groupId),
    );
    const traffic = await simulator.countTraffic();
    requests = traffic.requests;
    connections += traffic.connections;
  }
  const boundMs = Math.ceil(requests / CONCURRENCY) * LATENCY_MS;
  return [
    {
      what: `Look ${GROUPS} groups up at once, ${LATENCY_MS} ms a request`,
      measured: formatTime(median(elapsed)),
      reference: `⌈${requests} requests / 8⌉ × ${LATENCY_MS} ms: ${formatTime(boundMs)}`,
      result: median(elapsed) / boundMs,
      budget: { atMost: 1.5 },
    },
    {
      what: "Connections that took",
      measured: `${connections}`,
      reference: `\`maxConcurrency\`: ${CONCURRENCY}`,
      result: connections,
      unit: "",
      budget: { atMost: CONCURRENCY },
    },
  ];
}

async function measureEqualCalls(
  call: Call,
  simulator: SimulatorProcess,
  plugin: PluginProcess,
): Promise<Figure> {
  await timeCalls(plugin, new Array<Call>(GROUPS).fill(call));
  const { requests } = await simulator.countTraffic();
  return {
    what: `Requests of ${GROUPS} equal lookups at once`,
    measured: `${requests}`,
    reference: "one lookup: 1",
    result: requests,
    unit: "",
    budget: { atMost: 1 },
  };
}

/** Every call has to succeed, or `timeCalls` throws. */
async function measureThrottled(
  calls: readonly Call[],
  simulator: SimulatorProcess,
  plugin: PluginProcess,
): Promise<Figure> {
  const { elapsedMs } = await timeCalls(plugin, calls);
  const { requests } = await simulator.countTraffic();
  return {
    what: `Requests of ${GROUPS} lookups where the API allows ${ALLOWED_PER_SECOND} a second`,
    measured: `${requests}, in ${formatTime(elapsedMs)}`,
    reference: `needed: ${calls.length}`,
    result: requests / calls.length,
    budget: { atMost: 1.2 },
  };
}
