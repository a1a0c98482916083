import assert from "node:assert/strict";
import { createDemoFleet, createFleet, demo, type Fleet, listSources, startSimulator } from "../../simulator";
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

/** A source's backups, newest first, told from the wire rows by the rules of api/facts.md. */
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

  it("is the same for the same now and seed, and another for another seed", () => {
    assert.deepEqual(createDemoFleet({ now }), fleet);
    assert.notDeepEqual(createDemoFleet({ now, seed: 21 }), fleet);
  });

  it("moves with now, and nothing else changes but times and the names made of them", () => {
    const later = createDemoFleet({ now: new Date(now.getTime() + 1000) });
    assert.deepEqual(
      later.uredis.map(({ row }) => [row.BackupId, row.State, row.BackupTime - 1]),
      fleet.uredis.map(({ row }) => [row.BackupId, row.State, row.BackupTime]),
    );
  });

  it("passes over running, failed and expired backups of a group to reach a usable one a day old", () => {
    const [running, failed, expired, usable] = listBackups(fleet, demo.uredisGroupId);
    assert.deepEqual([running?.why, failed?.why, expired?.why], ["Backuping", "Error", "Expired"]);
    assert.ok(usable?.usable && nowSeconds - usable.time > DAY && nowSeconds - usable.time < 26 * 3600);
  });

  it("passes over a half done backup and one without a shard to reach a whole one a day old", () => {
    const [halfDone, incomplete, whole] = listBackups(fleet, demo.umemSpaceId);
    assert.deepEqual(
      [halfDone?.why, incomplete?.why],
      ["2 done and 4 there of 4", "3 done and 3 there of 4"],
    );
    assert.ok(whole?.usable && nowSeconds - whole.time > DAY && nowSeconds - whole.time < 26 * 3600);
  });

  for (const id of [demo.healthyGroupId, demo.healthySpaceId]) {
    it(`has a usable newest backup of ${id}, minutes old`, () => {
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
    assert.deepEqual([...new Set(rows.map(({ State }) => State))].sort(), [
      "Backuping",
      "Error",
      "Expired",
      "Success",
    ]);
    assert.deepEqual([...new Set(rows.map(({ BackupType }) => BackupType))].sort(), ["Auto", "Manual"]);
    assert.deepEqual([...new Set(rows.map(({ RedisVersion }) => RedisVersion))].sort(), [
      "4.0",
      "5.0",
      "6.0",
      "7.0",
    ]);
    const times = [...rows.map((row) => row.BackupTime), ...fleet.umem.map(({ row }) => row.CreateTime)];
    assert.ok(Math.max(...times) < nowSeconds);
    assert.ok(Math.min(...times) < nowSeconds - 21 * DAY);
  });

  it("lists a cross-region copy from both of its ends", () => {
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

  it("holds every source it names, in two regions and two projects", () => {
    const sources = listSources(fleet);
    const named: string[] = Object.entries(demo)
      .filter(([name]) => /(Group|Space)Id$/.test(name) && name !== "emptyGroupId")
      .map(([, id]) => id);
    for (const id of named)
      assert.ok(
        sources.some((source) => source.id === id),
        id,
      );
    assert.ok(!sources.some(({ id }) => id === demo.emptyGroupId));
    assert.equal(new Set(sources.map(({ region }) => region)).size, 2);
    assert.equal(new Set(sources.map(({ projectId }) => projectId)).size, 2);
  });
});

describe("a planned fleet", () => {
  for (const rows of [1, 37, 250, 10_000]) {
    it(`has exactly ${rows} rows of a group, each with an id of its own`, () => {
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
      listSources(fleet).map(({ kind, rows }) => [kind, rows]),
      [
        ["uredis", 5],
        ["uredis", 5],
        ["uredis", 5],
        ["umem", 42],
        ["umem", 42],
      ],
    );
  });

  it("is the same for the same seed, and another for another", () => {
    const plan = { uredis: { backupsPerGroup: 20 }, umem: { backupsPerSpace: 3 } };
    assert.deepEqual(createFleet(plan), createFleet(plan));
    assert.notDeepEqual(createFleet(plan), createFleet({ ...plan, seed: 2 }));
  });

  it("mixes in unusable backups and equal times, unless only usable ones are wanted", () => {
    const plan = { uredis: { backupsPerGroup: 200 }, umem: { backupsPerSpace: 50 } };
    const [mixed, usable] = [createFleet(plan), createFleet({ ...plan, states: "usable" })];
    const broken = mixed.uredis.filter(({ row }) => row.State !== "Success").length;
    assert.ok(broken > 5 && broken < 60, String(broken));
    assert.ok(mixed.umem.some(({ row }) => row.State === "Starting"));
    assert.ok(usable.uredis.every(({ row }) => row.State === "Success"));
    assert.ok(usable.umem.every(({ row }) => row.State === "Done"));
    assert.equal(new Set(usable.uredis.map(({ row }) => row.BackupTime)).size, 180);
  });

  it("of 100,000 rows is served from any offset", async () => {
    const fleet = createFleet({ uredis: { backupsPerGroup: 100_000 } });
    const simulator = await startSimulator({ fleet });
    try {
      const query = {
        Action: "DescribeURedisBackup",
        Region: demo.region,
        RegionType: "normal",
        Limit: "100",
      };
      const { body } = await ask(simulator, { ...query, Offset: "99950" });
      assert.deepEqual([body.DataSet?.length, body.TotalCount], [50, 100_000]);
    } finally {
      await simulator.close();
    }
  });
});
