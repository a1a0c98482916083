import assert from "node:assert/strict";
import {
  createRedisBackupApi,
  type RedisBackupApi,
  umemService,
  uredisService,
} from "../../provider/backups/services";
import { readUMemBlock } from "../../provider/backups/umem";
import { readURedisBackup } from "../../provider/backups/uredis";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import type { UMemBackup, URedisBackup } from "../../provider/schemaTypes";
import { listUMemRows, listURedisRows } from "./shards";

const PLACE = { region: "cn-bj2", projectId: undefined };

function ofGroups(...groups: (string | undefined)[]): URedisBackup[] {
  return groups.map((groupId, i) => ({
    backupId: `b${i}`,
    usable: true,
    ...(groupId === undefined ? {} : { groupId }),
  }));
}

function ofSpaces(...spaces: (string | undefined)[]): UMemBackup[] {
  return spaces.map((spaceId, i) => ({
    backupId: `b${i}`,
    state: "Done",
    blocksDone: 1,
    blocks: [],
    usable: true,
    ...(spaceId === undefined ? {} : { spaceId }),
  }));
}

describe("what is kept of a row", () => {
  let nested: unknown = [];
  for (let level = 0; level < 100_000; level++) nested = [nested];
  const excess = { GroupName: nested, Protocol: nested, BackupName: "n".repeat(1025), Url: "x?Signature=b" };

  it("is the fields of URedis backups' page, and nothing that is large, nested or unknown", () => {
    const row = { BackupId: "a", BackupTime: "7", GroupId: "g".repeat(1024), State: "Success" };
    const { createdAt, ...kept } = readURedisBackup({ ...row, ...excess });
    const expected = { backupId: "a", backupTime: 7, groupId: row.GroupId, state: "Success", usable: true };
    assert.deepEqual(kept, expected);
    assert.equal(createdAt, "1970-01-01T00:00:07.000Z");
  });

  it("is the fields of UMem shards' page, and nothing that is large, nested or unknown", () => {
    const row = { BackupId: "a", BlockCount: "7", SpaceId: "s".repeat(1024), State: "Done" };
    const expected = { backupId: "a", blockCount: 7, spaceId: row.SpaceId, state: "Done" };
    assert.deepEqual(readUMemBlock({ ...row, ...excess }), expected);
  });
});

describe("rows that are read into the same", () => {
  const times = [1_700_000_000.25, 1_700_000_000.75, "today", "yesterday"];
  const rows = times.flatMap((time) => [{ BackupTime: time, CreateTime: time, State: "Success" }]);
  const client = {
    maxConcurrency: 8,
    call: (_action: string, { Offset }: { Offset?: unknown }) =>
      Promise.resolve({ RetCode: 0, TotalCount: rows.length, DataSet: rows.slice(Number(Offset)) }),
    cancel: () => undefined,
  };

  it("stay as many backups as the API listed, although it gave none an id", async () => {
    const api = createRedisBackupApi(client);
    const uredis = await api.listURedisBackups({ region: "r", groupId: "g" });
    assert.equal(uredis.rows.length, rows.length);
    const umem = await api.listUMemBackups({ region: "r", zone: "z", spaceId: "s" });
    assert.equal(umem.rows.length, rows.length);
    assert.deepEqual([...uredis.warnings, ...umem.warnings], []);
  });
});

describe("the URedis source", () => {
  it("needs a group or a region type, and names both in one failure", () => {
    const missing = uredisService.findFailures({ backupId: "b" });
    assert.deepEqual(
      missing.map(({ property }) => property),
      ["groupId"],
    );
    assert.match(missing[0]?.reason ?? "", /^is required unless regionType is given; /);
    assert.deepEqual(uredisService.findFailures({ groupId: "g" }), []);
    assert.deepEqual(uredisService.findFailures({ regionType: "normal" }), []);
  });

  it("asks for every argument, and for nothing that was not given", async () => {
    const asked: unknown[] = [];
    const api = {
      listURedisBackups: (...args: unknown[]) => void asked.push(args),
    } as unknown as RedisBackupApi;
    const args = { groupId: "g", regionType: "source", slaveZone: "z", backupId: "b" } as const;
    await uredisService.list(api, { ...args, region: "not this one" }, { region: "r", projectId: "p" });
    await uredisService.list(api, { groupId: "g" }, PLACE, { offset: 5 });
    assert.deepEqual(asked[0], [{ ...args, region: "r", projectId: "p" }, undefined]);
    assert.deepEqual(JSON.parse(JSON.stringify(asked[1])), [
      { region: "cn-bj2", groupId: "g" },
      { offset: 5 },
    ]);
  });

  it("keeps only the backup asked for, whatever the API returns", () => {
    const rows = [{ BackupId: "a" }, { BackupId: "b" }, {}];
    const read = (args: { backupId?: string }): string[] =>
      uredisService.read(listURedisRows(rows), args, {}).backups.map(({ backupId }) => backupId);
    assert.deepEqual(
      [read({}), read({ backupId: "b" }), read({ backupId: "c" })],
      [["a", "b", ""], ["b"], []],
    );
  });

  for (const [groups, groupId, isRefused] of [
    [[], undefined, false],
    [["g"], undefined, false],
    [["g", "g"], "g", false],
    [[undefined, "g"], "g", false],
    [[undefined], undefined, false],
    [[undefined, undefined], undefined, true],
    [[undefined, undefined], "g", false],
    [["g", "g"], undefined, false],
    [["g", "h"], undefined, true],
    [["g", undefined], undefined, true],
    [["g", "h"], "g", true],
    [["h"], "g", true],
    [["G"], "g", true],
  ] as const) {
    const asked = groupId === undefined ? "when no group was named" : `when ${groupId} was asked for`;
    it(`${isRefused ? "refuses" : "takes"} backups of [${groups.join(", ")}] ${asked}`, () => {
      const check = (): void =>
        uredisService.assertSingleDatabase(ofGroups(...groups), groupId === undefined ? {} : { groupId });
      if (isRefused) assert.throws(check, { code: "AmbiguousSource", message: /`groupId`/ });
      else check();
    });
  }

  it("says that the API named no group, where it named none", () => {
    assert.throws(() => uredisService.assertSingleDatabase(ofGroups(undefined, undefined, undefined), {}), {
      message: /: some that the API did not name\. Name one with `groupId`/,
    });
  });

  const success = { BackupId: "a", State: "Success", GroupId: "g", BackupTime: 1_700_000_000 };
  const conflicts: readonly (readonly [title: string, rows: JsonObject[], usable: boolean])[] = [
    ["usable where all rows of its id are", [success, { ...success, BackupName: "n" }], true],
    ["unusable where one of its rows failed", [success, { ...success, State: "Error" }], false],
    ["unusable where one of its rows runs", [success, success, { ...success, State: "Backuping" }], false],
    ["unusable where one of its rows has no state", [success, { ...success, State: null }], false],
    [
      "unusable where several of its rows are, each in its own way",
      [{ ...success, State: "Error" }, success, { ...success, State: "Expired" }],
      false,
    ],
  ];
  for (const [title, rows, usable] of conflicts) {
    it(`takes a backup for one, ${title}, whatever their order`, () => {
      const orders = [rows, [...rows].reverse(), [...rows.slice(1), ...rows.slice(0, 1)]];
      const readings = orders.map((each) => uredisService.read(listURedisRows(each), {}, {}).backups);
      assert.deepEqual(
        readings[0]?.map((backup) => [backup.backupId, backup.usable]),
        [["a", usable]],
      );
      for (const reading of readings) assert.deepEqual(reading, readings[0]);
    });
  }

  it("explains an unusable backup by the row that counts", () => {
    const rows = [success, { ...success, State: "Error" }];
    const { backups, explain } = uredisService.read(listURedisRows(rows), {}, {});
    assert.deepEqual(backups.map(explain), ["failed"]);
  });

  it("keeps rows without an id apart, and rows of different ids", () => {
    const rows = [{ State: "Success" }, { State: "Error" }, success, { ...success, BackupId: "b" }];
    assert.equal(uredisService.read(listURedisRows(rows), {}, {}).backups.length, 4);
  });

  it("does not hide that one id was listed for two groups", () => {
    const rows = [success, { ...success, GroupId: "h" }];
    for (const given of [rows, [...rows].reverse()]) {
      for (const args of [{ groupId: "g" }, { groupId: "h" }, { regionType: "normal" } as const]) {
        const { backups } = uredisService.read(listURedisRows(given), args, {});
        assert.throws(() => uredisService.assertSingleDatabase(backups, args), { code: "AmbiguousSource" });
      }
    }
  });

  it("names a few of many groups, on one line, in characters that print", () => {
    const groups = Array.from({ length: 9 }, (_, i) => `uredis-${i}\n\u001b[2J${"x".repeat(500)}`);
    assert.throws(
      () => uredisService.assertSingleDatabase(ofGroups(...groups), {}),
      ({ message }: Error) => {
        assert.match(message, /uredis-0.*uredis-4.* and 4 more\./);
        assert.doesNotMatch(message, /\p{Cc}|uredis-5/u);
        return message.length < 1000;
      },
    );
  });

  for (const [args, projectId, expected] of [
    [{ groupId: "g" }, undefined, "URedis group g in cn-bj2"],
    [{ groupId: "g", backupId: "b" }, "p", "id b of URedis group g in cn-bj2, project p"],
    [{ regionType: "target" }, undefined, "the target URedis groups in cn-bj2"],
  ] as const) {
    it(`is described as "${expected}"`, () => {
      assert.equal(uredisService.describe(args, { region: "cn-bj2", projectId }), expected);
    });
  }
});

describe("the UMem source", () => {
  const args = { zone: "z", spaceId: "s" };

  it("asks for every argument", async () => {
    const asked: unknown[] = [];
    const api = {
      listUMemBackups: (...given: unknown[]) => void asked.push(given),
    } as unknown as RedisBackupApi;
    await umemService.list(api, args, { region: "r", projectId: "p" }, { limit: 1 });
    assert.deepEqual(asked, [[{ region: "r", projectId: "p", ...args }, { limit: 1 }]]);
    assert.deepEqual(umemService.findFailures(args), []);
  });

  const createLoneRow = (BackupId: string): JsonObject => ({ BackupId, State: "Done", BlockCount: 2 });
  const one = [createLoneRow("a")];
  const three = ["a", "b", "c"].map(createLoneRow);

  for (const [rows, facts, umemRows, isUsable] of [
    [one, {}, undefined, false],
    [one, {}, "auto", false],
    [one, {}, "backups", true],
    [one, { isComplete: false }, "backups", true],
    [three, {}, undefined, true],
    [three, {}, "auto", true],
    [three, {}, "shards", false],
    [three, { totalCount: 3 }, undefined, true],
    [three, { totalCount: 6 }, undefined, false],
    [three, { isComplete: false }, undefined, false],
  ] as const) {
    it(`takes ${rows.length} lone rows of backups of two shards ${isUsable ? "" : "not "}to be whole given ${JSON.stringify({ ...facts, umemRows })}`, () => {
      const { backups } = umemService.read(listUMemRows(rows, facts), args, { umemRows });
      assert.deepEqual(
        backups.map(({ usable }) => usable),
        rows.map(() => isUsable),
      );
    });
  }

  it("takes two rows of one answer for a backup of two shards, on a page too", () => {
    const rows = [...one, ...one];
    for (const isComplete of [true, false]) {
      const { backups } = umemService.read(listUMemRows(rows, { isComplete }), args, {});
      assert.deepEqual(
        backups.map(({ usable }) => usable),
        [true],
      );
    }
  });

  it("takes rows that name no space for the one asked for, and refuses another's", () => {
    umemService.assertSingleDatabase(ofSpaces("s", undefined), args);
    for (const spaces of [["s", "t"], ["t"]]) {
      assert.throws(() => umemService.assertSingleDatabase(ofSpaces(...spaces), args), {
        code: "AmbiguousSource",
        message: /`t`.*`spaceId`/,
      });
    }
  });

  it("is described by its space, zone, region and project", () => {
    assert.equal(
      umemService.describe(args, { region: "r", projectId: "p" }),
      "UMem space s in z, r, project p",
    );
  });
});
