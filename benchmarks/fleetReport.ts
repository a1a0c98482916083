import assert from "node:assert/strict";
import { demo } from "../simulator";
import { type Benchmark, type Figure, formatTime, median } from "./figures";
import { CONCURRENCY, type Running, timeCalls, withBoth } from "./timedPlugin";

const REGIONS = [
  { region: demo.region, zone: demo.zone },
  { region: demo.otherRegion, zone: demo.otherZone },
] as const;
/** Of each kind in each region, so that each region lists exactly a full page. */
const EACH = 50;
const DATABASES = 2 * EACH * REGIONS.length;
/**
 * For each region a full page of databases and an empty one, for each group one request, and for each space two: what
 * `TotalCount` counts there is not certain, so that only an empty page shows that all shards were listed.
 */
const REQUESTS = REGIONS.length * (2 + EACH + 2 * EACH);
const LATENCY_MS = 20;
const PLAN = {
  states: "usable",
  uredis: { groups: EACH, backupsPerGroup: 10 },
  umem: { spaces: EACH, backupsPerSpace: 5, shards: 2 },
} as const;

/** A report of a whole fleet in two regions, compared with the lower bound of its requests. */
export const fleetReport: Benchmark = {
  name: "fleet-report",
  async run({ isShort }) {
    const [first, second] = REGIONS;
    const plan = {
      fleet: { ...PLAN, ...first },
      otherFleet: { ...PLAN, ...second, seed: 2 },
      ...{ hasDatabases: true, latencyMs: LATENCY_MS },
    };
    return [await withBoth(plan, (running) => measureReport(running, isShort ? 2 : 5))];
  },
};

async function measureReport({ simulator, plugin }: Running, times: number): Promise<Figure> {
  const regions = REGIONS.map(({ region }) => region);
  const elapsed: number[] = [];
  for (let count = 0; count < times; count++) {
    // The backups are as old as the plan's fixed time.
    const call = ["getRedisBackupReport", { regions, maxAge: "5000w" }] as const;
    const { elapsedMs, results } = await timeCalls(plugin, [call]);
    elapsed.push(elapsedMs);
    const [{ checked, healthy } = {}] = results();
    assert.deepEqual([checked, healthy], [DATABASES, DATABASES]);
    assert.equal((await simulator.countTraffic()).requests, REQUESTS);
  }
  const boundMs = Math.ceil(REQUESTS / CONCURRENCY) * LATENCY_MS;
  return {
    what: `Report on ${DATABASES} databases in two regions, ${LATENCY_MS} ms a request`,
    measured: formatTime(median(elapsed)),
    reference: `⌈${REQUESTS} requests / ${CONCURRENCY}⌉ × ${LATENCY_MS} ms: ${formatTime(boundMs)}`,
    result: median(elapsed) / boundMs,
    budget: 1.3,
  };
}
