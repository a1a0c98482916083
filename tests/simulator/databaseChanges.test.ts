import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { call, create, KINDS, look, remove, succeed, useSimulator, watch } from "./calls";

describe("the simulator's databases in time", () => {
  const getSimulator = useSimulator({ provisioning: { resize: { looks: 2 } } });

  it("grow: a group shows its old size for a while", async () => {
    const simulator = getSimulator();
    const { id, zone } = { id: demo.healthyGroupId, zone: demo.zone };
    await succeed(simulator, "ResizeURedisGroup", { GroupId: id, Zone: zone, Size: "4" });
    const seen = [];
    for (let number = 0; number < 3; number++) {
      const row = await look(simulator, id);
      seen.push([row?.State, row?.Size]);
    }
    assert.deepEqual(seen, [
      ["Running", 2],
      ["Running", 2],
      ["Running", 4],
    ]);
    const smaller = await call(simulator, "ResizeURedisGroup", { GroupId: id, Zone: zone, Size: "4" });
    assert.equal(smaller.RetCode, 20011);
  });

  it("grow: a space shard by shard, and not as a whole", async () => {
    const simulator = getSimulator();
    const space = { SpaceId: demo.umemSpaceId, Zone: demo.zone };
    await succeed(simulator, "ResizeUMemSpace", { ...space, Size: "64" });
    const list = async (): Promise<unknown[]> => {
      const query = { ...space, Offset: "0", Limit: "100" };
      const { DataSet = [] } = await succeed(simulator, "DescribeUMemBlockInfo", query);
      return DataSet.map(({ BlockSize }) => BlockSize);
    };
    assert.deepEqual(await list(), [4, 4, 4, 4]);
    const BlockId = `${demo.umemSpaceId}_2`;
    await succeed(simulator, "ResizeUDRedisBlockSize", { ...space, BlockId, BlockSize: "12" });
    assert.deepEqual(
      [await list(), await list(), await list()],
      [
        [4, 4, 4, 4],
        [4, 4, 4, 4],
        [4, 4, 12, 4],
      ],
    );
    assert.equal((await look(simulator, demo.umemSpaceId))?.Size, 24);
  });

  it("back a space up once at a time", async () => {
    const simulator = getSimulator();
    const space = { SpaceId: demo.healthySpaceId, Zone: demo.slaveZone };
    await succeed(simulator, "CreateUMemBackup", { ...space, BackupName: "the-first" });
    const second = await call(simulator, "CreateUMemBackup", { ...space, BackupName: "the-second" });
    assert.equal(second.RetCode, 20200);
  });

  it("replace the whole backup strategy of a group", async () => {
    const simulator = getSimulator();
    const group = { GroupId: demo.healthyGroupId };
    const read = async (): Promise<unknown[]> => {
      const row = await look(simulator, group.GroupId);
      return [row?.AutoBackup, row?.BackupTime];
    };
    const strategy = { AutoBackup: "disable", BackupTime: "5" };
    await succeed(simulator, "UpdateURedisBackupStrategy", { ...group, ...strategy });
    assert.deepEqual(await read(), ["disable", 5]);
    await succeed(simulator, "UpdateURedisBackupStrategy", { ...group, AutoBackup: "disable" });
    assert.deepEqual(await read(), ["disable", 0]);
    await succeed(simulator, "UpdateURedisBackupStrategy", group);
    assert.deepEqual(await read(), ["enable", 0]);
  });
});

describe("the simulator's time", () => {
  const getSimulator = useSimulator({ provisioning: { create: { seconds: 600 }, delete: { seconds: 60 } } });

  for (const kind of KINDS) {
    it(`passes when a test moves it: a ${kind.title}`, async () => {
      const simulator = getSimulator();
      const id = await create(simulator, kind);
      assert.deepEqual(await watch(simulator, { id, looks: 3 }), Array(3).fill(kind.pending));
      simulator.advance(300);
      assert.equal((await look(simulator, id))?.State, kind.pending);
      simulator.advance(300);
      assert.equal((await look(simulator, id))?.State, "Running");
      await remove(simulator, kind, { id, zone: demo.zone });
      simulator.advance(60);
      assert.equal(await look(simulator, id), undefined);
      assert.deepEqual(
        simulator.created.map(({ isGone, createdBy }) => [isGone, createdBy]),
        [[true, 1]],
      );
    });
  }

  it("never goes back", () => {
    assert.throws(() => getSimulator().advance(-1), RangeError);
  });
});
