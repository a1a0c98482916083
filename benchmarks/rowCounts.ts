import assert from "node:assert/strict";
import { createFleet, type FleetPlan, listSources } from "../simulator";
import { type Benchmark, type Figure, findExponent, formatTime } from "./figures";
import { startSimulatorProcess } from "./simulatorProcess";
import { type Call, formatMemory, readPeakMemory, startTimedPlugin, timeCalls } from "./timedPlugin";

const SHARDS = 4;

/** A list of so many rows. */
interface List {
  readonly service: "URedis" | "UMem";
  readonly plan: (rows: number) => FleetPlan;
  readonly call: (source: { readonly id: string; readonly zone: string }) => Call;
}

const LISTS: readonly List[] = [
  {
    service: "URedis",
    plan: (rows) => ({ uredis: { backupsPerGroup: rows } }),
    call: ({ id }) => ["getURedisBackups", { groupId: id }],
  },
  {
    service: "UMem",
    plan: (rows) => ({ umem: { backupsPerSpace: rows / SHARDS, shards: SHARDS } }),
    call: ({ id, zone }) => ["getUMemBackups", { spaceId: id, zone }],
  },
];

/** What lists of growing length take, up to the longest that is read, from an API that answers at once. */
export const rowCounts: Benchmark = {
  name: "row counts",
  async run({ isShort, report }) {
    const counts = isShort ? [1_000, 10_000] : [1_000, 10_000, 100_000];
    const figures: Figure[] = [];
    for (const list of LISTS) {
      const readings: Reading[] = [];
      for (const rows of counts) readings.push(await readList(list, rows));
      figures.push(...describeGrowth(list.service, readings));
    }
    if (figures.every(({ unit }) => unit !== "MB")) report("memory by rows: only Linux tells");
    return figures;
  },
};

/** A list as it was read. */
interface Reading {
  readonly rows: number;
  readonly elapsedMs: number;
  /** The plugin's memory before and at most, in bytes, where that can be told. */
  readonly memory: { readonly before: number; readonly peak: number } | undefined;
}

/** Reads the list with a fresh plugin, as its peak counts everything before. */
async function readList(list: List, rows: number): Promise<Reading> {
  const fleet = list.plan(rows);
  const [source] = listSources(createFleet(fleet));
  assert.equal(source?.rows, rows);
  const simulator = await startSimulatorProcess({ fleet });
  try {
    const plugin = await startTimedPlugin(simulator);
    try {
      const before = readPeakMemory(plugin.pid);
      const { elapsedMs, results } = await timeCalls(plugin, [list.call(source)]);
      const peak = readPeakMemory(plugin.pid);
      // Reading 100,000 rows with Google's own code takes this process a gigabyte.
      if (rows <= 10_000) assert.equal(countRows(results()[0]), rows);
      const memory = before === undefined || peak === undefined ? undefined : { before, peak };
      return { rows, elapsedMs, memory };
    } finally {
      await plugin.stop();
    }
  } finally {
    await simulator.stop();
  }
}

function countRows(result: Record<string, unknown> | undefined): number {
  const backups = result?.["backups"] as { blocks?: unknown[] }[];
  return backups.reduce((sum, { blocks }) => sum + (blocks?.length ?? 1), 0);
}

function describeGrowth(service: string, readings: readonly Reading[]): Figure[] {
  const counts = readings.map(({ rows }) => rows.toLocaleString("en"));
  const label = `${service}, ${counts.join(", ")} rows`;
  const linear = { reference: "linear: 1", unit: "", budget: { atMost: 1.1 } } as const;
  const times: Figure = {
    what: `${label}: exponent of the time`,
    measured: readings.map(({ elapsedMs }) => formatTime(elapsedMs)).join(", "),
    result: findExponent(readings.map(({ rows, elapsedMs }) => [rows, elapsedMs])),
    ...linear,
  };
  const grown = readings.flatMap(({ rows, memory }) =>
    memory === undefined ? [] : [[rows, memory.peak - memory.before] as const],
  );
  const largest = readings.at(-1)?.memory;
  if (largest === undefined) return [times];
  return [
    {
      what: `${service}, memory for ${counts.at(-1)} rows`,
      measured: formatMemory(largest.peak),
      reference: `before: ${formatMemory(largest.before)}`,
      result: largest.peak / 1e6,
      unit: "MB",
      budget: { atMost: 250 },
    },
    {
      what: `${label}: exponent of the memory that comes on top`,
      measured: grown.map(([, bytes]) => formatMemory(bytes)).join(", "),
      result: findExponent(grown),
      ...linear,
    },
    times,
  ];
}
