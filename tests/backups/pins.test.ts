import assert from "node:assert/strict";
import type { LookupContext } from "../../provider/backups/lookup";
import { pinOperations } from "../../provider/backups/pins";
import type { RedisBackupApi } from "../../provider/backups/services";
import type { UMemRows } from "../../provider/ucloud/settings";
import type { PageRequest, UMemQuery, URedisQuery } from "../../provider/ucloud/actions";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { Listing } from "../../provider/ucloud/paging";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { listUMemRows, listURedisRows } from "./shards";

const uredis = pinOperations["ucloud-redis:index:URedisBackupPin"];
const umem = pinOperations["ucloud-redis:index:UMemBackupPin"];
const NOW_SECONDS = 1_700_000_000;
const GROUP = { groupId: "g" };
const SPACE = { zone: "z", spaceId: "s" };

/** A cloud that answers each query as it is told, and what the user was warned of. */
class Cloud implements LookupContext {
  region: string | undefined = "cn-bj2";
  projectId: string | undefined = undefined;
  umemRows: UMemRows | undefined = undefined;
  readonly asked: Record<string, unknown>[] = [];
  readonly warnings: string[] = [];
  readonly notices: string[] = [];
  listingWarnings: string[] = [];
  readonly now = (): Date => new Date(NOW_SECONDS * 1000);
  readonly warn = (text: string): void => void this.warnings.push(text);
  readonly inform = (text: string): void => void this.notices.push(text);

  constructor(public answer: (query: Partial<URedisQuery & UMemQuery>) => JsonObject[] = () => []) {}

  readonly openApi = (): RedisBackupApi => {
    const list =
      <Row>(listRows: (rows: JsonObject[], facts: Pick<Listing<Row>, "warnings">) => Listing<Row>) =>
      async (query: Partial<URedisQuery & UMemQuery>, page?: PageRequest) => {
        assert.equal(page, undefined, "a pin reads everything");
        this.asked.push(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)));
        return Promise.resolve(listRows(this.answer(query), { warnings: this.listingWarnings }));
      };
    return { listURedisBackups: list(listURedisRows), listUMemBackups: list(listUMemRows) };
  };
}

function createRow(BackupId: string, hoursAgo = 1, State = "Success"): JsonObject {
  return { BackupId, State, GroupId: "g", BackupTime: NOW_SECONDS - hoursAgo * 3600 };
}

function createShards(BackupId: string, states: string[], count = states.length): JsonObject[] {
  return states.map((State) => ({
    BackupId,
    State,
    BlockCount: count,
    SpaceId: "s",
    CreateTime: NOW_SECONDS - 60,
  }));
}

describe("choosing for a pin", () => {
  it("keeps the arguments, the newest usable backup and what was passed over, under the place's id", async () => {
    const cloud = new Cloud(() => [createRow("old", 9), createRow("new", 2), createRow("bad", 1, "Error")]);
    const args = { ...GROUP, maxAge: "1d", triggers: { a: "1" }, nameRegex: null, states: undefined };
    const { id, state } = await uredis.choose(args, cloud);
    assert.equal(id, "cn-bj2/g/new");
    const { skipped, ...kept } = state;
    assert.deepEqual(
      (skipped as { backupId: string }[]).map(({ backupId }) => backupId),
      ["bad"],
    );
    assert.deepEqual(kept, {
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
    });
  });

  it("names the place of UMem, by the call's region before the settings'", async () => {
    const cloud = new Cloud(() => createShards("b", ["Done", "Done"]));
    const { id, state } = await umem.choose({ ...SPACE, region: "hk", projectId: "org" }, cloud);
    assert.equal(id, "hk/z/s/b");
    assert.deepEqual([state["projectId"], state["usable"]], ["org", true]);
  });

  it("warns of what may not be the newest, as the function does, and chooses none where that is open", async () => {
    const undated = ["u", "v"].map((id) => ({ ...createRow(id), BackupTime: undefined }));
    const cloud = new Cloud(() => [createRow("a"), ...undated]);
    assert.equal((await uredis.choose(GROUP, cloud)).state["backupId"], "a");
    assert.match(cloud.warnings.join(), /passed over and may be newer: `u`, `v`\.$/);
    await assert.rejects(uredis.choose(GROUP, new Cloud(() => undated)), { code: "AmbiguousSource" });
  });

  it("refuses what is stale or not there, as the function does", async () => {
    const cloud = new Cloud(() => [createRow("old", 9)]);
    await assert.rejects(uredis.choose({ ...GROUP, maxAge: "1h" }, cloud), { code: "StaleBackup" });
    await assert.rejects(umem.choose(SPACE, new Cloud()), { code: "NoBackups" });
  });
});

describe("refreshing a pin", () => {
  const state = { ...GROUP, region: "hk", backupId: "b", usable: true, stale: false, triggers: { a: "1" } };
  const id = "hk/g/b";

  it("asks for the pinned backup where it was found, whatever the settings say now", async () => {
    const cloud = new Cloud(() => [createRow("b")]);
    cloud.projectId = "org-of-now";
    await uredis.refresh({ id, state: { ...state, regionType: "target", slaveZone: "z2" } }, cloud);
    await umem.refresh({ id: "hk/z/s/b", state: { ...SPACE, ...state, projectId: "org" } }, cloud);
    assert.deepEqual(cloud.asked, [
      { region: "hk", groupId: "g", regionType: "target", slaveZone: "z2", backupId: "b" },
      { region: "hk", projectId: "org", ...SPACE },
    ]);
  });

  it("takes over what the cloud says now, and keeps all else", async () => {
    const cloud = new Cloud(() => [createRow("newer", 0), { ...createRow("b"), BackupName: "renamed" }]);
    const refreshed = await uredis.refresh({ id, state }, cloud);
    assert.deepEqual([refreshed["backupId"], refreshed["backupName"]], ["b", "renamed"]);
    assert.deepEqual([refreshed["triggers"], refreshed["stale"]], [{ a: "1" }, false]);
    assert.deepEqual(cloud.warnings, []);
  });

  const lost: [what: string, kind: "uredis" | "umem", rows: JsonObject[], state: unknown, reason: RegExp][] =
    [
      ["vanished", "uredis", [createRow("other")], undefined, /hk\/g\/b is no longer listed/],
      [
        "expired",
        "uredis",
        [createRow("b", 1, "Expired")],
        "Expired",
        /hk\/g\/b cannot be restored: expired/,
      ],
      ["vanished", "umem", createShards("other", ["Done", "Done"]), undefined, /is no longer listed/],
      [
        "lost a shard",
        "umem",
        [...createShards("b", ["Done"], 2), ...createShards("other", ["Done", "Done"])],
        "Starting",
        /cannot be restored: 1 of 2 shards missing\. The pin/,
      ],
      [
        "is a lone row of two shards",
        "umem",
        createShards("b", ["Done"], 2),
        "Starting",
        /cannot be restored: 1 of 2 shards missing, unless .* set `umemRows` to `backups`\. The pin/,
      ],
      [
        "is listed as usable and as expired",
        "uredis",
        [createRow("b", 1, "Expired"), createRow("b")],
        "Expired",
        /hk\/g\/b cannot be restored: expired/,
      ],
    ];
  for (const [what, kind, rows, cloudState, reason] of lost) {
    it(`keeps a ${kind} backup that ${what}, as unusable, and says how to choose another one`, async () => {
      const cloud = new Cloud(() => rows);
      const service = kind === "uredis" ? uredis : umem;
      const refreshed = await service.refresh({ id, state: { ...SPACE, ...state } }, cloud);
      assert.deepEqual(
        [refreshed["backupId"], refreshed["usable"], refreshed["state"]],
        ["b", false, cloudState],
      );
      assert.equal(cloud.warnings.length, 1);
      assert.match(cloud.warnings[0] ?? "", reason);
      assert.match(cloud.warnings[0] ?? "", /The pin keeps it; change its `triggers`/);
    });
  }

  it("takes a lone UMem row for a backup where the settings say so", async () => {
    const cloud = new Cloud(() => createShards("b", ["Done"], 2));
    cloud.umemRows = "backups";
    const refreshed = await umem.refresh({ id: "hk/z/s/b", state: { ...SPACE, ...state } }, cloud);
    assert.deepEqual([refreshed["usable"], cloud.warnings], [true, []]);
    assert.equal((await umem.choose({ ...SPACE, region: "hk" }, cloud)).id, "hk/z/s/b");
    assert.equal((await umem.import("hk/z/s/b", cloud)).state["usable"], true);
  });

  it("fails when the cloud does, and takes no backup for gone because of it", async () => {
    const cloud = new Cloud(() => {
      throw new RedisBackupError("Unavailable", "down");
    });
    await assert.rejects(uredis.refresh({ id, state }, cloud), { code: "Unavailable" });
    assert.deepEqual(cloud.warnings, []);
  });

  it("passes on what the listing warns of", async () => {
    const cloud = new Cloud(() => [createRow("b")]);
    cloud.listingWarnings = ["The list kept changing."];
    await uredis.refresh({ id, state }, cloud);
    assert.match(cloud.warnings.join(), /^The list kept changing\. \(id b of URedis group g in hk\)$/);
  });
});

describe("adopting a backup by its id", () => {
  const places: [found: string | undefined, asked: (string | undefined)[]][] = [
    [undefined, [undefined]],
    ["target", [undefined, "target"]],
    ["source", [undefined, "target", "source"]],
  ];
  for (const [found, asked] of places) {
    it(`asks for it as ${asked.map((each) => each ?? "normal").join(", then as ")}, until it is found (${found ?? "normal"})`, async () => {
      const cloud = new Cloud(({ regionType }) => (regionType === found ? [createRow("b")] : []));
      const { args, state } = await uredis.import("hk/g/b", cloud);
      assert.deepEqual(
        cloud.asked.map(({ regionType }) => regionType),
        asked,
      );
      assert.deepEqual(args, { ...GROUP, region: "hk", ...(found && { regionType: found }) });
      assert.deepEqual([state["backupId"], state["stale"], state["skipped"]], ["b", false, []]);
      assert.equal(uredis.formatId(state), "hk/g/b");
    });
  }

  it("takes what follows the last known slash for the backup's id, slashes included", async () => {
    const ofGroup = await uredis.import("hk/g/a/b//c", new Cloud(() => [createRow("a/b//c")]));
    const ofSpace = await umem.import("hk/z/s/a/b", new Cloud(() => createShards("a/b", ["Done"])));
    assert.deepEqual([ofGroup.state["backupId"], ofSpace.state["backupId"]], ["a/b//c", "a/b"]);
    assert.deepEqual(
      [uredis.formatId(ofGroup.state), umem.formatId(ofSpace.state)],
      ["hk/g/a/b//c", "hk/z/s/a/b"],
    );
    assert.deepEqual(ofSpace.args, { ...SPACE, region: "hk" });
  });

  it("asks for each type by name where the id has no group", async () => {
    const cloud = new Cloud();
    await assert.rejects(uredis.import("hk//b", cloud), { code: "NotFound" });
    const types = cloud.asked.map(({ groupId, regionType }) => [groupId, regionType]);
    assert.deepEqual(types, [
      [undefined, "normal"],
      [undefined, "target"],
      [undefined, "source"],
    ]);
  });

  it("refuses the backup of another group than the id says, and never takes it for a refreshed one", async () => {
    const cloud = new Cloud(() => [createRow("b")]);
    await assert.rejects(uredis.import("hk/mine/b", cloud), { code: "AmbiguousSource", message: /`g`/ });
    const state = { region: "hk", groupId: "mine", backupId: "b", usable: true };
    await assert.rejects(uredis.refresh({ id: "hk/mine/b", state }, cloud), { code: "AmbiguousSource" });
  });

  it("asks the settings' project, and keeps it in state, for the next refresh", async () => {
    const cloud = new Cloud(() => [createRow("b")]);
    cloud.projectId = "org";
    const { args, state } = await uredis.import("hk/g/b", cloud);
    assert.deepEqual(
      [cloud.asked[0]?.["projectId"], state["projectId"], args["projectId"]],
      ["org", "org", undefined],
    );
  });

  it("adopts an unusable one too, with a warning", async () => {
    const cloud = new Cloud(() => [createRow("b", 1, "Error")]);
    const { state } = await uredis.import("hk/g/b", cloud);
    assert.equal(state["usable"], false);
    assert.match(cloud.warnings.join(), /hk\/g\/b cannot be restored: failed/);
  });

  it("reports one that is nowhere as not found", async () => {
    const cloud = new Cloud(() => [createRow("other")]);
    await assert.rejects(uredis.import("hk/g/b", cloud), { code: "NotFound", message: /`hk\/g\/b`/ });
    assert.equal(cloud.asked.length, 3);
    await assert.rejects(umem.import("hk/z/s/b", new Cloud()), { code: "NotFound" });
  });

  const malformed: [kind: "uredis" | "umem", id: string][] = [
    ...["", "b", "hk/g", "hk/g/", "/g/b", "//b"].map((id): (typeof malformed)[number] => ["uredis", id]),
    ...["", "b", "hk/z/b", "hk/z/s/", "hk//s/b"].map((id): (typeof malformed)[number] => ["umem", id]),
  ];
  for (const [kind, id] of malformed) {
    it(`refuses "${id}" of ${kind} without asking, and names the format`, async () => {
      const cloud = new Cloud();
      const message = kind === "uredis" ? /REGION\/GROUPID\/BACKUPID/ : /REGION\/ZONE\/SPACEID\/BACKUPID/;
      const service = kind === "uredis" ? uredis : umem;
      await assert.rejects(service.import(id, cloud), { code: "InvalidArgument", message });
      assert.deepEqual(cloud.asked, []);
    });
  }
});

describe("changing a pin", () => {
  it("that is adopted, to a program that names the same place or the settings', changes nothing", async () => {
    const cloud = new Cloud(() => [createRow("b")]);
    cloud.projectId = "org";
    const { args, state } = await uredis.import("cn-bj2/g/b", cloud);
    for (const news of [GROUP, { ...GROUP, region: "cn-bj2" }, { ...GROUP, projectId: "org" }]) {
      const change = uredis.compare({ olds: args, news, state, context: cloud });
      assert.deepEqual(change, { replaces: [], updates: [] });
    }
  });

  it("keeps the choice and the other arguments when the guards change", () => {
    const state = { ...GROUP, backupId: "b", maxAge: "1d", onStale: "warn", stale: true };
    const { maxAge, onStale, ...kept } = state;
    assert.deepEqual([maxAge, onStale], ["1d", "warn"]);
    assert.deepEqual(uredis.update(state, { ...GROUP, maxAge: null, onStale: "error" }), {
      ...kept,
      onStale: "error",
    });
  });
});
