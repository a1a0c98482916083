import assert from "node:assert/strict";
import type { UMemBackup } from "../../sdk/nodejs/types/output";
import { assembleUMemBackups, explainUMem } from "../../provider/backups/umem";
import type { WireObject } from "../../provider/ucloud/wire";
import { assembleOne, assembleRows, assembleShards, DONE, PAGE, STARTING, summarize, WHOLE } from "./shards";

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
    const rows = [{}, {}, { BackupId: "a", BlockCount: 3, ...DONE }];
    assert.equal(assembleRows(rows, WHOLE).find(({ backupId }) => backupId === "a")?.usable, true);
  });

  it("does not change the rows it is given", () => {
    const rows = Object.freeze([{ backupId: "b" }, { backupId: "a" }].map((row) => Object.freeze(row)));
    assembleUMemBackups(rows, WHOLE);
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

describe("rows of which no id repeats", () => {
  const cases: readonly (readonly [row: WireObject, summary: unknown[]])[] = [
    [{ BlockCount: 3, ...DONE }, ["Done", 3, 3, true]],
    [{ BlockCount: 1, ...DONE }, ["Done", 1, 1, true]],
    [{ BlockCount: 3, ...STARTING }, ["Starting", 0, 3, false]],
    [{ BlockCount: 3, State: "done" }, ["done", 0, 3, false]],
    [{ BlockCount: 3 }, ["Starting", 0, 3, false]],
    [{ ...DONE }, ["Starting", 1, undefined, false]],
    [{ BlockCount: 0, ...DONE }, ["Starting", 1, undefined, false]],
    [{ BlockCount: -2, ...DONE }, ["Starting", 1, undefined, false]],
    [{ BlockCount: "many", ...DONE }, ["Starting", 1, undefined, false]],
  ];
  for (const [row, summary] of cases) {
    it(`are whole backups in a whole listing: ${JSON.stringify(row)}`, () =>
      assert.deepEqual(summarize(assembleOne({ BackupId: "a", ...row })), summary));
  }

  it("keep the size of a backup that is still running", () =>
    assert.equal(assembleOne({ BackupId: "a", BlockCount: 3, BlockSize: 5, ...STARTING }).blockSize, 5));

  it("are shards on a single page, which may have cut a backup in two", () => {
    const row = { BackupId: "a", BlockCount: 3, BlockSize: 5, ...DONE };
    const backup = assembleOne(row, PAGE);
    assert.deepEqual(summarize(backup), ["Starting", 1, 3, false]);
    assert.equal("blockSize" in backup, false);
  });

  it("are whole on a single page where one shard is all there is", () =>
    assert.deepEqual(summarize(assembleOne({ BackupId: "a", BlockCount: 1, ...DONE }, PAGE)), [
      "Done",
      1,
      1,
      true,
    ]));

  it("are shards as soon as any other id repeats", () =>
    assert.deepEqual(summarize(assembleShards({ BlockCount: 3, ...DONE })), ["Starting", 1, 3, false]));
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
