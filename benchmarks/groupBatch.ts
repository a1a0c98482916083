import assert from "node:assert/strict";
import { demo } from "../simulator";
import type { PluginProcess } from "../tests/support/pluginProcess";
import { timeBareRequests } from "./bareClient";
import { type Benchmark, type Figure, formatTime, median } from "./figures";
import type { SimulatorProcess } from "./simulatorProcess";
import { type Call, CONCURRENCY, type Running, timeCalls, withBoth } from "./timedPlugin";

const GROUPS = 200;
const LATENCY_MS = 20;
const ALLOWED_PER_SECOND = 50;
const FLEET = { uredis: { groups: GROUPS, backupsPerGroup: 10 }, states: "usable" } as const;

/** Many concurrent lookups: how they share connections, requests, and the API's rate limit. */
export const groupBatch: Benchmark = {
  name: "group-batch",
  async run({ isShort }) {
    const unlimited = { fleet: FLEET, latencyMs: LATENCY_MS };
    const throttling = { fleet: FLEET, maxRequestsPerSecond: ALLOWED_PER_SECOND };
    const measureUnlimited = async (running: Running): Promise<Figure[]> => [
      ...(await measureBatch(running, isShort ? 3 : 7)),
      await measureEqualCalls(running),
    ];
    return [...(await withBoth(unlimited, measureUnlimited)), await withBoth(throttling, measureThrottled)];
  },
};

/** Returns the ids of all groups. */
function listGroups({ sources }: SimulatorProcess): string[] {
  const groupIds = [...new Set(sources.map(({ id }) => id))];
  assert.equal(groupIds.length, GROUPS);
  return groupIds;
}

/**
 * Looks up all groups concurrently, checks that each answer is about its group, and returns the milliseconds.
 */
async function lookUp(plugin: PluginProcess, groupIds: readonly string[]): Promise<number> {
  const calls = groupIds.map((groupId): Call => ["getLatestURedisBackup", { groupId }]);
  const { elapsedMs, results } = await timeCalls(plugin, calls);
  assert.deepEqual(
    results().map((result) => result["groupId"]),
    groupIds,
  );
  return elapsedMs;
}

async function measureBatch({ simulator, plugin }: Running, times: number): Promise<Figure[]> {
  const groupIds = listGroups(simulator);
  const elapsed: number[] = [];
  const bare: number[] = [];
  let connections = 0;
  for (let count = 0; count < times; count++) {
    await simulator.countTraffic();
    elapsed.push(await lookUp(plugin, groupIds));
    const traffic = await simulator.countTraffic();
    assert.equal(traffic.requests, GROUPS, "a group whose backups fill no page takes one request");
    connections += traffic.connections;
    bare.push(await lookUpBare(simulator, groupIds));
  }
  const boundMs = Math.ceil(GROUPS / CONCURRENCY) * LATENCY_MS;
  const compare = (times: readonly number[]): Pick<Figure, "measured" | "reference" | "result"> => ({
    measured: formatTime(median(times)),
    reference: `⌈${GROUPS} requests / ${CONCURRENCY}⌉ × ${LATENCY_MS} ms: ${formatTime(boundMs)}`,
    result: median(times) / boundMs,
  });
  return [
    {
      what: `Look up ${GROUPS} groups concurrently, ${LATENCY_MS} ms a request`,
      ...compare(elapsed),
      measured: `${formatTime(median(elapsed))}, the first time ${formatTime(elapsed[0] ?? NaN)}`,
      budget: 1.15,
    },
    { what: "The same requests of a bare client, which throws the answers away", ...compare(bare) },
    {
      what: "Connections opened for the lookups",
      measured: `${connections}`,
      reference: `\`maxConcurrency\`: ${CONCURRENCY}`,
      result: connections,
      unit: "",
      budget: CONCURRENCY,
    },
  ];
}

/** Sends the requests of all lookups without the plugin, and returns the milliseconds. */
function lookUpBare(simulator: SimulatorProcess, groupIds: readonly string[]): Promise<number> {
  const round = groupIds.map((GroupId) => ({
    ...{ Action: "DescribeURedisBackup", Region: demo.region, ProjectId: demo.projectId },
    ...{ GroupId, Offset: 0, Limit: 100 },
  }));
  return timeBareRequests(simulator, { rounds: [round], concurrency: CONCURRENCY });
}

async function measureEqualCalls({ simulator, plugin }: Running): Promise<Figure> {
  const [groupId = ""] = listGroups(simulator);
  await simulator.countTraffic();
  await lookUp(plugin, new Array<string>(GROUPS).fill(groupId));
  const { requests } = await simulator.countTraffic();
  return {
    what: `Requests of ${GROUPS} equal concurrent lookups`,
    measured: `${requests}`,
    reference: "one lookup: 1",
    result: requests,
    unit: "",
    budget: 1,
  };
}

/** Measures lookups that the API throttles. Each of them must succeed. */
async function measureThrottled({ simulator, plugin }: Running): Promise<Figure> {
  const elapsedMs = await lookUp(plugin, listGroups(simulator));
  const { requests } = await simulator.countTraffic();
  return {
    what: `Requests of ${GROUPS} concurrent lookups where the API allows ${ALLOWED_PER_SECOND} a second`,
    measured: `${requests}, in ${formatTime(elapsedMs)}`,
    reference: `needed: ${GROUPS}`,
    result: requests / GROUPS,
    budget: 1.1,
  };
}
