import assert from "node:assert/strict";
import { comparePins } from "../../provider/backups/pinChanges";
import { pinOperations } from "../../provider/backups/pins";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createShards, createURedisRow, FakeCloud, NOW_SECONDS } from "./fakeCloud";

const uredis = pinOperations["ucloud-redis:index:URedisBackupPin"];
const umem = pinOperations["ucloud-redis:index:UMemBackupPin"];
const GROUP = { groupId: "g" };
const SPACE = { zone: "z", spaceId: "s" };

describe("checking a pin", () => {
  it("does not miss unknown arguments, and checks the others as far as possible", () => {
    const cloud = new FakeCloud();
    cloud.region = undefined;
    uredis.check({ args: {}, unknown: new Set(["groupId", "region"]) }, cloud);
    umem.check({ args: { zone: "z" }, unknown: new Set(["spaceId", "region"]) }, cloud);
    for (const [unknown, reasons] of [
      [["groupId"], /^\[InvalidArgument\] region: is required.*; maxAge: must be a duration/],
      [["region"], /^\[InvalidArgument\] maxAge: must be a duration[^;]*$/],
      [[], /region: is required.*; groupId: is required.*; maxAge: must be/],
    ] as const) {
      const given = { args: { maxAge: "x" }, unknown: new Set<string>(unknown) };
      assert.throws(() => uredis.check(given, cloud), { message: reasons });
    }
  });
});

describe("choosing for a pin", () => {
  it("stores the arguments, the newest usable backup and the skipped ones, under an id with the scope", async () => {
    const cloud = new FakeCloud([
      createURedisRow("old", 9),
      createURedisRow("new", 2),
      createURedisRow("bad", 1, "Error"),
    ]);
    const args = { ...GROUP, maxAge: "1d", triggers: { a: "1" }, nameRegex: null, states: undefined };
    const { id, state } = await uredis.choose(args, cloud);
    assert.equal(id, "cn-bj2/g/new");
    assert.deepEqual(state, {
      ...GROUP,
      maxAge: "1d",
      triggers: { a: "1" },
      backupId: "new",
      state: "Success",
      backupTime: NOW_SECONDS - 7200,
      createdAt: "2023-11-14T20:13:20.000Z",
      usable: true,
      region: "cn-bj2",
      ageSeconds: 7200,
      stale: false,
      skipped: [{ backupId: "bad", state: "Error", createdAt: "2023-11-14T21:13:20.000Z", reason: "failed" }],
    });
    assert.equal(
      uredis.describe(state, cloud),
      "backup `new` of URedis group g in cn-bj2, made at 2023-11-14T20:13:20.000Z, 2h ago. " +
        "Newer but skipped: `bad` (failed).",
    );
  });

  it("stores the call's region rather than the settings', for UMem too", async () => {
    const cloud = new FakeCloud(createShards("b", ["Done", "Done"]));
    const { id, state } = await umem.choose({ ...SPACE, region: "hk", projectId: "org" }, cloud);
    assert.equal(id, "hk/z/s/b");
    assert.deepEqual([state["projectId"], state["usable"]], ["org", true]);
  });

  it("warns and refuses as the function does", async () => {
    const undated = ["u", "v"].map((id) => createURedisRow(id));
    const cloud = new FakeCloud([createURedisRow("a", 1), ...undated]);
    assert.equal((await uredis.choose(GROUP, cloud)).state["backupId"], "a");
    assert.match(cloud.warnings.join(), /skipped and may be newer: `u`, `v`\./);
    await assert.rejects(uredis.choose(GROUP, new FakeCloud(undated)), { code: "AmbiguousSource" });
    const old = new FakeCloud([createURedisRow("old", 9)]);
    await assert.rejects(uredis.choose({ ...GROUP, maxAge: "1h" }, old), { code: "StaleBackup" });
    await assert.rejects(umem.choose(SPACE, new FakeCloud()), { code: "NoBackups" });
  });
});

describe("refreshing a pin", () => {
  const state = { ...GROUP, region: "hk", backupId: "b", usable: true, stale: false, triggers: { a: "1" } };
  const id = "hk/g/b";

  it("asks for the pinned backup where it was found, whatever the settings say now", async () => {
    const cloud = new FakeCloud([createURedisRow("b", 1)]);
    cloud.projectId = "org-of-now";
    await uredis.refresh({ id, state: { ...state, regionType: "target", slaveZone: "z2" } }, cloud);
    await umem.refresh({ id: "hk/z/s/b", state: { ...SPACE, ...state, projectId: "org" } }, cloud);
    assert.deepEqual(cloud.asked, [
      { region: "hk", groupId: "g", regionType: "target", slaveZone: "z2", backupId: "b" },
      { region: "hk", projectId: "org", ...SPACE },
    ]);
  });

  it("updates the fields of the backup, and keeps all others", async () => {
    const renamed = { ...createURedisRow("b", 1), BackupName: "renamed" };
    const cloud = new FakeCloud([createURedisRow("newer", 0), renamed]);
    const refreshed = await uredis.refresh({ id, state }, cloud);
    assert.deepEqual([refreshed["backupId"], refreshed["backupName"]], ["b", "renamed"]);
    assert.deepEqual([refreshed["triggers"], refreshed["stale"]], [{ a: "1" }, false]);
    assert.deepEqual(cloud.warnings, []);
  });

  const other = createShards("other", ["Done", "Done"]);
  const expired = createURedisRow("b", 1, "Expired");
  const lost: {
    what: string;
    pin: typeof uredis;
    rows: JsonObject[];
    cloudState?: string;
    warning: RegExp;
  }[] = [
    {
      what: "a group that vanished",
      pin: uredis,
      rows: [createURedisRow("other", 1)],
      warning: /hk\/g\/b is no longer listed/,
    },
    {
      what: "a group that expired",
      pin: uredis,
      rows: [expired],
      cloudState: "Expired",
      warning: /hk\/g\/b cannot be restored: expired/,
    },
    {
      what: "a group that is listed as usable and as expired",
      pin: uredis,
      rows: [expired, createURedisRow("b", 1)],
      cloudState: "Expired",
      warning: /hk\/g\/b cannot be restored: expired/,
    },
    { what: "a space that vanished", pin: umem, rows: other, warning: /is no longer listed/ },
    {
      what: "a space that lost a shard",
      pin: umem,
      rows: [...createShards("b", ["Done"], 2), ...other],
      cloudState: "Starting",
      warning: /cannot be restored: 1 of 2 shards missing\. The pin/,
    },
    {
      what: "a space that is a lone row of two shards",
      pin: umem,
      rows: createShards("b", ["Done"], 2),
      cloudState: "Starting",
      warning: /cannot be restored: 1 of 2 shards missing, unless .* set `umemRows` to `backups`\. The pin/,
    },
  ];
  for (const { what, pin, rows, cloudState, warning } of lost) {
    it(`keeps a backup of ${what}, as unusable, and says how to choose another one`, async () => {
      const cloud = new FakeCloud(rows);
      const refreshed = await pin.refresh({ id, state: { ...SPACE, ...state } }, cloud);
      assert.deepEqual(
        [refreshed["backupId"], refreshed["usable"], refreshed["state"]],
        ["b", false, cloudState],
      );
      assert.equal(cloud.warnings.length, 1);
      assert.match(cloud.warnings[0] ?? "", warning);
      assert.match(cloud.warnings[0] ?? "", /The pin keeps it; change its `triggers`/);
    });
  }

  it("reads a lone UMem row as a backup if the settings say so, as choosing and importing do", async () => {
    const cloud = new FakeCloud(createShards("b", ["Done"], 2));
    cloud.umemRows = "backups";
    const refreshed = await umem.refresh({ id: "hk/z/s/b", state: { ...SPACE, ...state } }, cloud);
    assert.deepEqual([refreshed["usable"], cloud.warnings], [true, []]);
    assert.equal((await umem.choose({ ...SPACE, region: "hk" }, cloud)).id, "hk/z/s/b");
    assert.equal((await umem.import("hk/z/s/b", cloud)).state["usable"], true);
  });

  it("fails if the API does, and does not report the backup as gone", async () => {
    const cloud = new FakeCloud(() => {
      throw new RedisBackupError("Unavailable", "down");
    });
    await assert.rejects(uredis.refresh({ id, state }, cloud), { code: "Unavailable" });
    assert.deepEqual(cloud.warnings, []);
  });

  it("shows the warnings of the listing", async () => {
    const cloud = new FakeCloud([createURedisRow("b", 1)], { warnings: ["The list kept changing."] });
    await uredis.refresh({ id, state }, cloud);
    assert.deepEqual(cloud.warnings, ["The list kept changing. (backup b of URedis group g in hk)"]);
  });

  it("refuses the backup of another group", async () => {
    const cloud = new FakeCloud([createURedisRow("b", 1)]);
    const mine = { id: "hk/mine/b", state: { ...state, groupId: "mine" } };
    await assert.rejects(uredis.refresh(mine, cloud), { code: "AmbiguousSource" });
  });
});

describe("warnings of a pin", () => {
  it("show an id from a hostile API in one line", async () => {
    const evil = "b\n[StaleBackup] forged\u001b[31m";
    const cloud = new FakeCloud([]);
    const state = { ...GROUP, region: "hk", backupId: evil, usable: true };
    await uredis.refresh({ id: `hk/g/${evil}`, state }, cloud);
    assert.equal(cloud.warnings.length, 1);
    assert.match(cloud.warnings[0] ?? "", /^The pinned backup hk\/g\/b\P{Cc}*$/u);
  });
});

describe("changing a pin", () => {
  it("that was imported, to a program that names the same scope or the settings', changes nothing", async () => {
    const cloud = new FakeCloud([createURedisRow("b", 1)]);
    cloud.projectId = "org";
    const { args, state } = await uredis.import("cn-bj2/g/b", cloud);
    for (const news of [GROUP, { ...GROUP, region: "cn-bj2" }, { ...GROUP, projectId: "org" }]) {
      const change = comparePins({ olds: args, news, state, context: cloud });
      assert.deepEqual(change, { replaces: [], updates: [] });
    }
  });

  it("that was imported replaces it if a new filter drops the backup", async () => {
    const cloud = new FakeCloud([createURedisRow("b", 1)]);
    const { args, state } = await uredis.import("cn-bj2/g/b", cloud);
    const compare = (news: object) =>
      comparePins({ olds: args, news: { ...GROUP, ...news }, state, context: cloud, isImported: true });
    assert.deepEqual(compare({ states: ["success"] }), { replaces: [], updates: ["states"] });
    assert.deepEqual(compare({ states: ["Error"] }), { replaces: ["states"], updates: [] });
  });

  it("keeps the choice and the other arguments if only maxAge and onStale change", () => {
    const kept = { ...GROUP, backupId: "b", stale: true };
    const state = { ...kept, maxAge: "1d", onStale: "warn" };
    const news = { ...GROUP, maxAge: null, onStale: "error" };
    assert.deepEqual(uredis.update(state, news), { ...kept, onStale: "error" });
  });
});
