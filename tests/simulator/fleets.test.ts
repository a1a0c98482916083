import assert from "node:assert/strict";
import { createDemoFleet, createFleet, type Database, demo, type Fleet, listSources } from "../../simulator";
import { withSimulator } from "../support/withSimulator";
import { call, look, succeed } from "./calls";
import { ask } from "./client";

const now = new Date("2026-03-04T05:06:07Z");
const nowSeconds = now.getTime() / 1000;
const DAY = 24 * 3600;
/** The starts of the ids of the first backups of `demo.uredisGroupId`. */
const KNOWN_IDS = ["628f9434", "ba464064", "47429431", "257d088d"];

interface Backup {
  readonly id: string;
  readonly time: number;
  readonly usable: boolean;
  readonly why: string;
}

/**
 * Returns the backups of a group or space, newest first, worked out from its rows: a URedis backup is usable
 * in the state `Success`, a UMem backup if it has `BlockCount` rows and each is `Done`.
 */
function listBackups(fleet: Fleet, sourceId: string): Backup[] {
  const uredis = fleet.uredis
    .filter(({ regionType, row }) => regionType === "normal" && row.GroupId === sourceId)
    .map(({ row }): Backup => ({
      id: row.BackupId,
      time: row.BackupTime,
      usable: row.State === "Success",
      why: row.State,
    }));
  const shards = fleet.umem.map(({ row }) => row).filter(({ SpaceId }) => SpaceId === sourceId);
  const umem = [...new Set(shards.map(({ BackupId }) => BackupId))].map((id) => {
    const rows = shards.filter(({ BackupId }) => BackupId === id);
    const done = rows.filter(({ State }) => State === "Done").length;
    const count = rows[0]?.BlockCount ?? 0;
    const time = Math.min(...rows.map(({ CreateTime }) => CreateTime));
    return { id, time, usable: done === count, why: `${done} done and ${rows.length} there of ${count}` };
  });
  return [...uredis, ...umem].sort((left, right) => right.time - left.time);
}

describe("the demo fleet", () => {
  const fleet = createDemoFleet({ now });

  it("is the same for the same now and seed, and differs for another seed", () => {
    assert.deepEqual(createDemoFleet({ now }), fleet);
    assert.notDeepEqual(createDemoFleet({ now, seed: 21 }), fleet);
  });

  it("has the same backups at another now, with other times and names", () => {
    const later = createDemoFleet({ now: new Date(now.getTime() + 1000) });
    assert.deepEqual(
      later.uredis.map(({ row }) => [row.BackupId, row.State, row.BackupTime - 1]),
      fleet.uredis.map(({ row }) => [row.BackupId, row.State, row.BackupTime]),
    );
  });

  it("has a group whose newest backups run, failed and expired, before a usable one that is a day old", () => {
    const [running, failed, expired, usable] = listBackups(fleet, demo.uredisGroupId);
    assert.deepEqual([running?.why, failed?.why, expired?.why], ["Backuping", "Error", "Expired"]);
    assert.ok(usable?.usable && nowSeconds - usable.time > DAY && nowSeconds - usable.time < 26 * 3600);
  });

  it("has a space whose newest backups are half done and lack a shard, before a whole one that is a day old", () => {
    const [halfDone, incomplete, whole] = listBackups(fleet, demo.umemSpaceId);
    assert.deepEqual(
      [halfDone?.why, incomplete?.why],
      ["2 done and 4 there of 4", "3 done and 3 there of 4"],
    );
    assert.ok(whole?.usable && nowSeconds - whole.time > DAY && nowSeconds - whole.time < 26 * 3600);
  });

  for (const id of [demo.healthyGroupId, demo.healthySpaceId]) {
    it(`has a newest backup of ${id} that is usable and less than an hour old`, () => {
      const [newest] = listBackups(fleet, id);
      assert.ok(newest?.usable && nowSeconds - newest.time < 3600);
    });
  }

  for (const id of [demo.unusableGroupId, demo.unusableSpaceId]) {
    it(`has backups of ${id}, none of them usable`, () => {
      const backups = listBackups(fleet, id);
      assert.ok(backups.length >= 3);
      assert.ok(backups.every(({ usable }) => !usable));
    });
  }

  it("has weeks of automatic and manual backups in every state, all before now", () => {
    const rows = fleet.uredis.map(({ row }) => row);
    const valuesOf = (field: keyof (typeof rows)[number]): unknown[] =>
      [...new Set(rows.map((row) => row[field]))].sort();
    assert.deepEqual(valuesOf("State"), ["Backuping", "Error", "Expired", "Success"]);
    assert.deepEqual(valuesOf("BackupType"), ["Auto", "Manual"]);
    assert.deepEqual(valuesOf("RedisVersion"), ["4.0", "5.0", "6.0", "7.0"]);
    const times = [...rows.map((row) => row.BackupTime), ...fleet.umem.map(({ row }) => row.CreateTime)];
    assert.ok(Math.max(...times) < nowSeconds);
    assert.ok(Math.min(...times) < nowSeconds - 21 * DAY);
  });

  it("lists a cross-region copy in both regions", () => {
    const idsOf = (type: string): string[] =>
      fleet.uredis.filter(({ regionType }) => regionType === type).map(({ row }) => row.BackupId);
    assert.ok(idsOf("source").length > 0);
    assert.deepEqual(idsOf("source"), idsOf("target"));
    for (const { region, regionType, row } of fleet.uredis) {
      if (regionType === "normal")
        assert.deepEqual([row.SrcRegionName, row.DstRegionName], [undefined, undefined]);
      else assert.equal(region, regionType === "source" ? row.SrcRegionName : row.DstRegionName);
    }
  });

  it("has backups of every database that it names, in two regions and two projects", () => {
    const sources = listSources(fleet);
    const named: string[] = Object.entries(demo)
      .filter(
        ([name]) => /(Group|Space)Id$/.test(name) && !/^(empty|young|creating|failed|memcache)/.test(name),
      )
      .map(([, id]) => id);
    const ids = sources.map(({ id }) => id);
    for (const id of named) assert.ok(ids.includes(id), id);
    for (const id of [demo.emptyGroupId, demo.youngGroupId, demo.youngSpaceId, demo.failedGroupId]) {
      assert.ok(!ids.includes(id), id);
    }
    assert.equal(new Set(sources.map(({ region }) => region)).size, 2);
    assert.equal(new Set(sources.map(({ projectId }) => projectId)).size, 2);
  });
});

describe("the demo fleet's unusual databases", () => {
  const fleet = createDemoFleet({ now });
  const find = (id: string): Database => fleet.databases?.find((each) => each.id === id) ?? assert.fail(id);

  it("are a group with a usable backup that is days old and no automatic ones", () => {
    const [newest] = listBackups(fleet, demo.staleGroupId);
    assert.ok(newest?.usable && nowSeconds - newest.time > 6 * DAY);
    assert.equal(find(demo.staleGroupId).autoBackup, false);
  });

  for (const id of [demo.youngGroupId, demo.youngSpaceId]) {
    it(`are ${id}, which is some hours old and has no backup`, () => {
      assert.deepEqual(listBackups(fleet, id), []);
      assert.ok(nowSeconds - find(id).createdAt < 6 * 3600);
    });
  }

  it("are some that are created, deleted, failed and gone", () => {
    const { creatingGroupId, deletingGroupId, failedGroupId, deletedGroupId } = demo;
    assert.deepEqual(
      [creatingGroupId, deletingGroupId, failedGroupId].map((id) => find(id).state),
      ["Creating", "Deleting", "CreateFail"],
    );
    assert.ok(find(deletedGroupId).isGone && listBackups(fleet, deletedGroupId).some(({ usable }) => usable));
  });

  it("leave the backups of the others as they are", () => {
    const ids = fleet.uredis.slice(0, 4).map(({ row }) => row.BackupId.slice(0, 8));
    assert.deepEqual(ids, KNOWN_IDS);
  });

  it("are rows that lack fields, and a replica inside its group and beside it", () =>
    withSimulator({ fleet }, async (simulator) => {
      const unstated = await look(simulator, demo.unstatedSpaceId);
      assert.ok(unstated && !("AutoBackup" in unstated) && "Version" in unstated);
      const [master, replica] = [
        await look(simulator, demo.replicatedGroupId),
        await look(simulator, demo.replicaId),
      ];
      const [nested] = master?.DataSet as Record<string, unknown>[];
      assert.deepEqual([master?.Role, nested?.GroupId], ["master", demo.replicaId]);
      assert.deepEqual([replica?.Role, replica && "AutoBackup" in replica], ["slave", false]);
      const backUp = { GroupId: demo.replicaId, BackupName: "by-hand" };
      assert.equal((await call(simulator, "CreateURedisBackup", backUp)).RetCode, 20200);
    }));

  it("are shown as memcache only", () =>
    withSimulator({ fleet }, async (simulator) => {
      const query = { Protocol: "memcache" };
      const { DataSet = [] } = await succeed(simulator, "DescribeUMem", query);
      assert.deepEqual(
        DataSet.map(({ ResourceId, Protocol }) => [ResourceId, Protocol]),
        [[demo.memcacheGroupId, "memcache"]],
      );
      const backUp = { GroupId: demo.memcacheGroupId, BackupName: "by-hand" };
      assert.equal((await call(simulator, "CreateURedisBackup", backUp)).RetCode, 20200);
    }));
});

describe("the healthy demo fleet", () => {
  const fleet = createDemoFleet({ now, healthy: true });

  it("has only databases that run and have a usable backup of the last hour", () => {
    const databases = fleet.databases?.filter((each) => each.protocol === "redis" && !each.masterId) ?? [];
    assert.ok(databases.length >= 10);
    for (const { id, state } of databases) {
      const [newest] = listBackups(fleet, id);
      assert.ok(state === "Running" && newest?.usable && nowSeconds - newest.time < 3600, id);
    }
  });

  it("has backups of nothing else", () => {
    const ids = fleet.databases?.map(({ id }) => id);
    for (const { id } of listSources(fleet)) assert.ok(ids?.includes(id), id);
  });
});

describe("a planned fleet", () => {
  for (const rows of [1, 37, 250, 10_000]) {
    it(`has exactly ${rows} rows of a group, each with its own id`, () => {
      const fleet = createFleet({ uredis: { backupsPerGroup: rows } });
      assert.deepEqual([fleet.uredis.length, fleet.umem.length], [rows, 0]);
      assert.equal(new Set(fleet.uredis.map(({ row }) => row.BackupId)).size, rows);
    });
  }

  it("has exactly as many groups, spaces, backups and shards as planned", () => {
    const fleet = createFleet({
      uredis: { groups: 3, backupsPerGroup: 5 },
      umem: { spaces: 2, backupsPerSpace: 7, shards: 6 },
    });
    assert.deepEqual(
      listSources(fleet).map(({ kind, rows }) => `${kind} ${rows}`),
      ["uredis 5", "uredis 5", "uredis 5", "umem 42", "umem 42"],
    );
  });

  it("is the same for the same seed, and differs for another", () => {
    const plan = { uredis: { backupsPerGroup: 20 }, umem: { backupsPerSpace: 3 } };
    assert.deepEqual(createFleet(plan), createFleet(plan));
    assert.notDeepEqual(createFleet(plan), createFleet({ ...plan, seed: 2 }));
  });

  it("has equal times, and unusable backups unless the plan excludes them", () => {
    const plan = { uredis: { backupsPerGroup: 200 }, umem: { backupsPerSpace: 50 } };
    const [mixed, usable] = [createFleet(plan), createFleet({ ...plan, states: "usable" })];
    const broken = mixed.uredis.filter(({ row }) => row.State !== "Success").length;
    assert.ok(broken > 5 && broken < 60, String(broken));
    assert.ok(mixed.umem.some(({ row }) => row.State === "Starting"));
    assert.ok(usable.uredis.every(({ row }) => row.State === "Success"));
    assert.ok(usable.umem.every(({ row }) => row.State === "Done"));
    assert.equal(new Set(usable.uredis.map(({ row }) => row.BackupTime)).size, 180);
  });

  it("of 100,000 rows is served from any offset", () =>
    withSimulator({ fleet: createFleet({ uredis: { backupsPerGroup: 100_000 } }) }, async (simulator) => {
      const query = { Action: "DescribeURedisBackup", Region: demo.region, RegionType: "normal" };
      const { body } = await ask(simulator, { ...query, Limit: "100", Offset: "99950" });
      assert.deepEqual([body.DataSet?.length, body.TotalCount], [50, 100_000]);
    }));
});
