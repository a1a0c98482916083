import assert from "node:assert/strict";
import type { RedisBackupApi } from "../../provider/backups/services";
import type { BackupLinks, UMemLinkQuery, URedisLinkQuery } from "../../provider/ucloud/backupLinks";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createShards, createURedisRow, FakeCloud } from "./fakeCloud";

const UREDIS = "ucloud-redis:index:getURedisBackupUrl";
const UMEM = "ucloud-redis:index:getUMemBackupUrls";
const GROUP = { groupId: "g", backupId: "b" };
const SPACE = { zone: "z", spaceId: "s", backupId: "b" };
const LINKS = ["https://b.example/0", "https://b.example/1", "https://b.example/2"];

/** A cloud that also has links, and records what it was asked for them. */
class LinkCloud extends FakeCloud implements BackupLinks {
  readonly linked: (URedisLinkQuery | UMemLinkQuery)[] = [];

  constructor(
    rows: readonly JsonObject[],
    private readonly urls: readonly string[] = LINKS,
  ) {
    super(rows);
    const { openApi } = this;
    this.openApi = (): RedisBackupApi => ({ ...openApi(), links: this });
  }

  findURedisLink(query: URedisLinkQuery): Promise<string> {
    this.linked.push(query);
    return Promise.resolve(this.urls[0] ?? "");
  }

  listUMemLinks(query: UMemLinkQuery): Promise<readonly string[]> {
    this.linked.push(query);
    return Promise.resolve(this.urls);
  }
}

describe("getURedisBackupUrl", () => {
  const row = { ...createURedisRow("b", 1), Zone: "cn-bj2-04" };

  it("returns the link of a usable backup, and asks for it in the backup's zone", async () => {
    const cloud = new LinkCloud([row, createURedisRow("c", 1, "Error")]);
    const args = { ...GROUP, projectId: "org-a", slaveZone: "cn-bj2-05" };
    const found = { region: "cn-bj2", projectId: "org-a", backupId: "b" };
    assert.deepEqual(await cloud.call(UREDIS, args), { url: LINKS[0], ...found });
    const zones = { zone: "cn-bj2-04", slaveZone: "cn-bj2-05" };
    assert.deepEqual(cloud.linked, [{ ...found, ...zones, groupId: "g", isCrossRegion: false }]);
  });

  for (const [regionType, isCrossRegion] of [
    ["normal", false],
    ["source", true],
    ["target", true],
  ] as const) {
    it(`asks for a backup of region type ${regionType}, of the group that its row names`, async () => {
      const cloud = new LinkCloud([row]);
      await cloud.call(UREDIS, { regionType, backupId: "b" });
      const [query] = cloud.linked as URedisLinkQuery[];
      assert.deepEqual([query?.isCrossRegion, query?.groupId], [isCrossRegion, "g"]);
    });
  }

  it("names no zone that is not known, or is of another region", async () => {
    for (const Zone of [undefined, "cn-sh2-01", "cn-bj2"]) {
      const cloud = new LinkCloud([{ ...row, Zone }]);
      await cloud.call(UREDIS, GROUP);
      assert.equal((cloud.linked[0] as URedisLinkQuery).zone, undefined);
    }
  });

  it("needs a group or a region type, a backup and a region", async () => {
    const cloud = new LinkCloud([row]);
    const refuse = (args: object, property: string): Promise<void> =>
      assert.rejects(cloud.call(UREDIS, args as typeof GROUP), {
        message: new RegExp(`^\\[InvalidArgument\\] ${property}: `),
      });
    await refuse({ groupId: "g" }, "backupId");
    await refuse({ backupId: "b" }, "groupId");
    await refuse({ ...GROUP, maxAge: "1d" }, "maxAge");
    cloud.region = undefined;
    await refuse(GROUP, "region");
    assert.deepEqual(cloud.asked, []);
  });

  for (const [title, rows, code, text] of [
    [
      "that is not listed",
      [createURedisRow("c", 1)],
      "NotFound",
      /^\[NotFound\] g: there is no backup `b`\./,
    ],
    ["of nothing", [], "NotFound", /Check `backupId`, the region/],
    ["that is running", [createURedisRow("b", 1, "Backuping")], "NoUsableBackup", /still running/],
    ["that failed", [createURedisRow("b", 1, "Error")], "NoUsableBackup", /: failed\./],
    ["in an unknown state", [createURedisRow("b", 1, "Odd")], "NoUsableBackup", /unknown state `Odd`/],
    ["of another group", [{ ...row, GroupId: "other" }], "AmbiguousSource", /another group/],
    ["listed twice", [row, createURedisRow("b", 1, "Expired")], "NoUsableBackup", /expired/],
    [
      "listed for a group and for none",
      [row, { ...createURedisRow("b", 1, "Expired"), GroupId: undefined }],
      "NoUsableBackup",
      /expired/,
    ],
  ] as const) {
    it(`asks for no link of a backup ${title}`, async () => {
      const cloud = new LinkCloud(rows as readonly JsonObject[]);
      await assert.rejects(cloud.call(UREDIS, GROUP), { code, message: text });
      assert.deepEqual(cloud.linked, []);
    });
  }

  it("asks for no link of a copy that several groups have", async () => {
    const cloud = new LinkCloud([row, { ...row, GroupId: "h" }]);
    const asked = cloud.call(UREDIS, { regionType: "target", backupId: "b" });
    await assert.rejects(asked, { code: "AmbiguousSource" });
    assert.deepEqual(cloud.linked, []);
  });

  it("shows no link that a listing has in place of a state", async () => {
    const state = "https://b.example/a?Expires=1&Signature=s3cret";
    const cloud = new LinkCloud([createURedisRow("b", 1, state)]);
    await assert.rejects(cloud.call(UREDIS, GROUP), { message: /unknown state(?!.*s3cret)/s });
  });
});

describe("getUMemBackupUrls", () => {
  const shards = createShards("b", ["Done", "Done", "Done"]);

  it("returns a link for each shard of a usable backup", async () => {
    const cloud = new LinkCloud([...shards, ...createShards("c", ["Starting"])]);
    const found = { region: "cn-bj2", backupId: "b" };
    assert.deepEqual(await cloud.call(UMEM, SPACE), { urls: LINKS, blockCount: 3, ...found });
    assert.deepEqual(cloud.linked, [{ ...found, projectId: undefined, zone: "z", spaceId: "s" }]);
  });

  it("returns a link for each shard where a row is a backup", async () => {
    const cloud = new LinkCloud(createShards("b", ["Done"], 3));
    cloud.umemRows = "backups";
    assert.deepEqual(await cloud.call(UMEM, SPACE), {
      urls: LINKS,
      blockCount: 3,
      region: "cn-bj2",
      backupId: "b",
    });
  });

  for (const [title, urls, text] of [
    ["too few", LINKS.slice(1), /links to 2 of the 3 shards/],
    ["none", [], /links to 0 of the 3 shards/],
    ["too many", [...LINKS, "https://b.example/3"], /links to 4 of the 3 shards/],
    ["one twice", [...LINKS.slice(1), LINKS[1] ?? ""], /links to 2 of the 3 shards.*gave 3 links, some/s],
    ["one too often", [...LINKS, LINKS[1] ?? ""], /links to 3 of the 3 shards.*gave 4 links, some/s],
  ] as const) {
    it(`fails if the API gives ${title}`, async () => {
      const failed = new LinkCloud(shards, urls).call(UMEM, SPACE);
      await assert.rejects(failed, { code: "BadResponse", message: text });
      await assert.rejects(failed, { message: /^(?!.*example)/s });
    });
  }

  for (const [title, rows, code, text] of [
    [
      "that is not listed",
      createShards("c", ["Done"]),
      "NotFound",
      /^\[NotFound\] s: there is no backup `b`\./,
    ],
    ["half done", createShards("b", ["Done", "Starting"]), "NoUsableBackup", /1 of 2 shards done/],
    ["without a shard", createShards("b", ["Done", "Done"], 3), "NoUsableBackup", /1 of 3 shards missing/],
    [
      "of another space",
      shards.map((shard) => ({ ...shard, SpaceId: "other" })),
      "AmbiguousSource",
      /another space/,
    ],
  ] as const) {
    it(`asks for no links of a backup ${title}`, async () => {
      const cloud = new LinkCloud(rows);
      await assert.rejects(cloud.call(UMEM, SPACE), { code, message: text });
      assert.deepEqual(cloud.linked, []);
    });
  }

  it("needs a zone, a space and a backup", async () => {
    await assert.rejects(new LinkCloud([]).call(UMEM, {}), {
      message: /zone: is required; spaceId: is required; backupId: is required/,
    });
  });
});
