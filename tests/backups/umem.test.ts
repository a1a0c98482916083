import assert from "node:assert/strict";
import type { UMemBackup } from "../../provider/schemaTypes";
import { assembleUMemBackups, explainUMem } from "../../provider/backups/umem";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import {
  assembleList,
  assembleOne,
  assembleRows,
  assembleShards,
  DONE,
  listUMemRows,
  PAGE,
  STARTING,
  summarize,
  WHOLE,
} from "./shards";

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
    assert.deepEqual(assembleRows([row], WHOLE), [
      {
        backupId: "b-1",
        backupName: "nightly",
        backupType: "auto",
        state: "Done",
        createTime: 1_529_912_363,
        createdAt: "2018-06-25T07:39:23.000Z",
        blockCount: 1,
        blocksDone: 1,
        blockSize: 18,
        spaceId: "umem-1",
        protocol: "redis",
        usable: true,
        blocks: [
          {
            backupName: "nightly",
            createTime: 1_529_912_363,
            state: "Done",
            backupId: "b-1",
            backupType: "auto",
            blockCount: 1,
            blockSize: 18,
            protocol: "redis",
            spaceId: "umem-1",
          },
        ],
      },
    ]);
  });

  it("gives nothing for no rows", () => assert.deepEqual(assembleRows([], WHOLE), []));

  it("gives absent fields no key", () => {
    assert.deepEqual(assembleRows([{}], WHOLE), [
      { backupId: "", state: "Starting", blocksDone: 0, usable: false, blocks: [{}] },
    ]);
  });

  it("takes an id written as a number for the same as a string", () => {
    const rows = [
      { BackupId: 7, BlockCount: "2", ...DONE },
      { BackupId: "7", BlockCount: 2, ...DONE },
    ];
    assert.deepEqual(assembleRows(rows, WHOLE).map(summarize), [["Done", 2, 2, true]]);
  });

  it("keeps apart ids that are no keys for an object", () => {
    const ids = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const rows = [...ids, ...ids].map((BackupId) => ({ BackupId, BlockCount: 2, ...DONE }));
    const backups = assembleRows(rows, WHOLE);
    assert.deepEqual(backups.map(({ backupId }) => backupId).sort(), [...ids].sort());
    assert.ok(backups.every(({ usable, blocks }) => usable && blocks.length === 2));
  });

  it("never merges rows without an id, and never takes one for usable", () => {
    const rows = [{ BlockCount: 1, ...DONE }, { BackupId: null, BlockCount: 1, ...DONE }, { BackupId: "" }];
    const backups = assembleRows(rows, WHOLE);
    assert.deepEqual(
      backups.map(({ backupId, usable, blocks }) => [backupId, usable, blocks.length]),
      [
        ["", false, 1],
        ["", false, 1],
        ["", false, 1],
      ],
    );
  });

  it("does not take rows without an id for a repeated one", () => {
    const rows = [{}, {}, ...["a", "b", "c"].map((BackupId) => ({ BackupId, BlockCount: 3, ...DONE }))];
    const usable = assembleRows(rows, WHOLE).filter((backup) => backup.usable);
    assert.deepEqual(
      usable.map(({ backupId }) => backupId),
      ["a", "b", "c"],
    );
  });

  it("does not change the rows it is given", () => {
    const rows = Object.freeze([{ backupId: "b" }, { backupId: "a" }].map((row) => Object.freeze(row)));
    assembleUMemBackups(rows, { ...WHOLE, completeIds: new Set(), ambiguousIds: new Set() });
    assert.deepEqual(rows, [{ backupId: "b" }, { backupId: "a" }]);
  });

  it("puts 100,000 rows together in a moment", () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => ({
      BackupId: `b${i % 25_000}`,
      BlockCount: 4,
      ...DONE,
    }));
    const backups = assembleRows(rows, WHOLE);
    assert.equal(backups.length, 25_000);
    assert.ok(backups.every(({ usable }) => usable));
  }).timeout(5_000);
});

/** Lone rows of backups of four shards, named in order. */
function createLoneRows(count: number, more: JsonObject = {}): JsonObject[] {
  return Array.from({ length: count }, (_, i) => ({ BackupId: `b${i}`, BlockCount: 4, ...DONE, ...more }));
}

/** Which of the backups are usable, in their order. */
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
    for (const [where, options] of [
      ["in a whole listing", WHOLE],
      ["on a single page", PAGE],
    ] as const) {
      it(`is one shard ${where}: ${JSON.stringify(row)}`, () =>
        assert.deepEqual(summarize(assembleOne({ BackupId: "a", ...row }, options)), summary));
    }
  }

  it("says nothing of the size of a backup of several shards", () => {
    for (const state of [DONE, STARTING]) {
      const backup = assembleOne({ BackupId: "a", BlockCount: 3, BlockSize: 5, ...state });
      assert.equal("blockSize" in backup, false);
    }
  });

  for (const count of [1, 2]) {
    it(`is no backup where there are ${count} such rows, and the reason says what to set if it is`, () => {
      const { backups, explain } = assembleList(createLoneRows(count), { ...WHOLE, totalCount: count });
      assert.deepEqual(
        backups.map((backup) => [...summarize(backup), explain(backup)]),
        backups.map(() => [
          "Starting",
          1,
          4,
          false,
          "3 of 4 shards missing, unless the API lists one row for each of your backups; if you know that it does, set `umemRows` to `backups`",
        ]),
      );
    });
  }

  for (const totalCount of [3, undefined]) {
    it(`is a backup where three such rows, TotalCount ${totalCount ?? "absent"}, are all there are`, () => {
      const options = { ...WHOLE, ...(totalCount === undefined ? {} : { totalCount }) };
      const backups = assembleRows(createLoneRows(3, { BlockSize: 5 }), options);
      assert.deepEqual(
        backups.map((backup) => [...summarize(backup), backup.blockSize]),
        backups.map(() => ["Done", 4, 4, true, 5]),
      );
    });
  }

  it("is no backup where another backup has two rows, whole or not", () => {
    const other = { BackupId: "other", ...DONE };
    const half = [1, 2].map(() => ({ ...other, BlockCount: 4 }));
    const whole = [1, 2].map(() => ({ ...other, BlockCount: 2 }));
    assert.deepEqual(listUsable([...createLoneRows(3), ...half], WHOLE), []);
    assert.deepEqual(listUsable([...createLoneRows(3), ...whole], WHOLE), ["other"]);
  });

  it("is no backup where the listing is not complete, be it a page or one that kept changing", () => {
    assert.deepEqual(listUsable(createLoneRows(5), PAGE), []);
    assert.deepEqual(listUsable(createLoneRows(5), { ...PAGE, totalCount: 5 }), []);
  });

  for (const totalCount of [2, 4, 12]) {
    it(`is no backup where there are three and TotalCount is ${totalCount}`, () =>
      assert.deepEqual(listUsable(createLoneRows(3), { ...WHOLE, totalCount }), []));
  }

  it("is no backup where the others have one shard each, as before the space was resized", () => {
    const before = createLoneRows(5, { BlockCount: 1 });
    const { backups, explain } = assembleList([...before, { BackupId: "new", BlockCount: 4, ...DONE }], {
      ...WHOLE,
      totalCount: 6,
    });
    const unusable = backups.filter(({ usable }) => !usable);
    assert.deepEqual(
      unusable.map((backup) => [backup.backupId, explain(backup).slice(0, 21)]),
      [["new", "3 of 4 shards missing"]],
    );
    assert.equal(backups.length, 6);
  });

  for (const [what, more] of [
    ["runs", STARTING],
    ["has no state", { State: undefined }],
    ["has an unknown state", { State: "Odd" }],
    ["has no id", { BackupId: undefined }],
    ["has no BlockCount", { BlockCount: undefined }],
  ] as const) {
    it(`is no evidence where it ${what}`, () => {
      const [first, ...others] = createLoneRows(3);
      assert.deepEqual(listUsable([{ ...first, ...more }, ...others], WHOLE), []);
    });

    it(`is not usable where it ${what}, even where rows are backups`, () => {
      const rows = [{ BackupId: "x", BlockCount: 4, ...DONE, ...more }, ...createLoneRows(3)];
      assert.deepEqual(listUsable(rows, WHOLE), ["b0", "b1", "b2"]);
      assert.deepEqual(listUsable(rows, { ...PAGE, umemRows: "backups" }), ["b0", "b1", "b2"]);
    });
  }

  it("is no backup where a backup's rows came in several answers, which shows that it had more", () => {
    const { rows, completeIds } = listUMemRows(createLoneRows(3, { BlockCount: 2 }));
    const options = { ...WHOLE, totalCount: 3, completeIds, ambiguousIds: new Set(["b0"]) };
    const { backups } = assembleUMemBackups(rows, options);
    assert.deepEqual(
      backups.filter(({ usable }) => usable),
      [],
    );
  });

  for (const options of [WHOLE, PAGE, { ...WHOLE, totalCount: 99 }]) {
    it(`is a backup where the user says so, even alone: ${JSON.stringify(options)}`, () => {
      const [row] = createLoneRows(1, { BlockSize: 5 });
      const backup = assembleOne(row ?? {}, { ...options, umemRows: "backups" });
      assert.deepEqual([...summarize(backup), backup.blockSize], ["Done", 4, 4, true, 5]);
    });

    it(`is never a backup where the user says that rows are shards: ${JSON.stringify(options)}`, () => {
      const { backups, explain } = assembleList(createLoneRows(9), { ...options, umemRows: "shards" });
      assert.deepEqual(
        backups.map((backup) => [backup.usable, explain(backup)]),
        backups.map(() => [false, "3 of 4 shards missing"]),
      );
    });
  }

  it("is read from the rows where the user says `auto`, as without a word", () => {
    for (const count of [1, 3]) {
      const rows = createLoneRows(count);
      assert.deepEqual(assembleRows(rows, { ...WHOLE, umemRows: "auto" }), assembleRows(rows, WHOLE));
    }
  });
});

describe("rows of several answers", () => {
  const twice = [1, 2].map(() => ({ BackupId: "a", BlockCount: 2, ...DONE }));

  it("are never a whole backup unless one answer held enough of them", () => {
    const { rows } = listUMemRows(twice);
    for (const ids of [[], ["b"]]) {
      const options = { ...WHOLE, completeIds: new Set(ids), ambiguousIds: new Set<string>() };
      assert.deepEqual(assembleUMemBackups(rows, options).backups.map(summarize), [
        ["Starting", 2, 2, false],
      ]);
    }
    const options = { ...PAGE, completeIds: new Set(["a"]), ambiguousIds: new Set<string>() };
    assert.deepEqual(assembleUMemBackups(rows, options).backups.map(summarize), [["Done", 2, 2, true]]);
  });

  it("say that it cannot be told whether all shards are there, if all rows are done", () => {
    const options = { ...WHOLE, completeIds: new Set<string>(), ambiguousIds: new Set(["a"]) };
    const explainRows = (given: readonly JsonObject[]): unknown[] => {
      const { backups, explain } = assembleUMemBackups(listUMemRows(given).rows, options);
      return backups.map((backup) => [backup.usable, explain(backup)]);
    };
    assert.deepEqual(explainRows(twice.slice(1)), [
      [false, "the API's answers do not show that all its shards are there"],
    ]);
    assert.deepEqual(explainRows([...twice, { BackupId: "a", ...STARTING }]), [
      [false, "2 of 3 rows done, for 2 shards"],
    ]);
  });
});

describe("rows of one id that name several spaces", () => {
  it("are no whole backup of any of them", () => {
    const row = { BackupId: "a", BlockCount: 2, ...DONE };
    const { backups, explain } = assembleList(
      [
        { ...row, SpaceId: "s" },
        { ...row, SpaceId: "t" },
      ],
      WHOLE,
    );
    assert.deepEqual(
      backups.map((backup) => [backup.usable, explain(backup)]),
      [[false, "its rows name several spaces"]],
    );
  });
});

describe("explainUMem", () => {
  const shards = (...states: (string | undefined)[]) =>
    assembleShards(...states.map((State) => ({ BlockCount: 3, State })));
  const cases: readonly (readonly [reason: string, backup: UMemBackup])[] = [
    ["2 of 3 shards done", shards("Done", "Done", "Starting")],
    ["1 of 3 shards done", shards("Done", "Starting")],
    ["1 of 3 shards missing", shards("Done", "Done")],
    ["2 of 3 shards missing", shards("Done")],
    ["still running", shards("Starting", "Starting", "Starting")],
    ["still running", assembleOne({ BackupId: "a", BlockCount: 3, ...STARTING })],
    ["3 of 4 rows done, for 3 shards", shards("Done", "Done", "Done", "Starting")],
    ["2 of 3 shards done, in the unknown state `Odd`", shards("Done", "Done", "Odd")],
    ["in the unknown state `a\uFFFDb`", shards("a\nb", "Starting")],
    ["1 of 3 shards done, the API gave 2 of its rows no state", shards("Done", undefined, undefined)],
    ["the API gave 1 of its rows no state", shards("Starting", undefined)],
    ["the API gave it no state", shards(undefined)],
    ["the API did not say how many shards it has", assembleShards(DONE, DONE)],
    ["the API did not say how many shards it has", assembleOne({ BackupId: "a", ...DONE })],
    ["1 of 2 rows done", assembleShards(DONE, STARTING)],
    ["the API gave it no id", assembleOne({ BlockCount: 1, ...DONE })],
  ];
  for (const [reason, backup] of cases) {
    it(`says "${reason}"`, () => {
      assert.equal(backup.usable, false);
      assert.equal(explainUMem(backup), reason);
    });
  }
});
