import assert from "node:assert/strict";
import {
  createRedisBackupApi,
  type RedisBackupApi,
  umemService,
  type URedisArgs,
  uredisService,
} from "../../provider/backups/services";
import { readUMemBlock } from "../../provider/backups/umem";
import { readURedisBackup } from "../../provider/backups/uredis";
import type { UMemBackup, URedisBackup } from "../../provider/schemaTypes";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { FakeClient } from "../support/fakeClient";
import { listURedisRows } from "../support/rowListings";

const SCOPE = { region: "cn-bj2", projectId: undefined };

function ofGroups(...groups: readonly (string | undefined)[]): URedisBackup[] {
  return groups.map((groupId, i) => ({
    backupId: `b${i}`,
    usable: true,
    ...(groupId === undefined ? {} : { groupId }),
  }));
}

function ofSpaces(...spaces: readonly (string | undefined)[]): UMemBackup[] {
  const backup = { state: "Done", blocksDone: 1, blocks: [], usable: true };
  return spaces.map((spaceId, i) => ({
    ...backup,
    backupId: `b${i}`,
    ...(spaceId === undefined ? {} : { spaceId }),
  }));
}

describe("the listing of databases", () => {
  it("is shared by equal calls that are under way at the same time, and by no others", async () => {
    const client = new FakeClient(() => Promise.resolve({ RetCode: 0, TotalCount: 0, DataSet: [] }));
    const { listDatabases } = createRedisBackupApi(client);
    const scopes = [SCOPE, { ...SCOPE }, { ...SCOPE, region: "cn-sh2" }, { ...SCOPE, projectId: "org-1" }];
    await Promise.all(scopes.map((scope) => listDatabases(scope)));
    assert.equal(client.calls.length, 3);
    await listDatabases(SCOPE);
    assert.equal(client.calls.length, 4, "a later one is read anew");
  });

  it("is read again after a failure", async () => {
    let calls = 0;
    const client = new FakeClient(() => {
      calls += 1;
      if (calls === 1) throw new Error("no answer");
      return { RetCode: 0, TotalCount: 0, DataSet: [] };
    });
    const { listDatabases } = createRedisBackupApi(client);
    await assert.rejects(listDatabases(SCOPE), /no answer/);
    assert.deepEqual(await listDatabases(SCOPE), { databases: [], isComplete: true });
  });
});

describe("the row readers", () => {
  let nested: unknown = [];
  for (let level = 0; level < 100_000; level++) nested = [nested];
  const excess = { GroupName: nested, Protocol: nested, BackupName: "n".repeat(1025), Url: "x?Signature=b" };

  it("keep the fields of the API's page, and nothing that is large, nested or unknown", () => {
    const id = "g".repeat(1024);
    const uredis = readURedisBackup({ BackupId: "a", GroupId: id, State: "Success", ...excess });
    assert.deepEqual(uredis, { backupId: "a", groupId: id, state: "Success", usable: true });
    const umem = readUMemBlock({ BackupId: "a", SpaceId: id, State: "Done", ...excess });
    assert.deepEqual(umem, { backupId: "a", spaceId: id, state: "Done" });
  });

  it("keep rows without an id apart, although they are read into the same", async () => {
    const times = [1_700_000_000.25, 1_700_000_000.75, "today", "yesterday"];
    const rows = times.map((time) => ({ BackupTime: time, CreateTime: time, State: "Success" }));
    const client = new FakeClient(({ parameters: { Offset } }) => ({
      RetCode: 0,
      TotalCount: rows.length,
      DataSet: rows.slice(Number(Offset)),
    }));
    const api = createRedisBackupApi(client);
    const uredis = await api.listURedisBackups({ region: "r", groupId: "g" });
    const umem = await api.listUMemBackups({ region: "r", zone: "z", spaceId: "s" });
    assert.deepEqual([uredis.rows.length, umem.rows.length], [rows.length, rows.length]);
    assert.deepEqual([...uredis.warnings, ...umem.warnings], []);
  });
});

describe("the URedis service", () => {
  const read = (rows: readonly JsonObject[], args: URedisArgs = {}) =>
    uredisService.read(listURedisRows(rows), { args });
  const assertSingle = (backups: readonly URedisBackup[], args: URedisArgs): void =>
    uredisService.assertSingleDatabase(backups, { args, scope: SCOPE });

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
    const scope = { region: "r", projectId: "p" };
    await uredisService.list(api, { args: { ...args, region: "not this one" }, scope });
    await uredisService.list(api, { args: { groupId: "g" }, scope: SCOPE, page: { offset: 5 } });
    assert.deepEqual(asked[0], [{ ...args, region: "r", projectId: "p" }, undefined]);
    assert.deepEqual(JSON.parse(JSON.stringify(asked[1])), [
      { region: "cn-bj2", groupId: "g" },
      { offset: 5 },
    ]);
  });

  it("keeps only the backup asked for, whatever the API returns", () => {
    const rows = [{ BackupId: "a" }, { BackupId: "b" }, {}];
    const ids = [{}, { backupId: "b" }, { backupId: "c" }].map((args) =>
      read(rows, args).backups.map(({ backupId }) => backupId),
    );
    assert.deepEqual(ids, [["a", "b", ""], ["b"], []]);
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
    const asked = groupId === undefined ? "if no group was named" : `if ${groupId} was asked for`;
    it(`${isRefused ? "refuses" : "accepts"} backups of [${groups.join(", ")}] ${asked}`, () => {
      const check = (): void => assertSingle(ofGroups(...groups), groupId === undefined ? {} : { groupId });
      if (isRefused) assert.throws(check, { code: "AmbiguousSource", message: /`groupId`/ });
      else check();
    });
  }

  it("names the groups found, what was asked for and the argument that decides", () => {
    assert.throws(() => assertSingle(ofGroups("h", undefined, "g"), {}), {
      message:
        "[AmbiguousSource] normal URedis groups: the backups belong to several groups.\n" +
        "Found backups of: `g`, `h`, some that the API did not name.\n" +
        "Asked for: the normal URedis groups in cn-bj2.\n" +
        "Name one with `groupId`, so that no other database is restored.",
    });
    assert.throws(() => assertSingle(ofGroups("h"), { groupId: "g" }), {
      message:
        "[AmbiguousSource] g: the API returned backups of another group.\nFound backups of: `h`.\n" +
        "Asked for: URedis group g in cn-bj2.\nCheck `groupId`, so that no other database is restored.",
    });
  });

  it("names five of many groups, in printable characters", () => {
    const groups = Array.from({ length: 9 }, (_, i) => `uredis-${i}\n\u001b[2J${"x".repeat(500)}`);
    assert.throws(
      () => assertSingle(ofGroups(...groups), {}),
      ({ message }: Error) => {
        assert.match(message, /uredis-0.*uredis-4.* and 4 more\./);
        assert.doesNotMatch(message, /(?!\n)\p{Cc}|uredis-5/u);
        assert.equal(message.split("\n").length, 4);
        return message.length < 1000;
      },
    );
  });

  it("does not hide that one id was listed for two groups", () => {
    const row = { BackupId: "a", State: "Success", GroupId: "g" };
    const rows = [row, { ...row, GroupId: "h" }];
    for (const given of [rows, [...rows].reverse()]) {
      for (const args of [{ groupId: "g" }, { groupId: "h" }, { regionType: "normal" } as const]) {
        const { backups } = read(given, args);
        assert.throws(() => assertSingle(backups, args), { code: "AmbiguousSource" });
      }
    }
  });

  for (const [args, projectId, name, description] of [
    [{ groupId: "g" }, undefined, "g", "URedis group g in cn-bj2"],
    [{ groupId: "g", backupId: "b" }, "p", "g", "backup b of URedis group g in cn-bj2, project p"],
    [{ regionType: "target" }, undefined, "target URedis groups", "the target URedis groups in cn-bj2"],
    [{ groupId: "a\nb" }, undefined, "a\uFFFDb", "URedis group a\uFFFDb in cn-bj2"],
  ] as const) {
    it(`describes a query as "${description}"`, () => {
      const subject = uredisService.describe({ args, scope: { region: "cn-bj2", projectId } });
      assert.deepEqual(subject, { name, description });
    });
  }
});

describe("the UMem service", () => {
  const args = { zone: "z", spaceId: "s" };
  const query = { args, scope: { region: "r", projectId: "p" } };

  it("asks for every argument", async () => {
    const asked: unknown[] = [];
    const api = {
      listUMemBackups: (...given: unknown[]) => void asked.push(given),
    } as unknown as RedisBackupApi;
    await umemService.list(api, { ...query, page: { limit: 1 } });
    assert.deepEqual(asked, [[{ region: "r", projectId: "p", ...args }, { limit: 1 }]]);
    assert.deepEqual(umemService.findFailures(args), []);
  });

  it("counts rows that name no space as of the one asked for, and refuses another's", () => {
    umemService.assertSingleDatabase(ofSpaces("s", undefined), query);
    for (const spaces of [["s", "t"], ["t"]]) {
      assert.throws(() => umemService.assertSingleDatabase(ofSpaces(...spaces), query), {
        code: "AmbiguousSource",
        message: /`t`[^]*`spaceId`/,
      });
    }
  });

  it("describes a query by its space, zone, region and project", () => {
    assert.deepEqual(umemService.describe(query), {
      name: "s",
      description: "UMem space s in z, r, project p",
    });
  });
});
