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
import { uredisRow } from "./rows";

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
    ...(backupName === undefined ? {} : { backupName }),
    backupId,
    usable,
    ...(createdAt === undefined ? {} : { createdAt }),
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
      "skips newer unusable ones, and no older one",
      [make("a", T1, false), make("b", T2, true), make("c", T3, false), make("d", T3, false)],
      { order: "c d b a", latest: "b", skipped: "c d" },
    ],
    [
      "sorts equal times by id, by code unit and not by locale",
      [
        make("b", T1, true, "first by name"),
        make("a", T1, true),
        make("B", T1, true),
        make("ä", T1, true),
        make("10", T1, true),
      ],
      { order: "10 B a b ä", latest: "10", skipped: "" },
    ],
    [
      "does not call an unusable one of the same time newer",
      [make("a", T2, false), make("b", T2, true), make("c", T3, false)],
      { order: "c a b", latest: "b", skipped: "c" },
    ],
    [
      "sorts undated ones last",
      [make("u", undefined, false), make("a", T1, true), make("v", undefined, true)],
      { order: "a u v", latest: "a", skipped: "" },
    ],
    [
      "chooses an undated one if it is the only usable one",
      [make("u", undefined, false), make("v", undefined, true), make("a", T1, false)],
      { order: "a u v", latest: "v", skipped: "a" },
    ],
    [
      "chooses none if several are usable and none of them is dated",
      [make("u", undefined, true), make("v", undefined, true), make("a", T1, false)],
      { order: "a u v", latest: undefined, skipped: "a u v" },
    ],
    [
      "chooses the newest dated one, however many undated ones there are",
      [make("u", undefined, true), make("v", undefined, true), make("a", T1, true), make("b", T2, true)],
      { order: "b a u v", latest: "b", skipped: "" },
    ],
    [
      "skips all of them if none is usable",
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

  it("has no key for an absent latest", () => {
    assert.deepEqual(select([]), { backups: [], skipped: [] });
  });

  it("gives skipped backups the reason why they are not usable, or that their time is not known", () => {
    const backups = [
      make("u", undefined, true),
      make("v", undefined, true),
      make("w", undefined, false),
      { ...make("a", T1, false), state: "Error", backupName: "n" },
    ];
    assert.deepEqual(select(backups).skipped, [
      { backupId: "a", state: "Error", createdAt: T1, reason: "a is bad" },
      { backupId: "u", reason: "its time is not known" },
      { backupId: "v", reason: "its time is not known" },
      { backupId: "w", reason: "w is bad" },
    ]);
  });

  it("ignores what the filters drop", () => {
    const backups = [make("a", T1, true), make("b", T2, true), make("c", T3, false)];
    const {
      backups: listed,
      latest,
      skipped,
    } = selectBackups({ backups, explain: () => "bad" }, ({ backupId }) => backupId === "a");
    assert.deepEqual([listIds(listed), latest?.backupId, skipped], ["a", "a", []]);
  });

  it("explains unusable backups only if they are skipped, and sorts a copy", () => {
    const backups = Object.freeze([make("a", T1, true), make("b", T2, false), make("c", T3, true)]);
    const { backups: listed } = selectBackups(
      { backups, explain: () => assert.fail("asked for a reason") },
      () => true,
    );
    assert.equal(listIds(listed), "c b a");
    assert.equal(listIds(backups), "a b c");
  });

  it("returns the same backups, with fields it does not know", () => {
    const backup = { ...make("a", T1, true), extra: 1 };
    const { latest } = selectBackups({ backups: [backup], explain: () => "" }, () => true);
    assert.equal(latest, backup);
  });

  it("sorts backups of one time without an id by their other fields", () => {
    const backups = [make("", T1, false, "y"), make("", T1, false, "x"), make("", T1, false)];
    assert.deepEqual(select(backups).backups, select([...backups].reverse()).backups);
  });
});

describe("selecting, by property", () => {
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

  it("chooses a usable one, nothing usable being newer, and skips exactly the newer ones", () => {
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

/** The backups of rows that came in one answer, some of them perhaps repeated. */
function listURedis(rows: readonly JsonObject[]): BackupList<URedisBackup> {
  return { backups: mergeURedisBackups(rows.map(readURedisBackup)), explain: explainURedis };
}

/** The time; -1 if it is unknown. */
function readMs(createdAt: string | undefined): number {
  return createdAt === undefined ? -1 : Date.parse(createdAt);
}
