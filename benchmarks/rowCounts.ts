import assert from "node:assert/strict";
import type { FleetPlan } from "../simulator";
import { readPeakMemory } from "../tests/support/peakMemory";
import {
  type Benchmark,
  describeMemory,
  type Figure,
  findSteepestStep,
  formatMemory,
  formatTime,
} from "./figures";
import { type Call, countText, timeCalls, withBoth } from "./timedPlugin";

const SHARDS = 4;
const MOST_ROWS = 100_000;

/** A list of any number of rows, and the call that reads it. */
interface LongList {
  readonly service: "URedis" | "UMem";
  readonly plan: (rows: number) => FleetPlan;
  readonly call: (database: { readonly id: string; readonly zone: string }) => Call;
  /** A field that each row has. */
  readonly field: string;
  /** How often the field occurs in an answer of so many rows. */
  readonly countField: (rows: number) => number;
}

const LONG_LISTS: readonly LongList[] = [
  {
    service: "URedis",
    plan: (rows) => ({ uredis: { backupsPerGroup: rows } }),
    call: ({ id }) => ["getURedisBackups", { groupId: id }],
    field: "redisVersion",
    // The newest usable backup occurs twice: in the list and as `latest`.
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

/** What it took to read a list. */
interface Reading {
  readonly rows: number;
  readonly elapsedMs: number;
  /** The plugin's memory in bytes before the call and at its peak; undefined where it cannot be read. */
  readonly memory: { readonly before: number; readonly peak: number } | undefined;
}

/**
 * Time and memory by the length of a list, up to the longest that can be read, from an API without latency.
 */
export const rowCounts: Benchmark = {
  name: "row-counts",
  async run({ isShort, report }) {
    const counts = isShort ? [1_000, 10_000] : [1_000, 10_000, MOST_ROWS];
    const figures: Figure[] = [];
    for (const list of LONG_LISTS) {
      const readings: Reading[] = [];
      for (const rows of counts) readings.push(await readList(list, rows));
      if (readings.some(({ memory }) => memory === undefined)) {
        report(`memory by ${list.service} rows: it can be read on Linux only`);
      }
      figures.push(...describeMemoryByRows(list.service, readings), describeTime(list.service, readings));
    }
    return figures;
  },
};

/** Reads the list with a fresh plugin, since the peak of its memory covers its whole life. */
function readList(list: LongList, rows: number): Promise<Reading> {
  return withBoth({ fleet: list.plan(rows) }, async ({ simulator, plugin }) => {
    const [source] = simulator.sources;
    assert.ok(source?.rows === rows);
    const before = readPeakMemory(plugin.pid);
    const { elapsedMs, answers } = await timeCalls(plugin, [list.call(source)]);
    const peak = readPeakMemory(plugin.pid);
    assert.equal(countText(answers[0], list.field), list.countField(rows));
    const memory = before === undefined || peak === undefined ? undefined : { before, peak };
    return { rows, elapsedMs, memory };
  });
}

function describeMemoryByRows(service: string, readings: readonly Reading[]): Figure[] {
  const growth = readings.flatMap(({ rows, memory }) =>
    memory === undefined ? [] : [[rows, memory.peak - memory.before] as const],
  );
  const largest = readings.at(-1);
  if (largest?.memory === undefined) return [];
  const byRows = describeGrowth(growth, {
    what: `${service}: memory on top of an idle plugin's`,
    format: formatMemory,
  });
  // The budget is for the longest list; a shorter one would always keep it.
  if (largest.rows < MOST_ROWS) return [byRows];
  const { before, peak } = largest.memory;
  const what = `${service}: memory for ${MOST_ROWS.toLocaleString("en")} rows`;
  return [describeMemory(peak, { what, reference: `idle: ${formatMemory(before)}`, budget: 200 }), byRows];
}

function describeTime(service: string, readings: readonly Reading[]): Figure {
  const points = readings.map(({ rows, elapsedMs }) => [rows, elapsedMs] as const);
  return describeGrowth(points, { what: `${service}: time`, format: formatTime });
}

/** Compares the steepest step with linear growth. Quadratic growth would give 10 times the linear one. */
function describeGrowth(
  points: readonly (readonly [rows: number, value: number])[],
  { what, format }: { readonly what: string; readonly format: (value: number) => string },
): Figure {
  const { exponent, ratio } = findSteepestStep(points);
  const counts = points.map(([rows]) => `${rows / 1000}k`).join(", ");
  const values = points.map(([, value]) => format(value)).join(", ");
  return {
    what: `${what}, by rows (${counts})`,
    measured: `${values}: exponent ${exponent.toFixed(2)}`,
    reference: "linear: exponent 1",
    result: ratio,
    budget: 1.25,
  };
}
