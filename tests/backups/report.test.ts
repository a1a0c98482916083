import assert from "node:assert/strict";
import type { GetRedisBackupReportResult } from "../../provider/schemaTypes";
import type { Database } from "../../provider/ucloud/databases";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createGroup, createShards, createSpace, createURedisRow, FakeCloud, NOW_SECONDS } from "./fakeCloud";

const TOKEN = "ucloud-redis:index:getRedisBackupReport";
const HOUR = 3600;

/** The backups of a database, or what its lookup fails with. */
type Backups = Readonly<Record<string, readonly JsonObject[] | RedisBackupError>>;

/** A cloud with these databases in each region, and with backups by the ids of their databases. */
function createCloud(
  regions: Readonly<Record<string, readonly Database[] | RedisBackupError>>,
  backups: Backups = {},
): FakeCloud {
  const cloud = new FakeCloud(({ groupId, spaceId }) => {
    const id = groupId ?? spaceId ?? "";
    const rows = backups[id] ?? [];
    if (rows instanceof RedisBackupError) throw rows;
    return rows.map((row) => ({ ...row, ...(groupId === undefined ? { SpaceId: id } : { GroupId: id }) }));
  });
  cloud.listDatabases = ({ region }) => {
    const databases = regions[region] ?? [];
    if (databases instanceof RedisBackupError) throw databases;
    return { databases, isComplete: true };
  };
  return cloud;
}

function pick(report: GetRedisBackupReportResult, keys: readonly string[]): unknown[] {
  return report.databases.map((each) => keys.map((key) => (each as unknown as Record<string, unknown>)[key]));
}

async function fail(cloud: FakeCloud, args: object = {}): Promise<string> {
  const error: unknown = await cloud.call(TOKEN, { ...args }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RedisBackupError, String(error));
  return error.message;
}

const fresh = [createURedisRow("new", 5)];
const old = [createURedisRow("old", 48)];
const failed = [createURedisRow("failed", 1, "Error")];
const running = [createURedisRow("running", 1, "Backuping")];
const forbidden = new RedisBackupError(
  "Forbidden",
  "DescribeURedisBackup failed: RetCode 299. Ask for rights.",
);
const unavailable = new RedisBackupError(
  "Unavailable",
  "DescribeUMem (Region cn-sh2) failed: refused. Try again.",
);

describe("getRedisBackupReport", () => {
  it("finds the groups and spaces of a region, and the newest usable backup of each", async () => {
    const databases = [
      createGroup("uredis-1", { name: "orders", size: 4, version: "6.0", tag: "shop", autoBackup: true }),
      createSpace("udredis-1", { name: "queue", zone: "z2" }),
    ];
    const cloud = createCloud(
      { "cn-bj2": databases },
      { "uredis-1": [...failed, ...fresh, ...old], "udredis-1": createShards("whole", ["Done", "Done"]) },
    );
    const createdAt = new Date((NOW_SECONDS - 30 * 24 * HOUR) * 1000).toISOString();
    assert.deepEqual(await cloud.call(TOKEN, {}), {
      databases: [
        {
          ...{
            kind: "uredis",
            id: "uredis-1",
            name: "orders",
            region: "cn-bj2",
            zone: "z",
            state: "Running",
          },
          ...{ size: 4, version: "6.0", tag: "shop", autoBackup: true, createdAt, fresh: false },
          latest: { backupId: "new", createdAt: new Date((NOW_SECONDS - 5 * HOUR) * 1000).toISOString() },
          ageSeconds: 5 * HOUR,
          message: "Newest usable backup `new` is 5h old.",
        },
        {
          ...{ kind: "umem", id: "udredis-1", name: "queue", region: "cn-bj2", zone: "z2", state: "Running" },
          ...{ createdAt, fresh: false },
          latest: { backupId: "whole", createdAt: new Date((NOW_SECONDS - 60) * 1000).toISOString() },
          ageSeconds: 60,
          message: "Newest usable backup `whole` is 1m old.",
        },
      ],
      regions: [{ region: "cn-bj2", databases: 2 }],
      ...{ checked: 2, healthy: 2, faulty: 0, fresh: 0 },
    });
    assert.deepEqual(cloud.warnings, []);
  });

  it("asks in the regions and the project given, each region once", async () => {
    const cloud = createCloud({ a: [createGroup("g1")], b: [createGroup("g2")] }, { g1: fresh, g2: fresh });
    const report = await cloud.call(TOKEN, { regions: ["a", "b", "a"], projectId: "org-1" });
    assert.deepEqual(report.regions, [
      { region: "a", databases: 1 },
      { region: "b", databases: 1 },
    ]);
    assert.equal(report.projectId, "org-1");
    assert.deepEqual(cloud.asked, [
      { region: "a", projectId: "org-1", groupId: "g1" },
      { region: "b", projectId: "org-1", groupId: "g2" },
    ]);
  });

  it("sorts the worst first: failed lookups, no backups, none usable, stale, fresh, healthy by age", async () => {
    const young = { createTime: NOW_SECONDS - HOUR };
    const ids = ["older", "healthy", "oldest", "fresh", "stale", "stalest", "unusable", "empty", "forbidden"];
    const databases = ids.map((id) => createGroup(id, id === "fresh" ? young : {}));
    const cloud = createCloud(
      { "cn-bj2": databases },
      {
        ...{ older: [createURedisRow("b", 20)], oldest: [createURedisRow("b", 25)], healthy: fresh },
        ...{ stale: old, stalest: [createURedisRow("b", 90)], unusable: failed, forbidden },
      },
    );
    const report = await cloud.call(TOKEN, { onStale: "warn" });
    assert.deepEqual(pick(report, ["id", "fault"]), [
      ["forbidden", "Forbidden"],
      ["empty", "NoBackups"],
      ["unusable", "NoUsableBackup"],
      ["stalest", "StaleBackup"],
      ["stale", "StaleBackup"],
      ["fresh", undefined],
      ["oldest", undefined],
      ["older", undefined],
      ["healthy", undefined],
    ]);
    const { checked, healthy, faulty, fresh: young1 } = report;
    assert.deepEqual([checked, healthy, faulty, young1], [9, 3, 5, 1]);
    assert.equal(cloud.warnings.length, 1);
    assert.match(
      cloud.warnings[0] ?? "",
      /^\[Forbidden\] 5 of 9 databases have no backup to rely on: forbidden \[/,
    );
  });

  it("keeps the stale backup and its age in the entry, with what is newer but not usable", async () => {
    const cloud = createCloud(
      { "cn-bj2": [createGroup("g1", { autoBackup: false })] },
      { g1: [...failed, ...old] },
    );
    const { databases } = await cloud.call(TOKEN, { onStale: "warn" });
    const [{ latest, ageSeconds, message } = { latest: undefined, ageSeconds: 0, message: "" }] = databases;
    assert.deepEqual([latest?.backupId, ageSeconds], ["old", 48 * HOUR]);
    assert.equal(
      message,
      "Newest usable backup is 2d old, maxAge 26h; a newer one cannot be restored: failed; automatic backups are off.",
    );
  });

  for (const [what, rows, isFresh] of [
    ["no backup", [], true],
    ["only running backups", running, true],
    ["a failed backup", [...running, ...failed], false],
  ] as const) {
    it(`takes a database that is younger than maxAge and has ${what} for ${isFresh ? "fresh" : "faulty"}`, async () => {
      const cloud = createCloud(
        { "cn-bj2": [createGroup("g1", { createTime: NOW_SECONDS - 25 * HOUR })] },
        { g1: rows },
      );
      const report = await cloud.call(TOKEN, { onStale: "warn" });
      assert.deepEqual([report.fresh, report.faulty], isFresh ? [1, 0] : [0, 1]);
    });
  }

  for (const [what, createTime] of [
    ["is as old as maxAge", NOW_SECONDS - 26 * HOUR],
    ["has no known time", undefined],
    ["is dated in the future", NOW_SECONDS + 2 * HOUR],
  ] as const) {
    it(`takes a database without backups that ${what} for faulty`, async () => {
      const { createTime: dropped, ...rest } = createGroup("g1");
      assert.ok(dropped);
      const cloud = createCloud({
        "cn-bj2": [{ ...rest, ...(createTime === undefined ? {} : { createTime }) }],
      });
      const { faulty } = await cloud.call(TOKEN, { onStale: "warn" });
      assert.equal(faulty, 1);
    });
  }

  it("leaves out replicas, memcache, and what is being made or deleted or never ran", async () => {
    const states = ["Creating", "Starting", "CreateFail", "Deleting"];
    const cloud = createCloud(
      {
        "cn-bj2": [
          ...states.map((state) => createGroup(state, { state, createTime: NOW_SECONDS - HOUR })),
          createGroup("replica", { isReplica: true }),
          { id: "cache", isReplica: false, otherProtocol: "memcache" },
          ...["DeleteFail", "Fail", "Strange"].map((state) => createGroup(state, { state })),
        ],
      },
      { DeleteFail: fresh, Fail: fresh, Strange: fresh },
    );
    const report = await cloud.call(TOKEN, {});
    assert.deepEqual(pick(report, ["id"]).flat(), ["DeleteFail", "Fail", "Strange"]);
  });

  it("checks what starts long after it was made: it may have run before", async () => {
    const states = ["Creating", "Starting", "CreateFail", "Deleting"];
    const cloud = createCloud({ "cn-bj2": states.map((state) => createGroup(state, { state })) });
    const report = await cloud.call(TOKEN, { onStale: "warn" });
    assert.deepEqual(pick(report, ["id", "fault"]), [
      ["Creating", "NoBackups"],
      ["Starting", "NoBackups"],
    ]);
  });

  it("shows a database of an unknown type as a fault, whatever kinds are wanted", async () => {
    const { kind, ...stranger } = createGroup("new-1");
    assert.ok(kind);
    const cloud = createCloud({ "cn-bj2": [stranger, createGroup("g1")] }, { g1: fresh });
    const report = await cloud.call(TOKEN, { onStale: "warn", kinds: ["uredis"] });
    assert.deepEqual(pick(report, ["id", "kind", "fault"]), [
      ["new-1", "unknown", "BadResponse"],
      ["g1", "uredis", undefined],
    ]);
    assert.match(
      report.databases[0]?.message ?? "",
      /^The API gave it a type that this version does not know/,
    );
  });

  it("shows a space without a zone as a fault, without a request", async () => {
    const { zone, ...space } = createSpace("s1");
    assert.ok(zone);
    const cloud = createCloud({ "cn-bj2": [space] });
    const report = await cloud.call(TOKEN, { onStale: "warn" });
    assert.deepEqual(pick(report, ["fault"]), [["BadResponse"]]);
    assert.deepEqual(cloud.asked, []);
  });

  it("filters by kind, name, tag and id before any backup is asked for", async () => {
    const databases = [
      createGroup("g1", { name: "orders", tag: "shop" }),
      createGroup("g2", { name: "orders-2", tag: "Shop" }),
      createGroup("g3", { name: "other", tag: "shop" }),
      createSpace("s1", { name: "orders-3", tag: "shop" }),
      createGroup("g4", { name: "orders-4", tag: "shop" }),
    ];
    const cloud = createCloud({ "cn-bj2": databases }, { g1: fresh });
    const args = { kinds: ["uredis"], nameRegex: "^orders", tags: ["shop"], excludeIds: ["g4"] };
    assert.deepEqual(pick(await cloud.call(TOKEN, args), ["id"]), [["g1"]]);
    assert.equal(cloud.asked.length, 1);
    assert.deepEqual(cloud.warnings, []);
  });

  it("warns of an excluded id that no region lists, unless a region is not known in full", async () => {
    const cloud = createCloud({ a: [createGroup("g1")], b: unavailable }, { g1: fresh });
    const args = { excludeIds: ["gone-1"], onStale: "warn" };
    await cloud.call(TOKEN, { ...args, regions: ["a"] });
    assert.deepEqual(cloud.warnings, [
      "excludeIds names databases that are not in the region: `gone-1`. Remove them, or check the ids.",
    ]);
    await cloud.call(TOKEN, { ...args, regions: ["a", "b"] });
    assert.equal(cloud.warnings.length, 2);
    assert.match(cloud.warnings[1] ?? "", /^\[Unavailable\]/);
  });

  it("shows the doubts about healthy backups", async () => {
    const cloud = createCloud(
      { "cn-bj2": [createGroup("g1")] },
      { g1: [...fresh, createURedisRow("undated")] },
    );
    await cloud.call(TOKEN, {});
    assert.match(cloud.warnings.join("\n"), /^g1: usable backups without a known time were skipped/);
  });

  it("takes backups of another group for a fault of that database only", async () => {
    const cloud = createCloud({ "cn-bj2": [createGroup("g1"), createGroup("g2")] });
    const mixed = new FakeCloud(() => [{ ...createURedisRow("b", 1), GroupId: "g1" }]);
    mixed.listDatabases = cloud.listDatabases;
    const report = await mixed.call(TOKEN, { onStale: "warn" });
    assert.deepEqual(pick(report, ["id", "fault"]), [
      ["g2", "AmbiguousSource"],
      ["g1", undefined],
    ]);
  });

  it("throws on a cancelled listing or lookup, and what is no failure of the API", async () => {
    const cancelled = new RedisBackupError("Cancelled", "it was cancelled");
    assert.match(await fail(createCloud({ "cn-bj2": cancelled })), /^\[Cancelled\] it was/);
    const groups = [createGroup("g1"), createGroup("g2")];
    assert.match(await fail(createCloud({ "cn-bj2": groups }, { g1: cancelled })), /^\[Cancelled\] it was/);
    const cloud = createCloud({ "cn-bj2": groups });
    cloud.listDatabases = () => Promise.reject(new TypeError("a bug"));
    await assert.rejects(cloud.call(TOKEN, {}), TypeError);
  });
});

describe("getRedisBackupReport, when regions fail", () => {
  const groups = [createGroup("g1")];

  it("fails with the region and the databases of the others", async () => {
    const cloud = createCloud({ a: groups, "cn-sh2": unavailable }, { g1: old });
    const text = await fail(cloud, { regions: ["a", "cn-sh2"] });
    const [first = "", ...paragraphs] = text.split("\n");
    const claim = "1 of 1 database has no backup to rely on: g1 [StaleBackup]";
    const lost = "1 of 2 regions could not be listed in full: cn-sh2 [Unavailable]";
    assert.equal(first, `[Unavailable] ${claim}; ${lost}`);
    assert.deepEqual(paragraphs, [
      "- cn-sh2: [Unavailable] DescribeUMem (Region cn-sh2) failed: refused. Try again.",
      "- g1 in a: [StaleBackup] Newest usable backup is 2d old, maxAge 26h. Make a new backup, raise maxAge, or set onStale to `warn`.",
    ]);
  });

  it("does not wait for each database of a region that lists them and then hangs", async () => {
    const many = Array.from({ length: 500 }, (_, index) => createGroup(`g${index}`));
    let nowMs = NOW_SECONDS * 1000;
    let asked = 0;
    const hung = new RedisBackupError("Timeout", "no complete answer within 30 s. 4 attempts.", {
      isOutage: true,
    });
    const cloud = new FakeCloud(({ region }) => {
      if (region === "b") return fresh.map((row) => ({ ...row, GroupId: "b0" }));
      asked += 1;
      // Eight at once take two minutes.
      nowMs += 15_000;
      throw hung;
    });
    cloud.now = () => new Date(nowMs);
    cloud.listDatabases = ({ region }) => ({
      databases: region === "a" ? many : [createGroup("b0")],
      isComplete: true,
    });
    const { faulty, healthy, databases } = await cloud.call(TOKEN, { regions: ["a", "b"], onStale: "warn" });
    assert.ok(asked <= 16, `${asked} databases were asked for`);
    assert.deepEqual([faulty, healthy, new Set(databases.map(({ id }) => id)).size], [500, 1, 501]);
    const messages = databases.filter(({ fault }) => fault === "Timeout").map(({ message }) => message);
    assert.equal(messages.length, 500);
    assert.ok(
      messages.includes(
        "Its backups were not looked up, as the region does not answer; no complete answer within 30 s. 4 attempts.",
      ),
    );
  });

  it("asks for every database of a region if some of them are in trouble", async () => {
    const many = Array.from({ length: 100 }, (_, index) => createGroup(`g${index}`));
    let nowMs = NOW_SECONDS * 1000;
    const cloud = new FakeCloud(({ groupId = "" }) => {
      // Eight at once take 40 seconds.
      nowMs += 5_000;
      if (Number(groupId.slice(1)) % 2 === 0)
        throw new RedisBackupError("Timeout", "hung", { isOutage: true });
      return fresh.map((row) => ({ ...row, GroupId: groupId }));
    });
    cloud.now = () => new Date(nowMs);
    cloud.listDatabases = () => ({ databases: many, isComplete: true });
    await cloud.call(TOKEN, { onStale: "warn" });
    assert.equal(cloud.asked.length, 100);
  });

  it("returns the others with onStale warn", async () => {
    const cloud = createCloud({ a: groups, "cn-sh2": unavailable }, { g1: fresh });
    const { regions, checked, healthy, faulty } = await cloud.call(TOKEN, {
      ...{ regions: ["a", "cn-sh2"], onStale: "warn" },
    });
    assert.deepEqual(regions[1], {
      ...{ region: "cn-sh2", databases: 0, fault: "Unavailable" },
      message: "DescribeUMem (Region cn-sh2) failed: refused. Try again.",
    });
    assert.deepEqual([checked, healthy, faulty], [1, 1, 1]);
  });

  it("takes a listing that is not whole for a fault, and checks what it has", async () => {
    const cloud = createCloud({}, { g1: fresh });
    cloud.listDatabases = () => ({ databases: groups, isComplete: false });
    const { regions, healthy, faulty } = await cloud.call(TOKEN, { onStale: "warn" });
    assert.deepEqual([regions[0]?.fault, healthy, faulty], ["BadResponse", 1, 1]);
    assert.match(
      await fail(cloud),
      /^\[BadResponse\] 1 of 1 region could not be listed in full: cn-bj2 \[BadResponse\]\n/,
    );
  });

  it("fails if no region could be listed, whatever onStale and allowEmpty are", async () => {
    const args = { onStale: "warn", allowEmpty: true };
    const one = createCloud({ "cn-bj2": unavailable });
    assert.equal(await fail(one, args), unavailable.message);
    const b = new RedisBackupError("Timeout", "no answer");
    const both = createCloud({ "cn-sh2": unavailable, b });
    const text = await fail(both, { ...args, regions: ["b", "cn-sh2"] });
    assert.deepEqual(text.split("\n"), [
      "[Timeout] 2 of 2 regions could not be listed in full: b [Timeout], cn-sh2 [Unavailable]",
      "- b: [Timeout] no answer",
      "- cn-sh2: [Unavailable] DescribeUMem (Region cn-sh2) failed: refused. Try again.",
    ]);
  });

  it("says once why no region could be listed, if all failed alike", async () => {
    const create = (region: string, uuid: string): RedisBackupError =>
      new RedisBackupError(
        "Unauthorized",
        `DescribeUMem (Region ${region}) failed: RetCode 171. 1 attempt, request uuid ${uuid}. Check the keys.`,
      );
    const cloud = createCloud({ a: create("a", "1-2"), b: create("b", "3-4") });
    assert.equal(
      await fail(cloud, { regions: ["a", "b"] }),
      "[Unauthorized] none of the 2 regions could be listed, for the same reason: a, b\n" +
        "DescribeUMem (Region a) failed: RetCode 171. 1 attempt, request uuid 1-2. Check the keys.",
    );
  });
});

describe("getRedisBackupReport, when there is nothing to check", () => {
  const databases = [createGroup("g1"), createGroup("g2"), createGroup("g3", { state: "Deleting" })];

  it("fails if there is no database, unless allowEmpty is set", async () => {
    const cloud = createCloud({});
    assert.deepEqual((await fail(cloud, { projectId: "org-1", onStale: "warn" })).split("\n"), [
      "[NotFound] no database found: there is no Redis database to check.",
      "Looked in: cn-bj2, project org-1.",
      "Check the keys, the project and the regions, or set allowEmpty.",
    ]);
    const { checked, databases: none } = await cloud.call(TOKEN, { allowEmpty: true });
    assert.deepEqual([checked, none], [0, []]);
  });

  it("says how many databases there are before the filters", async () => {
    const cloud = createCloud({ "cn-bj2": databases });
    assert.deepEqual((await fail(cloud, { tags: ["x"], nameRegex: "y" })).split("\n"), [
      "[NotFound] no database found: none of the 2 databases passes the filters (`nameRegex`, `tags`).",
      "Left out, as they are being made or deleted, or never ran: 1.",
      "Looked in: cn-bj2.",
      "Check the filters, or set allowEmpty.",
    ]);
    await cloud.call(TOKEN, { tags: ["x"], allowEmpty: true });
  });

  it("fails with onStale warn too, after the warning about the regions", async () => {
    const cloud = createCloud({ a: [], "cn-sh2": unavailable });
    assert.match(await fail(cloud, { regions: ["a", "cn-sh2"], onStale: "warn" }), /^\[NotFound\] /);
    assert.match(cloud.warnings.join(), /^\[Unavailable\] 1 of 2 regions could not be listed in full/);
  });
});
