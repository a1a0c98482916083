import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  type BackupList,
  type Selectable,
  selectBackups,
  type Selection,
} from "../../provider/backups/selection";
import { explainURedis, mergeURedisBackups, readURedisBackup } from "../../provider/backups/uredis";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import type { URedisBackup } from "../../provider/schemaTypes";
import { shuffled, umemRow, uredisRow } from "./rows";
import { assembleList } from "./shards";

const T1 = "2026-01-01T00:00:00.000Z";
const T2 = "2026-01-02T00:00:00.000Z";
const T3 = "2026-01-03T00:00:00.000Z";

function make(
  backupId: string,
  createdAt: string | undefined,
  usable: boolean,
  backupName?: string,
): Selectable {
  return {
    backupId,
    usable,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(backupName === undefined ? {} : { backupName }),
  };
}

function select(backups: readonly Selectable[]): Selection<Selectable> {
  return selectBackups({ backups, explain: ({ backupId }) => `${backupId} is bad` }, () => true);
}

function listIds(backups: readonly { backupId: string }[]): string {
  return backups.map(({ backupId }) => backupId).join(" ");
}

describe("selectBackups", () => {
  const tables: readonly (readonly [
    title: string,
    backups: Selectable[],
    expected: { order: string; latest: string | undefined; skipped: string },
  ])[] = [
    ["finds nothing in nothing", [], { order: "", latest: undefined, skipped: "" }],
    [
      "lists the newest first and chooses it",
      [make("a", T1, true), make("c", T3, true), make("b", T2, true)],
      { order: "c b a", latest: "c", skipped: "" },
    ],
    [
      "passes over newer unusable ones, and names no older one",
      [make("a", T1, false), make("b", T2, true), make("c", T3, false), make("d", T3, false)],
      { order: "c d b a", latest: "b", skipped: "c d" },
    ],
    [
      "settles ties by id, by code unit and not by locale",
      [
        make("b", T1, true),
        make("a", T1, true),
        make("B", T1, true),
        make("ä", T1, true),
        make("10", T1, true),
      ],
      { order: "10 B a b ä", latest: "10", skipped: "" },
    ],
    [
      "does not call an unusable one of the same moment newer",
      [make("a", T2, false), make("b", T2, true), make("c", T3, false)],
      { order: "c a b", latest: "b", skipped: "c" },
    ],
    [
      "takes undated ones for the oldest",
      [make("u", undefined, false), make("a", T1, true), make("v", undefined, true)],
      { order: "a u v", latest: "a", skipped: "" },
    ],
    [
      "chooses an undated one when no dated one is usable",
      [make("u", undefined, false), make("v", undefined, true), make("a", T1, false)],
      { order: "a u v", latest: "v", skipped: "a" },
    ],
    [
      "names none where several usable ones are undated, and no dated one is usable",
      [make("u", undefined, true), make("v", undefined, true), make("a", T1, false)],
      { order: "a u v", latest: undefined, skipped: "a u v" },
    ],
    [
      "chooses the newest dated one, however many undated ones there are",
      [make("u", undefined, true), make("v", undefined, true), make("a", T1, true), make("b", T2, true)],
      { order: "b a u v", latest: "b", skipped: "" },
    ],
    [
      "names all of them when none is usable",
      [make("u", undefined, false), make("a", T1, false), make("b", T2, false)],
      { order: "b a u", latest: undefined, skipped: "b a u" },
    ],
  ];
  for (const [title, backups, expected] of tables) {
    for (const [how, given] of [
      ["", backups],
      [" (given in reverse)", [...backups].reverse()],
    ] as const) {
      it(`${title}${how}`, () => {
        const { backups: listed, latest, skipped } = select(given);
        const found = { order: listIds(listed), latest: latest?.backupId, skipped: listIds(skipped) };
        assert.deepEqual(found, expected);
      });
    }
  }

  it("has no key for a latest that is not there", () => {
    assert.deepEqual(select([]), { backups: [], skipped: [] });
  });

  it("says of what it skipped what the API said, and why", () => {
    const backups = [
      { ...make("a", T2, false), state: "Error", backupName: "n" },
      make("b", undefined, false),
    ];
    assert.deepEqual(select(backups).skipped, [
      { backupId: "a", state: "Error", createdAt: T2, reason: "a is bad" },
      { backupId: "b", reason: "b is bad" },
    ]);
  });

  it("says of usable ones that it passed over that their time is not known, and of others why", () => {
    const backups = [
      make("u", undefined, true),
      make("v", undefined, true),
      make("w", undefined, false),
      make("a", T1, false),
    ];
    assert.deepEqual(select(backups).skipped, [
      { backupId: "a", createdAt: T1, reason: "a is bad" },
      { backupId: "u", reason: "its time is not known" },
      { backupId: "v", reason: "its time is not known" },
      { backupId: "w", reason: "w is bad" },
    ]);
  });

  it("chooses the one undated backup that the filters leave of several", () => {
    const backups = [make("u", undefined, true), make("v", undefined, true)];
    const { latest } = selectBackups({ backups, explain: () => "bad" }, ({ backupId }) => backupId === "v");
    assert.equal(latest?.backupId, "v");
  });

  it("neither lists, chooses nor skips what the filters drop", () => {
    const backups = [make("a", T1, true), make("b", T2, true), make("c", T3, false)];
    const {
      backups: listed,
      latest,
      skipped,
    } = selectBackups({ backups, explain: () => "bad" }, ({ backupId }) => backupId === "a");
    assert.deepEqual([listIds(listed), latest?.backupId, skipped], ["a", "a", []]);
  });

  it("asks for no reason of what is usable, and sorts a copy", () => {
    const backups = Object.freeze([make("a", T1, true), make("b", T2, false), make("c", T3, true)]);
    const { backups: listed } = selectBackups(
      { backups, explain: () => assert.fail("asked for a reason") },
      () => true,
    );
    assert.equal(listIds(listed), "c b a");
    assert.equal(listIds(backups), "a b c");
  });

  it("gives back the very backups, fields unknown to it included", () => {
    const backup = { ...make("a", T1, true), extra: 1 };
    const { latest } = selectBackups({ backups: [backup], explain: () => "" }, () => true);
    assert.equal(latest, backup);
  });

  it("orders backups of one moment without an id by what else they hold", () => {
    const backups = [make("", T1, false, "y"), make("", T1, false, "x"), make("", T1, false)];
    assert.deepEqual(select(backups).backups, select([...backups].reverse()).backups);
  });
});

describe("selecting, by property", () => {
  it("does not depend on the order of URedis rows", () => {
    fc.assert(
      fc.property(shuffled(uredisRow), ([rows, others]) => {
        const [one, other] = [rows, others].map((given) => selectBackups(listURedis(given), () => true));
        assert.deepEqual(one, other);
      }),
      { numRuns: 500 },
    );
  });

  it("does not depend on the order of UMem rows", () => {
    fc.assert(
      fc.property(shuffled(umemRow), fc.boolean(), ([rows, others], isComplete) => {
        const [one, other] = [rows, others].map((given) =>
          selectBackups(assembleList(given, { isComplete }), () => true),
        );
        assert.deepEqual(one, other);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps every backup, newest first and ties by id", () => {
    fc.assert(
      fc.property(fc.array(uredisRow, { maxLength: 40 }), (rows) => {
        const { backups, explain } = listURedis(rows);
        const { backups: listed } = selectBackups({ backups, explain }, () => true);
        const describeAll = (all: readonly object[]): string[] =>
          all.map((each) => JSON.stringify(each)).sort();
        assert.deepEqual(describeAll(listed), describeAll(backups));
        for (const [i, backup] of listed.slice(1).entries()) {
          const before = listed[i];
          assert.ok(before);
          const [earlier, later] = [readMs(backup.createdAt), readMs(before.createdAt)];
          assert.ok(later > earlier || (later === earlier && before.backupId <= backup.backupId));
        }
      }),
    );
  });

  it("chooses a usable one, nothing usable being newer, and skips exactly what is newer", () => {
    fc.assert(
      fc.property(fc.array(uredisRow, { maxLength: 40 }), (rows) => {
        const { backups, explain } = listURedis(rows);
        const { latest, skipped } = selectBackups({ backups, explain }, () => true);
        const all = backups.filter(({ usable }) => usable);
        const isUnclear = all.length > 1 && all.every(({ createdAt }) => createdAt === undefined);
        assert.equal(latest !== undefined, all.length > 0 && !isUnclear);
        assert.ok(latest === undefined || latest.usable);
        const chosen = latest === undefined ? -Infinity : readMs(latest.createdAt);
        for (const { usable, createdAt, backupId } of backups) {
          if (!usable || isUnclear) continue;
          assert.ok(readMs(createdAt) <= chosen);
          assert.ok(readMs(createdAt) < chosen || (latest?.backupId ?? "") <= backupId);
        }
        const newer = backups.filter(({ createdAt }) => latest === undefined || readMs(createdAt) > chosen);
        assert.equal(skipped.length, newer.length);
        assert.ok(skipped.every(({ reason }) => reason !== ""));
      }),
    );
  });
});

/** The backups of rows that came in one answer, whatever repeats among them. */
function listURedis(rows: readonly JsonObject[]): BackupList<URedisBackup> {
  return { backups: mergeURedisBackups(rows.map(readURedisBackup)), explain: explainURedis };
}

/** The time, the oldest of all where it is unknown. */
function readMs(createdAt: string | undefined): number {
  return createdAt === undefined ? -1 : Date.parse(createdAt);
}
