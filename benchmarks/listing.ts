import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { createFleet, demo, listSources } from "../simulator";
import { preparePython } from "../tests/contract/pythonEnvironment";
import { timeBareRequests } from "./bareClient";
import { type Benchmark, type Figure, formatTime, median } from "./figures";
import { type SimulatorProcess, startSimulatorProcess } from "./simulatorProcess";
import { startTimedPlugin, timeCalls } from "./timedPlugin";

const ROWS = 10_000;
const PAGE_SIZE = 100;
const LATENCY_MS = 20;
const CONCURRENCY = 8;

/** How long it takes to read a long list, beside what the requests alone need and the official Python client. */
export const listing: Benchmark = {
  name: "listing",
  async run({ isShort, report }) {
    const fleet = { uredis: { backupsPerGroup: ROWS } } as const;
    const [source] = listSources(createFleet(fleet));
    assert.ok(source);
    const simulator = await startSimulatorProcess({ fleet, latencyMs: LATENCY_MS });
    try {
      const { firstMs, laterMs } = await timePlugins(simulator, source.id, isShort ? 1 : 3);
      const boundMs = Math.ceil(ROWS / PAGE_SIZE / CONCURRENCY) * LATENCY_MS;
      const reference = `⌈100 pages / 8⌉ × ${LATENCY_MS} ms: ${formatTime(boundMs)}`;
      const what = `List ${ROWS.toLocaleString("en")} backups, ${LATENCY_MS} ms a request`;
      const figures: Figure[] = [
        {
          what,
          measured: formatTime(median(laterMs)),
          reference,
          result: median(laterMs) / boundMs,
          budget: { atMost: 1.5 },
        },
        {
          what: "The same, as the first call of a fresh plugin",
          measured: formatTime(median(firstMs)),
          reference,
          result: median(firstMs) / boundMs,
        },
      ];
      if (isShort) return figures;
      const bareMs: number[] = [];
      for (let count = 0; count < 5; count++) {
        bareMs.push(
          await timeBareRequests(simulator, {
            parameters: describeQuery(source.id),
            pageSize: PAGE_SIZE,
            // The last one is empty: a full page is never known to be the last.
            pages: ROWS / PAGE_SIZE + 1,
            concurrency: CONCURRENCY,
          }),
        );
      }
      figures.push({
        what: "The same requests alone, by a bare HTTP client",
        measured: formatTime(median(bareMs)),
        reference,
        result: median(bareMs) / boundMs,
      });
      const pythonMs = await timePython(simulator, source.id, report);
      if (pythonMs === undefined) return figures;
      return [
        ...figures,
        {
          what: "The same, by the official Python client, page after page",
          measured: formatTime(pythonMs),
          reference: `the plugin: ${formatTime(median(laterMs))}`,
          result: pythonMs / median(laterMs),
          budget: { atLeast: 4 },
        },
      ];
    } finally {
      await simulator.stop();
    }
  },
};

/** Times the first call of each plugin, and four more: later ones find connections open and code compiled. */
async function timePlugins(
  simulator: SimulatorProcess,
  groupId: string,
  plugins: number,
): Promise<{ firstMs: number[]; laterMs: number[] }> {
  const firstMs: number[] = [];
  const laterMs: number[] = [];
  for (let count = 0; count < plugins; count++) {
    const plugin = await startTimedPlugin(simulator);
    try {
      for (let call = 0; call < 5; call++) {
        const { elapsedMs, results } = await timeCalls(plugin, [["getURedisBackups", { groupId }]]);
        (call === 0 ? firstMs : laterMs).push(elapsedMs);
        if (call === 0) checkResult(results()[0]);
      }
    } finally {
      await plugin.stop();
    }
  }
  return { firstMs, laterMs };
}

function checkResult(result: Record<string, unknown> | undefined): void {
  const backups = result?.["backups"] as { backupId: string }[];
  assert.equal(new Set(backups.map(({ backupId }) => backupId)).size, ROWS);
}

function describeQuery(groupId: string): Record<string, string> {
  return {
    Action: "DescribeURedisBackup",
    Region: demo.region,
    ProjectId: demo.projectId,
    GroupId: groupId,
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
  const child = spawn(environment.python, ["-I", path.join(__dirname, "pageOneByOne.py")], {
    stdio: ["pipe", "pipe", "inherit"],
    // Whatever proxy the machine has, these requests stay on it.
    env: { ...process.env, NO_PROXY: "*", no_proxy: "*" },
  });
  child.stdin.end(JSON.stringify(order));
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  const { seconds, rows } = JSON.parse(output) as { seconds: number[]; rows: number };
  assert.equal(rows, ROWS);
  return median(seconds) * 1000;
}
