import assert from "node:assert/strict";
import { demo } from "../simulator";
import { timeBareRequests } from "./bareClient";
import { type Benchmark, type Figure, formatTime, median } from "./figures";
import type { SimulatorProcess } from "./simulatorProcess";
import { CONCURRENCY, countText, timeCalls, withPlugin, withSimulator } from "./timedPlugin";

const ROWS = 10_000;
const PAGE_SIZE = 100;
const PAGES = ROWS / PAGE_SIZE;
const LATENCY_MS = 20;
const FLEET = { uredis: { backupsPerGroup: ROWS } } as const;
const BUDGETS = { first: 1.25, later: 1.15 } as const;
/** How often each plugin is called: once as a fresh one, then as one whose connections are open. */
const CALLS = 5;

/** The times of both clients, in milliseconds. */
interface Times {
  readonly first: number[];
  readonly later: number[];
  readonly bare: number[];
}

/** The time to read a long list, compared with a client that throws away what it parsed. */
export const listing: Benchmark = {
  name: "listing",
  run: ({ isShort }) =>
    withSimulator({ fleet: FLEET, latencyMs: LATENCY_MS }, async (simulator) => {
      const times: Times = { first: [], later: [], bare: [] };
      // The first requests of this process, while the code of its HTTP client is not compiled yet.
      await timeBareClient(simulator);
      for (let count = 0; count < (isShort ? 1 : 5); count++) await timePlugin(simulator, times);
      return describe(times);
    }),
};

/** Times the calls of a fresh plugin. The bare client runs after each, so that a busy moment affects both. */
async function timePlugin(simulator: SimulatorProcess, { first, later, bare }: Times): Promise<void> {
  const groupId = getGroupId(simulator);
  await withPlugin(simulator, async (plugin) => {
    for (let call = 0; call < CALLS; call++) {
      const { elapsedMs, answers } = await timeCalls(plugin, [["getURedisBackups", { groupId }]]);
      (call === 0 ? first : later).push(elapsedMs);
      // The newest usable backup occurs twice: in the list and as `latest`.
      assert.equal(countText(answers[0], "redisVersion"), ROWS + 1);
      bare.push(await timeBareClient(simulator));
    }
  });
}

async function timeBareClient(simulator: SimulatorProcess): Promise<number> {
  await simulator.countTraffic();
  // A full page may not be the last one, so an empty page has to follow.
  const [first, ...others] = Array.from({ length: PAGES + 1 }, (_, page) => ({
    Action: "DescribeURedisBackup",
    Region: demo.region,
    ProjectId: demo.projectId,
    GroupId: getGroupId(simulator),
    Offset: page * PAGE_SIZE,
    Limit: PAGE_SIZE,
  }));
  const rounds = first === undefined ? [] : [[first], others];
  const elapsedMs = await timeBareRequests(simulator, { rounds, concurrency: CONCURRENCY });
  // The requests that opened the connections are counted too.
  assert.equal((await simulator.countTraffic()).accepted, PAGES + 1 + CONCURRENCY);
  return elapsedMs;
}

function getGroupId({ sources }: SimulatorProcess): string {
  return sources[0]?.id ?? "";
}

function describe({ first, later, bare }: Times): Figure[] {
  const bareMs = median(bare);
  const boundMs = Math.ceil(PAGES / CONCURRENCY) * LATENCY_MS;
  const compare = (times: readonly number[]): Pick<Figure, "measured" | "reference" | "result"> => ({
    measured: formatTime(median(times)),
    reference: `a bare client: ${formatTime(bareMs)}`,
    result: median(times) / bareMs,
  });
  const figures: Figure[] = [
    { what: "a fresh plugin's first call", ...compare(first), budget: BUDGETS.first },
    { what: "its later calls", ...compare(later), budget: BUDGETS.later },
    {
      what: "a bare client, which parses the answers and throws them away",
      measured: formatTime(bareMs),
      reference: `⌈${PAGES} pages / ${CONCURRENCY}⌉ × ${LATENCY_MS} ms: ${formatTime(boundMs)}`,
      result: bareMs / boundMs,
    },
  ];
  const what = `${ROWS.toLocaleString("en")} backups, ${LATENCY_MS} ms a request`;
  return figures.map((figure) => ({ ...figure, what: `${what}: ${figure.what}` }));
}
