import assert from "node:assert/strict";
import path from "node:path";
import { demo } from "../simulator";
import { preparePython, runScript } from "../tests/contract/pythonEnvironment";
import { timeBareRequests } from "./bareClient";
import { type Benchmark, type Figure, formatTime, median } from "./figures";
import type { SimulatorProcess } from "./simulatorProcess";
import { CONCURRENCY, countText, timeCalls, withPlugin, withSimulator } from "./timedPlugin";

const ROWS = 10_000;
const PAGE_SIZE = 100;
const PAGES = ROWS / PAGE_SIZE;
const LATENCY_MS = 20;
const FLEET = { uredis: { backupsPerGroup: ROWS } } as const;
const BUDGET = { atMost: 1.5 } as const;

/** How long it takes to read a long list, beside what the requests alone need and the official Python client. */
export const listing: Benchmark = {
  name: "listing",
  run: ({ isShort, report }) =>
    withSimulator({ fleet: FLEET, latencyMs: LATENCY_MS }, async (simulator) => {
      const groupId = simulator.sources[0]?.id ?? "";
      const { firstMs, laterMs } = await timePlugins(simulator, groupId, isShort ? 1 : 5);
      const figures: Figure[] = [
        { what: "the plugin, later calls", ...compare(laterMs), budget: BUDGET },
        { what: "the plugin, its first call", ...compare(firstMs), budget: BUDGET },
      ];
      if (!isShort) {
        const bareMs = await timeBareClient(simulator, groupId);
        figures.push({ what: "bare requests, answers thrown away", ...compare(bareMs) });
        const pythonMs = await timePython(simulator, groupId, report);
        if (pythonMs !== undefined) figures.push(describePython(pythonMs, median(firstMs)));
      }
      const what = `${ROWS.toLocaleString("en")} backups, ${LATENCY_MS} ms a request`;
      return figures.map((figure) => ({ ...figure, what: `${what}: ${figure.what}` }));
    }),
};

/** Beside the bound: as if all pages could be asked for at once, in full rounds. */
function compare(times: readonly number[]): Pick<Figure, "measured" | "reference" | "result"> {
  const boundMs = Math.ceil(PAGES / CONCURRENCY) * LATENCY_MS;
  return {
    measured: formatTime(median(times)),
    reference: `⌈${PAGES} pages / ${CONCURRENCY}⌉ × ${LATENCY_MS} ms: ${formatTime(boundMs)}`,
    result: median(times) / boundMs,
  };
}

/** Times the first call of each plugin, and four more: those find connections open and code compiled. */
async function timePlugins(
  simulator: SimulatorProcess,
  groupId: string,
  plugins: number,
): Promise<{ firstMs: number[]; laterMs: number[] }> {
  const firstMs: number[] = [];
  const laterMs: number[] = [];
  for (let count = 0; count < plugins; count++) {
    await withPlugin(simulator, async (plugin) => {
      for (let call = 0; call < 5; call++) {
        const { elapsedMs, answers } = await timeCalls(plugin, [["getURedisBackups", { groupId }]]);
        (call === 0 ? firstMs : laterMs).push(elapsedMs);
        // The newest usable one is there twice, in the list and as `latest`.
        assert.equal(countText(answers[0], "redisVersion"), ROWS + 1);
      }
    });
  }
  return { firstMs, laterMs };
}

function describeQuery(groupId: string): Record<string, string> {
  return {
    Action: "DescribeURedisBackup",
    Region: demo.region,
    ProjectId: demo.projectId,
    GroupId: groupId,
  };
}

async function timeBareClient(simulator: SimulatorProcess, groupId: string): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < 5; count++) {
    await simulator.countTraffic();
    times.push(
      await timeBareRequests(simulator, {
        parameters: describeQuery(groupId),
        pageSize: PAGE_SIZE,
        // The last one is empty: a full page is never known to be the last.
        pages: PAGES + 1,
        concurrency: CONCURRENCY,
      }),
    );
    // Those that open the connections are among them.
    assert.equal((await simulator.countTraffic()).accepted, PAGES + 1 + CONCURRENCY);
  }
  return times;
}

/** Beside a plugin's first call, although the Python client has its connection open and its code loaded. */
function describePython(pythonMs: number, pluginMs: number): Figure {
  return {
    what: "the official Python client, one request at a time",
    measured: formatTime(pythonMs),
    reference: `the plugin's first call, ${CONCURRENCY} at a time: ${formatTime(pluginMs)}`,
    result: pythonMs / pluginMs,
    budget: { atLeast: 4 },
  };
}

async function timePython(
  simulator: SimulatorProcess,
  groupId: string,
  report: (text: string) => void,
): Promise<number | undefined> {
  const environment = await preparePython();
  if ("missing" in environment) {
    report(`the official Python client: ${environment.missing}`);
    return undefined;
  }
  const { publicKey, privateKey, baseUrl } = simulator.settings;
  const order = {
    config: { base_url: baseUrl, public_key: publicKey, private_key: privateKey, max_retries: 0 },
    arguments: describeQuery(groupId),
    pageSize: PAGE_SIZE,
    times: 3,
  };
  const script = path.join(__dirname, "pageOneByOne.py");
  const { seconds, rows } = (await runScript(environment.python, script, order)) as {
    seconds: number[];
    rows: number;
  };
  assert.equal(rows, ROWS);
  return median(seconds) * 1000;
}
