import assert from "node:assert/strict";
import { createDemoFleet, createFleet, demo, type Fleet, listSources } from "../../simulator";
import { withSimulator } from "../support/withSimulator";
import { ask } from "./client";

const now = new Date("2026-03-04T05:06:07Z");
const nowSeconds = now.getTime() / 1000;
const DAY = 24 * 3600;

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
      .filter(([name]) => /(Group|Space)Id$/.test(name) && name !== "emptyGroupId")
      .map(([, id]) => id);
    const ids = sources.map(({ id }) => id);
    for (const id of named) assert.ok(ids.includes(id), id);
    assert.ok(!ids.includes(demo.emptyGroupId));
    assert.equal(new Set(sources.map(({ region }) => region)).size, 2);
    assert.equal(new Set(sources.map(({ projectId }) => projectId)).size, 2);
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
