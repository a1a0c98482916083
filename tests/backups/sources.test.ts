import assert from "node:assert/strict";
import {
  createRedisBackupApi,
  type RedisBackupApi,
  umemSource,
  uredisSource,
} from "../../provider/backups/sources";
import { readUMemBlock } from "../../provider/backups/umem";
import { readURedisBackup } from "../../provider/backups/uredis";
import type { UMemBackup, URedisBackup } from "../../sdk/nodejs/types/output";

const PLACE = { region: "cn-bj2", projectId: undefined };
const WHOLE = { isWholeListing: true };

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
    call: () => Promise.resolve({ RetCode: 0, TotalCount: rows.length, DataSet: rows }),
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
  it("needs a group or a region type", () => {
    const missing = uredisSource.findFailures({ backupId: "b" });
    assert.deepEqual(
      missing.map(({ property }) => property),
      ["groupId", "regionType"],
    );
    assert.deepEqual(uredisSource.findFailures({ groupId: "g" }), []);
    assert.deepEqual(uredisSource.findFailures({ regionType: "normal" }), []);
  });

  it("asks for every argument, and for nothing that was not given", async () => {
    const asked: unknown[] = [];
    const api = {
      listURedisBackups: (...args: unknown[]) => void asked.push(args),
    } as unknown as RedisBackupApi;
    const args = { groupId: "g", regionType: "source", slaveZone: "z", backupId: "b" } as const;
    await uredisSource.list(api, { ...args, region: "not this one" }, { region: "r", projectId: "p" });
    await uredisSource.list(api, { groupId: "g" }, PLACE, { offset: 5 });
    assert.deepEqual(asked[0], [{ ...args, region: "r", projectId: "p" }, undefined]);
    assert.deepEqual(JSON.parse(JSON.stringify(asked[1])), [
      { region: "cn-bj2", groupId: "g" },
      { offset: 5 },
    ]);
  });

  it("keeps only the backup asked for, whatever the API returns", () => {
    const rows = [{ BackupId: "a" }, { BackupId: "b" }, {}];
    const read = (args: { backupId?: string }): string[] =>
      uredisSource.read(rows.map(readURedisBackup), WHOLE, args).map(({ backupId }) => backupId);
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
    [[undefined, undefined], undefined, false],
    [["g", "h"], undefined, true],
    [["g", undefined], undefined, true],
    [["g", "h"], "g", true],
    [["h"], "g", true],
    [["G"], "g", true],
  ] as const) {
    const asked = groupId === undefined ? "when no group was named" : `when ${groupId} was asked for`;
    it(`${isRefused ? "refuses" : "takes"} backups of [${groups.join(", ")}] ${asked}`, () => {
      const check = (): void =>
        uredisSource.requireOneOwner(ofGroups(...groups), groupId === undefined ? {} : { groupId });
      if (isRefused) assert.throws(check, { code: "AmbiguousSource", message: /`groupId`/ });
      else check();
    });
  }

  it("names a few of many groups, on one line, in characters that print", () => {
    const groups = Array.from({ length: 9 }, (_, i) => `uredis-${i}\n\u001b[2J${"x".repeat(500)}`);
    assert.throws(
      () => uredisSource.requireOneOwner(ofGroups(...groups), {}),
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
      assert.equal(uredisSource.describe(args, { region: "cn-bj2", projectId }), expected);
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
    await umemSource.list(api, args, { region: "r", projectId: "p" }, { limit: 1 });
    assert.deepEqual(asked, [[{ region: "r", projectId: "p", ...args }, { limit: 1 }]]);
    assert.deepEqual(umemSource.findFailures(args), []);
  });

  it("reads a lone row as a whole backup only where it has seen all rows", () => {
    const rows = [{ BackupId: "a", State: "Done", BlockCount: 2 }];
    const [whole] = umemSource.read(rows.map(readUMemBlock), WHOLE, args);
    const [part] = umemSource.read(rows.map(readUMemBlock), { isWholeListing: false }, args);
    assert.deepEqual([whole?.usable, part?.usable], [true, false]);
  });

  it("takes rows that name no space for the one asked for, and refuses another's", () => {
    umemSource.requireOneOwner(ofSpaces("s", undefined), args);
    for (const spaces of [["s", "t"], ["t"]]) {
      assert.throws(() => umemSource.requireOneOwner(ofSpaces(...spaces), args), {
        code: "AmbiguousSource",
        message: /`t`.*`spaceId`/,
      });
    }
  });

  it("is described by its space, zone, region and project", () => {
    assert.equal(
      umemSource.describe(args, { region: "r", projectId: "p" }),
      "UMem space s in z, r, project p",
    );
  });
});
