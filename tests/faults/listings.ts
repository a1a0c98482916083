/** Listings that change, miscount, repeat pages or lack fields, and are read completely nevertheless. */
import assert from "node:assert/strict";
import { addBackups, type Fleet, removeBackup, type SimulatorOptions } from "../../simulator";
import { NEWER_ID } from "../support/fleetChanges";
import { type KnownFleet, NOW } from "../support/knownFleet";
import type { Properties } from "../support/pluginClient";
import { type Answered, countRequests, type FaultCase, simulate, type Simulation } from "./faultCase";

/** The number of rows where a listing needs three pages. */
const ROWS = 250;

const REPEATS =
  "The API sent the same page twice and nothing after it. Backups may be missing from the list.";

const newestFirst: SimulatorOptions = { rowOrder: "newestFirst" };
const samePage: Simulation = { faults: [{ kind: "page", offset: 0, times: Infinity }] };

/** A row of the table: its name, what is simulated, and what the answer has besides the backups. */
interface ListingCase extends Simulation, Answered, Pick<FaultCase, "name" | "only"> {}

const cases: readonly ListingCase[] = [
  {
    name: "row appears between two pages",
    ...changing(addNewest),
    know: (known) => ({
      ...known,
      backupIds: [NEWER_ID, ...known.backupIds],
      usableIds: [NEWER_ID, ...known.usableIds],
      newerIds: [],
    }),
    requests: countRequests(7),
  },
  {
    name: "row expires between two pages",
    ...changing((fleet, known) => removeBackup(fleet, known.backupIds.at(-1) ?? "")),
    know: (known) => ({ ...known, backupIds: known.backupIds.slice(0, -1) }),
    requests: countRequests(6, 8),
  },
  {
    name: "page cap below the requested limit",
    options: { pageCap: 25, ...newestFirst },
    rows: 90,
    requests: countRequests(4, 6),
  },
  {
    name: "the same page for every offset, which is all there is",
    ...samePage,
    options: { totalCount: "absent" },
    warning: REPEATS,
    requests: countRequests(4, 4),
  },
  {
    name: "the same page for every offset, of a longer list (that page is shown)",
    only: "uredis",
    ...samePage,
    options: newestFirst,
    rows: ROWS,
    know: (known) => ({ ...known, backupIds: known.backupIds.slice(0, 100) }),
    warning: REPEATS,
  },
  ...(
    [
      ["TotalCount absent", "absent", countRequests(2, 2)],
      ["TotalCount zero", "zero", countRequests(2, 2)],
      ["TotalCount too big", "tooBig", countRequests(2, 2)],
      ["TotalCount a string", "string", countRequests(1)],
    ] as const
  ).map(([name, totalCount, requests]) => ({ name, options: { totalCount }, requests })),
  { name: "numbers as strings", options: { numbersAsStrings: true }, requests: countRequests(1) },
  {
    name: "null and missing fields",
    options: { onAnswer: blankFields },
    check: checkBlankFields,
    requests: countRequests(1),
  },
  ...[null, undefined].map((DataSet): ListingCase => ({
    name: `DataSet ${DataSet === null ? "null" : "absent"}`,
    options: { onAnswer: (answer) => ({ ...answer, DataSet, TotalCount: 0 }) },
    know: ({ source }) => ({ source, backupIds: [], usableIds: [], newerIds: [] }),
    requests: countRequests(1, 1),
  })),
  {
    name: "UMem rows one per shard",
    only: "umem",
    rows: ROWS,
    options: newestFirst,
    requests: countRequests(3),
  },
  {
    name: "UMem rows one per backup",
    only: "umem",
    options: { umemRows: "perBackup" },
    requests: countRequests(1),
  },
];

export const listings: readonly FaultCase[] = cases.map(
  ({ name, only, requests, warning, check, ...simulation }) => ({
    name,
    ...(only && { only }),
    arrange: simulate(simulation),
    expected: { ...(requests && { requests }), ...(warning && { warning }), ...(check && { check }) },
  }),
);

/** Simulates a fleet that changes when its second page is requested, so that it takes another pass. */
function changing(change: (fleet: Fleet, known: KnownFleet) => Fleet): Simulation {
  return {
    rows: ROWS,
    options: (known) => {
      let isChanged = false;
      return {
        ...newestFirst,
        onRequest: ({ parameters }, simulator) => {
          if (isChanged || parameters["Offset"] === "0") return;
          isChanged = true;
          simulator.fleet = change(simulator.fleet, known);
        },
      };
    },
  };
}

function addNewest(fleet: Fleet, known: KnownFleet): Fleet {
  const [id] = known.usableIds;
  // A minute before the present of the fleet, where it has no other backup.
  const time = NOW.getTime() / 1000 - 60;
  return addBackups(fleet, {
    uredis: fleet.uredis
      .filter(({ row }) => row.BackupId === id)
      .map((record) => ({ ...record, row: { ...record.row, BackupId: NEWER_ID, BackupTime: time } })),
    umem: fleet.umem
      .filter(({ row }) => row.BackupId === id)
      .slice(0, 1)
      .map((record) => ({
        ...record,
        row: { ...record.row, BackupId: NEWER_ID, CreateTime: time, BlockCount: 1 },
      })),
  });
}

function blankFields(answer: Record<string, unknown>): unknown {
  const rows = (answer["DataSet"] ?? []) as Record<string, unknown>[];
  // JSON leaves undefined fields out.
  const missing = { BackupName: undefined, GroupName: undefined };
  const nulls = { BackupType: null, BackupSize: null, BlockSize: null };
  return { ...answer, DataSet: rows.map((row) => ({ ...row, ...missing, ...nulls })) };
}

function checkBlankFields({ backups }: Properties): void {
  for (const backup of backups as Properties[]) {
    for (const name of ["backupName", "groupName", "backupType", "backupSize", "blockSize"]) {
      assert.ok(backup[name] === undefined || backup[name] === null, `${name} was made up`);
    }
  }
}
