import assert from "node:assert/strict";
import { addBackups, createDemoFleet, demo, type Fleet, startSimulator } from "../../simulator";
import type { SimulatorOptions, UMemBackupSet, URedisBackupSet } from "../../simulator";
import { pluck } from "../support/knownFleet";
import type { Properties } from "../support/pluginClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

const EMPTY: Fleet = { defaultProjectId: demo.projectId, uredis: [], umem: [] };
const SCOPE = { region: demo.region, zone: demo.zone, projectId: demo.projectId };
const MIDNIGHT = 1_767_225_600; // 2026-01-01T00:00:00Z
const SPACE = { zone: demo.zone, spaceId: "udredis-1" };

const COPY: URedisBackupSet = {
  BackupId: "copy-1",
  BackupName: "weekly ☂",
  BackupTime: MIDNIGHT,
  BackupSize: 5_000_000_000,
  BackupType: "Auto",
  State: "Success",
  GroupId: "uredis-1",
  GroupName: "orders",
  Zone: "cn-bj2-04",
  SrcRegionName: "cn-sh2",
  DstRegionName: "cn-bj2",
  MemorySize: 8,
  RedisVersion: "6.0",
};

/** A shard of a backup of two. */
const SHARD: UMemBackupSet = {
  BackupId: "shards-1",
  BackupName: "nightly",
  BackupType: "auto",
  CreateTime: MIDNIGHT,
  State: "Done",
  BlockCount: 2,
  BlockSize: 3_000_000_000,
  SpaceId: SPACE.spaceId,
  Protocol: "redis",
};
const SHARDS = [{ ...SHARD, CreateTime: MIDNIGHT + 7 }, SHARD];

const CREATED = "2026-01-01T00:00:00.000Z";
const BLOCK = {
  backupId: "shards-1",
  backupName: "nightly",
  backupType: "auto",
  blockCount: 2,
  blockSize: 3_000_000_000,
  createTime: MIDNIGHT,
  protocol: "redis",
  spaceId: SPACE.spaceId,
  state: "Done",
};
const WHOLE = { ...BLOCK, blockSize: 6_000_000_000, blocksDone: 2, createdAt: CREATED, usable: true };

describe("the results of the listing functions", () => {
  let plugin: PluginProcess;

  before(async () => (plugin = await startPlugin()));
  after(() => plugin.stop());

  async function list(name: string, args: object, options: SimulatorOptions): Promise<Properties> {
    const simulator = await startSimulator(options);
    try {
      await plugin.configure(createSettings(simulator));
      return await plugin.invokeResult(name, args);
    } finally {
      await simulator.close();
    }
  }

  for (const numbersAsStrings of [false, true]) {
    const numbers = numbersAsStrings ? "strings" : "numbers";

    it(`contain every field of a URedis row with numbers as ${numbers}`, async () => {
      const fleet = addBackups(EMPTY, { uredis: [{ ...SCOPE, regionType: "target", row: COPY }] });
      const args = { regionType: "target", groupId: "uredis-1", backupId: "copy-1" };
      const backup = {
        zone: "cn-bj2-04",
        backupId: "copy-1",
        groupId: "uredis-1",
        groupName: "orders",
        backupName: "weekly ☂",
        backupTime: MIDNIGHT,
        backupSize: 5_000_000_000,
        backupType: "Auto",
        state: "Success",
        srcRegionName: "cn-sh2",
        dstRegionName: "cn-bj2",
        memorySize: 8,
        redisVersion: "6.0",
        createdAt: CREATED,
        usable: true,
      };
      const result = await list("getURedisBackups", args, { fleet, numbersAsStrings });
      const expected = { backups: [backup], latest: backup, skipped: [], region: "cn-bj2", totalCount: 1 };
      assert.deepEqual(result, expected);
    });

    it(`join the shards of a UMem backup with numbers as ${numbers}`, async () => {
      const fleet = addBackups(EMPTY, { umem: SHARDS.map((row) => ({ ...SCOPE, row })) });
      const backup = { ...WHOLE, blocks: [BLOCK, { ...BLOCK, createTime: MIDNIGHT + 7 }] };
      const result = await list("getUMemBackups", SPACE, { fleet, numbersAsStrings });
      const expected = { backups: [backup], latest: backup, skipped: [], region: "cn-bj2", totalCount: 2 };
      assert.deepEqual(result, expected);
    });
  }

  it("leave out what the API left out, and make odd characters well-formed", async () => {
    const rows = [
      { BackupId: "bare", State: "Success", BackupName: null, GroupId: "", BackupTime: 0 },
      { BackupId: "odd", BackupName: "a\ud83d b\udc00", GroupName: "\u0000\u202e", BackupTime: "1767225600" },
    ];
    const onAnswer = (answer: object): object => ({ ...answer, DataSet: rows });
    const { backups } = await list("getURedisBackups", { groupId: "g" }, { fleet: EMPTY, onAnswer });
    assert.deepEqual(backups, [
      {
        backupId: "odd",
        backupName: "a\ufffd b\ufffd",
        groupName: "\u0000\u202e",
        backupTime: MIDNIGHT,
        createdAt: CREATED,
        usable: false,
      },
      { backupId: "bare", state: "Success", backupTime: 0, usable: true },
    ]);
  });

  describe("after filters", () => {
    const options = { now: new Date("2026-03-01T12:00:00Z"), fleet: createDemoFleet({ now: new Date() }) };
    const group = { groupId: demo.uredisGroupId };
    it("contain exactly the backups that pass all of them", async () => {
      const all = (await list("getURedisBackups", group, options)).backups as unknown as Found[];
      const createdAfter = new Date(Date.now() - 72 * 3_600_000).toISOString();
      const args = { ...group, backupTypes: ["auto"], states: ["SUCCESS"], createdAfter };
      const kept = (await list("getURedisBackups", args, options)).backups as unknown as Found[];
      const expected = all
        .filter(({ backupType, state }) => backupType === "Auto" && state === "Success")
        .filter(({ createdAt }) => createdAt >= createdAfter);
      assert.deepEqual(kept, expected);
      assert.ok(kept.length > 0 && kept.length < all.length);
    });

    it("contain the newest usable one of these, and the API's count", async () => {
      const args = { ...group, backupTypes: ["Manual"] };
      const result = await list("getURedisBackups", args, options);
      const backups = result.backups as Properties[];
      assert.deepEqual(
        result.latest,
        backups.find(({ usable }) => usable),
      );
      assert.deepEqual(pluck(result.skipped, "backupId"), pluck(backups.slice(0, 2), "backupId"));
      const rows = options.fleet.uredis.filter(
        ({ row, regionType }) => row.GroupId === group.groupId && regionType === "normal",
      );
      assert.equal(result.totalCount, rows.length);
    });
  });
});

/** The fields that filters use. */
interface Found {
  readonly backupType: string;
  readonly state: string;
  readonly createdAt: string;
}
