import assert from "node:assert/strict";
import { assembleUMemBackups } from "../../provider/backups/umem";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { listUMemRows } from "../support/rowListings";
import { assembleList, assembleOne, assembleRows, DONE, PAGE, STARTING, summarize, WHOLE } from "./shards";

const EMPTY: ReadonlySet<string> = new Set();

describe("assembleUMemBackups", () => {
  it("reads every field of the API's page and the two that only its example shows", () => {
    const row = {
      BackupName: "nightly",
      CreateTime: 1_529_912_363,
      State: "Done",
      BackupId: "b-1",
      BackupType: "auto",
      BlockCount: 1,
      BlockSize: 18,
      Protocol: "redis",
      SpaceId: "umem-1",
    };
    const fields = {
      backupName: "nightly",
      createTime: 1_529_912_363,
      state: "Done",
      backupId: "b-1",
      backupType: "auto",
      blockCount: 1,
      blockSize: 18,
      protocol: "redis",
      spaceId: "umem-1",
    };
    const made = { createdAt: "2018-06-25T07:39:23.000Z", blocksDone: 1, usable: true, blocks: [fields] };
    assert.deepEqual(assembleRows([row], WHOLE), [{ ...fields, ...made }]);
  });

  it("returns nothing for no rows, and no keys for absent fields", () => {
    assert.deepEqual(assembleRows([], WHOLE), []);
    assert.deepEqual(assembleRows([{}], WHOLE), [
      { backupId: "", state: "Starting", blocksDone: 0, usable: false, blocks: [{}] },
    ]);
  });

  it("reads an id written as a number as the same string", () => {
    const rows = [
      { BackupId: 7, BlockCount: "2", ...DONE },
      { BackupId: "7", BlockCount: 2, ...DONE },
    ];
    assert.deepEqual(assembleRows(rows, WHOLE).map(summarize), [["Done", 2, 2, true]]);
  });

  it("keeps ids apart that do not work as keys of an object", () => {
    const ids = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const rows = [...ids, ...ids].map((BackupId) => ({ BackupId, BlockCount: 2, ...DONE }));
    const backups = assembleRows(rows, WHOLE);
    assert.deepEqual(backups.map(({ backupId }) => backupId).sort(), [...ids].sort());
    assert.ok(backups.every(({ usable, blocks }) => usable && blocks.length === 2));
  });

  it("never merges rows without an id, never calls one usable, and does not count them as rows of one id", () => {
    const strays = [{ BlockCount: 1, ...DONE }, { BackupId: null, BlockCount: 1, ...DONE }, { BackupId: "" }];
    const backups = assembleRows([...strays, ...createLoneRows(3)], WHOLE);
    assert.deepEqual(
      backups.map(({ backupId, usable, blocks }) => [backupId, usable, blocks.length]),
      [...strays.map(() => ["", false, 1]), ["b0", true, 1], ["b1", true, 1], ["b2", true, 1]],
    );
  });

  it("does not change the rows it is given", () => {
    const rows = Object.freeze([{ backupId: "b" }, { backupId: "a" }].map((row) => Object.freeze(row)));
    assembleUMemBackups(rows, { ...WHOLE, completeIds: EMPTY, ambiguousIds: EMPTY });
    assert.deepEqual(rows, [{ backupId: "b" }, { backupId: "a" }]);
  });

  it("puts 100,000 rows together within seconds", () => {
    const row = { BlockCount: 4, ...DONE };
    const rows = Array.from({ length: 100_000 }, (_, i) => ({ BackupId: `b${i % 25_000}`, ...row }));
    const backups = assembleRows(rows, WHOLE);
    assert.equal(backups.length, 25_000);
    assert.ok(backups.every(({ usable }) => usable));
  }).timeout(5_000);
});

/** Lone rows of backups of four shards, named in order. */
function createLoneRows(count: number, more: JsonObject = {}): JsonObject[] {
  return Array.from({ length: count }, (_, i) => ({ BackupId: `b${i}`, BlockCount: 4, ...DONE, ...more }));
}

/** The ids of the usable backups. */
function listUsable(...args: Parameters<typeof assembleRows>): string[] {
  return assembleRows(...args).flatMap(({ backupId, usable }) => (usable ? [backupId] : []));
}

describe("a lone row of a backup", () => {
  const cases: readonly (readonly [row: JsonObject, summary: unknown[]])[] = [
    [{ BlockCount: 1, ...DONE }, ["Done", 1, 1, true]],
    [{ BlockCount: 3, ...DONE }, ["Starting", 1, 3, false]],
    [{ BlockCount: 3, ...STARTING }, ["Starting", 0, 3, false]],
    [{ BlockCount: 3, State: "done" }, ["done", 0, 3, false]],
    [{ BlockCount: 3 }, ["Starting", 0, 3, false]],
    [{ ...DONE }, ["Starting", 1, undefined, false]],
    [{ BlockCount: 0, ...DONE }, ["Starting", 1, undefined, false]],
    [{ BlockCount: -2, ...DONE }, ["Starting", 1, undefined, false]],
    [{ BlockCount: "many", ...DONE }, ["Starting", 1, undefined, false]],
  ];
  for (const [row, summary] of cases) {
    it(`is one shard: ${JSON.stringify(row)}`, () => {
      for (const options of [WHOLE, PAGE]) {
        const backup = assembleOne({ BackupId: "a", BlockSize: 5, ...row }, options);
        assert.deepEqual(summarize(backup), summary);
        assert.equal("blockSize" in backup, backup.blockCount === 1);
      }
    });
  }

  for (const totalCount of [3, undefined]) {
    it(`is a backup if three such rows, TotalCount ${totalCount ?? "absent"}, are all there are`, () => {
      const options = { ...WHOLE, ...(totalCount === undefined ? {} : { totalCount }) };
      const rows = createLoneRows(3, { BlockSize: 5 });
      for (const umemRows of [undefined, "auto"] as const) {
        const backups = assembleRows(rows, { ...options, umemRows });
        const summaries = backups.map((backup) => [...summarize(backup), backup.blockSize]);
        assert.deepEqual(
          summaries,
          rows.map(() => ["Done", 4, 4, true, 5]),
        );
      }
    });
  }

  const half = [1, 2].map(() => ({ BackupId: "other", BlockCount: 4, ...DONE }));
  const whole = [1, 2].map(() => ({ BackupId: "other", BlockCount: 2, ...DONE }));
  const resized = [...createLoneRows(5, { BlockCount: 1 }), { BackupId: "new", BlockCount: 4, ...DONE }];
  for (const [title, rows, options, usable] of [
    ["there are two such rows only", createLoneRows(2), WHOLE, []],
    ["another backup has two rows of four", [...createLoneRows(3), ...half], WHOLE, []],
    ["another backup has two rows of two", [...createLoneRows(3), ...whole], WHOLE, ["other"]],
    ["the listing is one page", createLoneRows(5), PAGE, []],
    ["the listing is one page with all of TotalCount", createLoneRows(5), { ...PAGE, totalCount: 5 }, []],
    ["TotalCount is lower", createLoneRows(3), { ...WHOLE, totalCount: 2 }, []],
    ["TotalCount is higher", createLoneRows(3), { ...WHOLE, totalCount: 4 }, []],
    ["TotalCount is that of all shards", createLoneRows(3), { ...WHOLE, totalCount: 12 }, []],
    ["the others have one shard each", resized, WHOLE, ["b0", "b1", "b2", "b3", "b4"]],
  ] as const) {
    it(`is no backup if ${title}`, () => assert.deepEqual(listUsable(rows, options), usable));
  }

  for (const [what, more] of [
    ["runs", STARTING],
    ["has no state", { State: undefined }],
    ["has an unknown state", { State: "Odd" }],
    ["has no id", { BackupId: undefined }],
    ["has no BlockCount", { BlockCount: undefined }],
  ] as const) {
    it(`is neither evidence nor usable if it ${what}`, () => {
      const [first, ...others] = createLoneRows(3);
      assert.deepEqual(listUsable([{ ...first, ...more }, ...others], WHOLE), []);
      const rows = [{ BackupId: "x", BlockCount: 4, ...DONE, ...more }, ...createLoneRows(3)];
      assert.deepEqual(listUsable(rows, WHOLE), ["b0", "b1", "b2"]);
      assert.deepEqual(listUsable(rows, { ...PAGE, umemRows: "backups" }), ["b0", "b1", "b2"]);
    });
  }

  it("is no backup if a backup's rows came in several answers, which shows that it had more", () => {
    const { rows, completeIds } = listUMemRows(createLoneRows(3, { BlockCount: 2 }));
    const options = { ...WHOLE, totalCount: 3, completeIds, ambiguousIds: new Set(["b0"]) };
    const { backups } = assembleUMemBackups(rows, options);
    assert.ok(backups.every(({ usable }) => !usable));
  });

  it("is what the user says it is, on a page or alone too", () => {
    for (const options of [WHOLE, PAGE, { ...WHOLE, totalCount: 99 }]) {
      const [row = {}] = createLoneRows(1, { BlockSize: 5 });
      const backup = assembleOne(row, { ...options, umemRows: "backups" });
      assert.deepEqual([...summarize(backup), backup.blockSize], ["Done", 4, 4, true, 5]);
      assert.deepEqual(listUsable(createLoneRows(9), { ...options, umemRows: "shards" }), []);
    }
  });
});

describe("several rows of a backup that the user says are backups", () => {
  it("are one backup if they are alike, and not whole if they differ", () => {
    const [row = {}] = createLoneRows(1);
    const options = { ...WHOLE, umemRows: "backups" } as const;
    assert.deepEqual(listUsable([row, row], options), ["b0"]);
    assert.deepEqual(listUsable([row, { ...row, BlockSize: 5 }], options), []);
  });
});

describe("several rows of a backup", () => {
  const twice = [1, 2].map(() => ({ BackupId: "a", BlockCount: 2, ...DONE }));

  it("are only whole if the listing proves that it holds enough of them", () => {
    const { rows } = listUMemRows(twice);
    for (const [options, ids, summary] of [
      [WHOLE, [], ["Starting", 2, 2, false]],
      [WHOLE, ["b"], ["Starting", 2, 2, false]],
      [PAGE, ["a"], ["Done", 2, 2, true]],
    ] as const) {
      const facts = { ...options, completeIds: new Set<string>(ids), ambiguousIds: EMPTY };
      assert.deepEqual(assembleUMemBackups(rows, facts).backups.map(summarize), [summary]);
    }
    assert.deepEqual(listUsable(twice, PAGE), ["a"]);
  });

  it("are not whole if they name several spaces", () => {
    const rows = twice.map((row, i) => ({ ...row, SpaceId: `s${i}` }));
    const { backups, explain } = assembleList(rows, WHOLE);
    assert.deepEqual(
      backups.map((backup) => [backup.usable, explain(backup)]),
      [[false, "its rows name several spaces"]],
    );
  });
});
