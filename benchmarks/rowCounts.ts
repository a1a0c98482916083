import assert from "node:assert/strict";
import type { FleetPlan } from "../simulator";
import {
  type Benchmark,
  describeMemory,
  type Figure,
  findSteepestStep,
  formatMemory,
  formatTime,
} from "./figures";
import { type Call, countText, readPeakMemory, type Running, timeCalls, withBoth } from "./timedPlugin";

const SHARDS = 4;
const MOST_ROWS = 100_000;

/** A list of so many rows, and how it is asked for. */
export interface LongList {
  readonly service: "URedis" | "UMem";
  readonly plan: (rows: number) => FleetPlan;
  readonly call: (source: { readonly id: string; readonly zone: string }) => Call;
  /** A field that each row has. */
  readonly field: string;
  /** How often an answer of so many rows has it. */
  readonly countField: (rows: number) => number;
}

/** One list of each service. */
export const LONG_LISTS: readonly LongList[] = [
  {
    service: "URedis",
    plan: (rows) => ({ uredis: { backupsPerGroup: rows } }),
    call: ({ id }) => ["getURedisBackups", { groupId: id }],
    field: "redisVersion",
    // The newest usable backup is there twice, in the list and as `latest`.
    countField: (rows) => rows + 1,
  },
  {
    service: "UMem",
    plan: (rows) => ({ umem: { backupsPerSpace: rows / SHARDS, shards: SHARDS } }),
    call: ({ id, zone }) => ["getUMemBackups", { spaceId: id, zone }],
    field: "protocol",
    // Both the backups and their shards have it.
    countField: (rows) => rows + rows / SHARDS + 1 + SHARDS,
  },
];

/** A list as it was read. */
interface Reading {
  readonly rows: number;
  readonly elapsedMs: number;
  /** The plugin's memory before and at most, in bytes, where that can be told. */
  readonly memory: { readonly before: number; readonly peak: number } | undefined;
}

/** What lists of growing length take, up to the longest that is read, from an API that answers at once. */
export const rowCounts: Benchmark = {
  name: "row-counts",
  async run({ isShort, report }) {
    const counts = isShort ? [1_000, 10_000] : [1_000, 10_000, MOST_ROWS];
    const figures: Figure[] = [];
    for (const list of LONG_LISTS) {
      const readings: Reading[] = [];
      for (const rows of counts) readings.push(await readList(list, rows));
      if (readings.some(({ memory }) => memory === undefined)) {
        report(`memory by ${list.service} rows: only Linux tells`);
      }
      figures.push(...describeMemoryByRows(list.service, readings), describeTime(list.service, readings));
    }
    return figures;
  },
};

/** Reads the list with a fresh plugin, as its peak counts everything before. */
function readList(list: LongList, rows: number): Promise<Reading> {
  return withBoth({ fleet: list.plan(rows) }, async (running) => {
    const { pid } = running.plugin;
    const before = readPeakMemory(pid);
    const { elapsedMs, check } = await timeList(list, rows, running);
    const peak = readPeakMemory(pid);
    check();
    const memory = before === undefined || peak === undefined ? undefined : { before, peak };
    return { rows, elapsedMs, memory };
  });
}

/** Asks for a list; `check` makes sure that all of it came. */
export async function timeList(
  list: LongList,
  rows: number,
  { simulator, plugin }: Running,
): Promise<{ elapsedMs: number; check: () => void }> {
  const [source] = simulator.sources;
  assert.ok(source?.rows === rows);
  const { elapsedMs, answers } = await timeCalls(plugin, [list.call(source)]);
  return {
    elapsedMs,
    check: () => assert.equal(countText(answers[0], list.field), list.countField(rows)),
  };
}

function describeMemoryByRows(service: string, readings: readonly Reading[]): Figure[] {
  const grown = readings.flatMap(({ rows, memory }) =>
    memory === undefined ? [] : [[rows, memory.peak - memory.before] as const],
  );
  const largest = readings.at(-1);
  if (largest?.memory === undefined) return [];
  const growth = describeGrowth(
    `${service}: memory on top of what an idle plugin takes`,
    grown,
    grown.map(([, bytes]) => formatMemory(bytes)),
  );
  // The budget is for the longest list; a shorter one would keep it whatever happens.
  if (largest.rows < MOST_ROWS) return [growth];
  const { before, peak } = largest.memory;
  const what = `${service}: memory for ${MOST_ROWS.toLocaleString("en")} rows`;
  const total = describeMemory(what, peak, { reference: `idle: ${formatMemory(before)}`, atMost: 250 });
  return [total, growth];
}

function describeTime(service: string, readings: readonly Reading[]): Figure {
  return describeGrowth(
    `${service}: time`,
    readings.map(({ rows, elapsedMs }) => [rows, elapsedMs]),
    readings.map(({ elapsedMs }) => formatTime(elapsedMs)),
  );
}

/** Beside what a linear growth would come to in the steepest step; a square one would come to 10 times that. */
function describeGrowth(
  what: string,
  points: readonly (readonly [rows: number, value: number])[],
  values: readonly string[],
): Figure {
  const { exponent, ratio } = findSteepestStep(points);
  const counts = points.map(([rows]) => `${rows / 1000}k`).join(", ");
  return {
    what: `${what}, by rows (${counts})`,
    measured: `${values.join(", ")}: exponent ${exponent.toFixed(2)}`,
    reference: "linear: exponent 1",
    result: ratio,
    budget: { atMost: 1.25 },
  };
}
