/** Listings that change, miscount, repeat themselves or lack fields, and are read completely all the same. */
import assert from "node:assert/strict";
import {
  addBackups,
  type Fleet,
  removeBackup,
  type SimulatorOptions,
  type TotalCountMode,
} from "../../simulator";
import type { KnownFleet } from "../support/knownFleet";
import type { Properties } from "../support/pluginClient";
import {
  type Answered,
  countRequests,
  type FaultCase,
  type Service,
  simulate,
  type Simulation,
} from "./faultCase";

const NEWER_ID = "00000000-0000-4000-8000-00000000beef";
/** Where a listing is read, it has this many rows, on three pages. */
const ROWS = 250;

const REPEATS =
  "The API sent the same page twice and nothing after it. Backups may be missing from the list.";

export const listings: readonly FaultCase[] = [
  changing(
    "row appears between two pages",
    addNewest,
    (known) => ({
      ...known,
      backupIds: [NEWER_ID, ...known.backupIds],
      usableIds: [NEWER_ID, ...known.usableIds],
      newerIds: [],
    }),
    [7, 8],
  ),
  changing(
    "row expires between two pages",
    (fleet, known) => removeBackup(fleet, known.backupIds.at(-1) ?? ""),
    (known) => ({ ...known, backupIds: known.backupIds.slice(0, -1) }),
    [6, 8],
  ),
  read(
    "page cap below the asked limit",
    { options: { pageCap: 25, rowOrder: "newestFirst" }, rows: 90 },
    [4, 6],
  ),
  read("the same page for ever, which is all there is", repeating({ totalCount: "absent" }), [4, 4], {
    warning: REPEATS,
  }),
  {
    ...read(
      "the same page for ever, of a longer list (what came is shown)",
      {
        ...repeating({ rowOrder: "newestFirst" }),
        rows: ROWS,
        know: (known) => ({ ...known, backupIds: known.backupIds.slice(0, 100) }),
      },
      undefined,
      { warning: REPEATS },
    ),
    only: "uredis",
  },
  ...(["absent", "zero", "tooBig", "string"] as const).map((totalCount: TotalCountMode) =>
    read(
      `TotalCount ${totalCount === "tooBig" ? "too big" : totalCount === "string" ? "a string" : String(totalCount)}`,
      {
        options: { totalCount },
      },
      totalCount === "string" ? 1 : [2, 2],
    ),
  ),
  read("numbers as strings", { options: { numbersAsStrings: true } }, 1),
  read("null and missing fields", { options: { onAnswer: blankFields } }, 1, { check: checkBlankFields }),
  ...[null, undefined].map((dataSet) =>
    read(
      `DataSet ${dataSet === null ? "null" : "absent"}`,
      {
        options: { onAnswer: (answer) => ({ ...answer, DataSet: dataSet, TotalCount: 0 }) },
        know: (known) => ({ source: known.source, backupIds: [], usableIds: [], newerIds: [] }),
      },
      [1, 1],
    ),
  ),
  {
    ...read("UMem rows one per shard", { rows: ROWS, options: { rowOrder: "newestFirst" } }, 3),
    only: "umem",
  },
  { ...read("UMem rows one per backup", { options: { umemRows: "perBackup" } }, 1), only: "umem" },
];

function read(
  name: string,
  simulation: Simulation,
  requests: number | readonly [uredis: number, umem: number] | undefined,
  more: Answered = {},
): FaultCase {
  return {
    name,
    arrange: simulate(simulation),
    expected: { ...(requests === undefined ? {} : { requests: countEach(requests) }), ...more },
  };
}

function countEach(
  requests: number | readonly [uredis: number, umem: number],
): Answered["requests"] & object {
  return typeof requests === "number" ? countRequests(requests) : countRequests(...requests);
}

function repeating(options: SimulatorOptions): Simulation {
  return { options, faults: [{ kind: "page", offset: 0, times: Infinity }] };
}

/** A fleet that changes when the second page is asked for, so that it is read again from the start. */
function changing(
  name: string,
  change: (fleet: Fleet, known: KnownFleet) => Fleet,
  know: NonNullable<Simulation["know"]>,
  requests: readonly [uredis: number, umem: number],
): FaultCase {
  const arrange = (service: Service): ReturnType<FaultCase["arrange"]> => {
    let isChanged = false;
    const options = (known: KnownFleet): SimulatorOptions => ({
      rowOrder: "newestFirst",
      onRequest: ({ parameters }, simulator) => {
        if (isChanged || parameters["Offset"] === "0") return;
        isChanged = true;
        simulator.fleet = change(simulator.fleet, known);
      },
    });
    return simulate({ options, know, rows: ROWS })(service);
  };
  return { name, arrange, expected: { requests: countEach(requests) } };
}

function addNewest(fleet: Fleet, known: KnownFleet): Fleet {
  const uredis = fleet.uredis.find(({ row }) => row.BackupId === known.usableIds[0]);
  const umem = fleet.umem.find(({ row }) => row.BackupId === known.usableIds[0]);
  // A minute before the fleet's own present, where no other backup is.
  const time = Date.parse("2026-01-01T00:00:00Z") / 1000 - 60;
  return addBackups(fleet, {
    uredis:
      uredis === undefined
        ? []
        : [{ ...uredis, row: { ...uredis.row, BackupId: NEWER_ID, BackupTime: time } }],
    umem:
      umem === undefined
        ? []
        : [{ ...umem, row: { ...umem.row, BackupId: NEWER_ID, CreateTime: time, BlockCount: 1 } }],
  });
}

function blankFields(answer: Record<string, unknown>): unknown {
  const rows = (answer["DataSet"] ?? []) as Record<string, unknown>[];
  const left = rows.map((row) => ({
    ...row,
    // JSON leaves these out.
    BackupName: undefined,
    GroupName: undefined,
    BackupType: null,
    BackupSize: null,
    BlockSize: null,
  }));
  return { ...answer, DataSet: left };
}

function checkBlankFields({ backups }: Properties): void {
  for (const backup of backups as Properties[]) {
    for (const name of ["backupName", "groupName", "backupType", "backupSize", "blockSize"]) {
      assert.ok(backup[name] === undefined || backup[name] === null, `${name} was made up`);
    }
  }
}
