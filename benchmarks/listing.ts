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
const BUDGET = 1.5;

/** The time to read a long list, compared with the lower bound of its requests. */
export const listing: Benchmark = {
  name: "listing",
  run: ({ isShort }) =>
    withSimulator({ fleet: FLEET, latencyMs: LATENCY_MS }, async (simulator) => {
      const { firstMs, laterMs } = await timePlugins(simulator, isShort ? 1 : 5);
      const figures: Figure[] = [
        { what: "the plugin, later calls", ...compare(laterMs), budget: BUDGET },
        { what: "the plugin, its first call", ...compare(firstMs), budget: BUDGET },
      ];
      if (!isShort) {
        const bareMs = await timeBareClient(simulator);
        figures.push({ what: "bare requests, answers thrown away", ...compare(bareMs) });
      }
      const what = `${ROWS.toLocaleString("en")} backups, ${LATENCY_MS} ms a request`;
      return figures.map((figure) => ({ ...figure, what: `${what}: ${figure.what}` }));
    }),
};

/** Compares times with the lower bound: all pages in full rounds of concurrent requests. */
function compare(times: readonly number[]): Pick<Figure, "measured" | "reference" | "result"> {
  const boundMs = Math.ceil(PAGES / CONCURRENCY) * LATENCY_MS;
  return {
    measured: formatTime(median(times)),
    reference: `⌈${PAGES} pages / ${CONCURRENCY}⌉ × ${LATENCY_MS} ms: ${formatTime(boundMs)}`,
    result: median(times) / boundMs,
  };
}

function getGroupId({ sources }: SimulatorProcess): string {
  return sources[0]?.id ?? "";
}

/** Times each plugin's first call and four later ones, which find open connections and compiled code. */
async function timePlugins(
  simulator: SimulatorProcess,
  plugins: number,
): Promise<{ firstMs: number[]; laterMs: number[] }> {
  const firstMs: number[] = [];
  const laterMs: number[] = [];
  const groupId = getGroupId(simulator);
  for (let count = 0; count < plugins; count++) {
    await withPlugin(simulator, async (plugin) => {
      for (let call = 0; call < 5; call++) {
        const { elapsedMs, answers } = await timeCalls(plugin, [["getURedisBackups", { groupId }]]);
        (call === 0 ? firstMs : laterMs).push(elapsedMs);
        // The newest usable backup occurs twice: in the list and as `latest`.
        assert.equal(countText(answers[0], "redisVersion"), ROWS + 1);
      }
    });
  }
  return { firstMs, laterMs };
}

async function timeBareClient(simulator: SimulatorProcess): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < 5; count++) {
    await simulator.countTraffic();
    const elapsedMs = await timeBareRequests(simulator, {
      parameters: {
        Action: "DescribeURedisBackup",
        Region: demo.region,
        ProjectId: demo.projectId,
        GroupId: getGroupId(simulator),
      },
      pageSize: PAGE_SIZE,
      // A full page may not be the last one, so an empty page has to follow.
      pages: PAGES + 1,
      concurrency: CONCURRENCY,
    });
    times.push(elapsedMs);
    // The requests that opened the connections are counted too.
    assert.equal((await simulator.countTraffic()).accepted, PAGES + 1 + CONCURRENCY);
  }
  return times;
}
