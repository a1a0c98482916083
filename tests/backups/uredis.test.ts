import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { explainURedis, mergeURedisBackups, readURedisBackup } from "../../provider/backups/uredis";
import type { URedisBackup } from "../../provider/schemaTypes";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { uredisRow } from "./rows";

const FULL_ROW = {
  Zone: "cn-bj2-04",
  BackupId: "a75-e1",
  GroupId: "uredis-1",
  GroupName: "orders",
  BackupName: "nightly",
  BackupTime: 1_529_912_363,
  BackupSize: 18,
  BackupType: "Manual",
  State: "Success",
  SrcRegionName: "cn-bj2",
  DstRegionName: "cn-sh2",
  MemorySize: 4,
  RedisVersion: "6.0",
};

describe("readURedisBackup", () => {
  it("reads every field of the API's page", () => {
    assert.deepEqual(readURedisBackup(FULL_ROW), {
      zone: "cn-bj2-04",
      backupId: "a75-e1",
      groupId: "uredis-1",
      groupName: "orders",
      backupName: "nightly",
      backupTime: 1_529_912_363,
      backupSize: 18,
      backupType: "Manual",
      state: "Success",
      srcRegionName: "cn-bj2",
      dstRegionName: "cn-sh2",
      memorySize: 4,
      redisVersion: "6.0",
      createdAt: "2018-06-25T07:39:23.000Z",
      usable: true,
    });
  });

  it("gives absent, null, empty and inherited fields no key, and the id an empty one", () => {
    const emptied = Object.fromEntries(Object.keys(FULL_ROW).map((name, i) => [name, i % 2 ? null : ""]));
    const inherited = Object.create(FULL_ROW) as JsonObject;
    for (const row of [{}, emptied, inherited])
      assert.deepEqual(readURedisBackup(row), { backupId: "", usable: false });
  });

  it("reads numbers written as strings, texts written as numbers, and 0", () => {
    const backup = readURedisBackup({
      BackupId: 12,
      BackupTime: "1529912363",
      BackupSize: "18",
      MemorySize: 0,
      RedisVersion: 7,
    });
    assert.deepEqual(backup, {
      backupId: "12",
      backupTime: 1_529_912_363,
      backupSize: 18,
      memorySize: 0,
      redisVersion: "7",
      createdAt: "2018-06-25T07:39:23.000Z",
      usable: false,
    });
  });

  for (const BackupTime of [0, -1, 253_402_300_800, 1_529_912_363_000]) {
    it(`keeps the time ${BackupTime} as the API said, without a createdAt`, () => {
      const backup = readURedisBackup({ ...FULL_ROW, BackupTime });
      assert.equal(backup.backupTime, BackupTime);
      assert.equal("createdAt" in backup, false);
    });
  }

  const unusable = ["Success ", " Success", "success", "SUCCESS", "Backuping", "Error", "Expired", ""];
  for (const State of [...unusable, null, undefined]) {
    it(`does not call the state ${inspect(State)} usable`, () =>
      assert.equal(readURedisBackup({ ...FULL_ROW, State }).usable, false));
  }

  it("does not call a backup without an id usable", () =>
    assert.equal(readURedisBackup({ ...FULL_ROW, BackupId: "" }).usable, false));

  it("never gives a field the value undefined", () => {
    fc.assert(
      fc.property(uredisRow, (row) => {
        assert.equal(Object.values(readURedisBackup(row)).includes(undefined), false);
      }),
    );
  });
});

describe("explainURedis", () => {
  const cases: readonly (readonly [row: Record<string, unknown>, reason: string])[] = [
    [{ BackupId: "x", State: "Backuping" }, "still running"],
    [{ BackupId: "x", State: "Error" }, "failed"],
    [{ BackupId: "x", State: "Expired" }, "expired"],
    [{ BackupId: "x", State: "success" }, "in the unknown state `success`"],
    [{ BackupId: "x", State: "constructor" }, "in the unknown state `constructor`"],
    [{ BackupId: "x", State: "a\nb`c\u202e" }, "in the unknown state `a\uFFFDb'c\uFFFD`"],
    [{ BackupId: "x" }, "the API gave it no state"],
    [{ State: "Success" }, "the API gave it no id"],
    [{ State: "Backuping" }, "still running"],
    [{}, "the API gave it no id"],
  ];
  for (const [row, reason] of cases) {
    it(`says of ${JSON.stringify(row)}: ${reason}`, () =>
      assert.equal(explainURedis(readURedisBackup(row)), reason));
  }
});

describe("mergeURedisBackups", () => {
  const merge = (rows: readonly JsonObject[]): readonly URedisBackup[] =>
    mergeURedisBackups(rows.map(readURedisBackup));
  const success = { BackupId: "a", State: "Success", GroupId: "g", BackupTime: 1_700_000_000 };
  const failed = { ...success, State: "Error" };

  const cases: readonly (readonly [title: string, rows: JsonObject[], reason?: string])[] = [
    ["usable if all of them are", [success, { ...success, BackupName: "n" }]],
    ["unusable if one failed", [success, failed], "failed"],
    ["unusable if one runs", [success, success, { ...success, State: "Backuping" }], "still running"],
    ["unusable if one has no state", [success, { ...success, State: null }], "the API gave it no state"],
    ["unusable if several are", [failed, success, { ...success, State: "Expired" }], "failed"],
  ];
  for (const [title, rows, reason] of cases) {
    it(`makes one backup of the rows of one id, ${title}, whatever their order`, () => {
      const orders = [rows, [...rows].reverse(), [...rows.slice(1), ...rows.slice(0, 1)]];
      const [first, ...others] = orders.map(merge);
      assert.deepEqual(
        first?.map((backup) => [backup.backupId, backup.usable ? undefined : explainURedis(backup)]),
        [["a", reason]],
      );
      for (const other of others) assert.deepEqual(other, first);
    });
  }

  it("keeps apart rows without an id, rows of different ids, and rows of different groups", () => {
    const rows = [{ State: "Success" }, { State: "Error" }, success, { ...success, BackupId: "b" }, success];
    assert.equal(merge(rows).length, 4);
    assert.equal(merge([success, success, { ...success, GroupId: "h" }]).length, 2);
  });
});
