import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { withSimulator } from "../support/withSimulator";
import {
  address,
  call,
  create,
  encode,
  findUsable,
  KINDS,
  look,
  NEW_SPACE,
  succeed,
  useSimulator,
  watch,
} from "./calls";
import { listAll } from "./client";

describe("the simulator's controls of databases", () => {
  const getSimulator = useSimulator();

  it("swap zones, as a failover does: then only the new zone finds the database", async () => {
    const simulator = getSimulator();
    const { zone, slaveZone } = simulator.databases.find(({ id }) => id === demo.uredisGroupId) ?? {};
    assert.deepEqual([zone, slaveZone], [demo.zone, demo.slaveZone]);
    simulator.changeDatabase(demo.uredisGroupId, { zone: slaveZone ?? "", slaveZone: zone });
    const row = await look(simulator, demo.uredisGroupId);
    assert.deepEqual([row?.Zone, row?.SlaveZone], [demo.slaveZone, demo.zone]);
    const codes = [];
    for (const Zone of [demo.zone, demo.slaveZone]) {
      const query = { GroupId: demo.uredisGroupId, Zone, Size: "16" };
      codes.push((await call(simulator, "ResizeURedisGroup", query)).RetCode);
    }
    assert.deepEqual(codes, [20011, 0]);
  });

  for (const kind of KINDS) {
    const { title, pending, failed } = kind;

    it(`change what the console could: the name and version of a ${title}`, async () => {
      const simulator = getSimulator();
      simulator.changeDatabase(kind.id, { name: "by-somebody", version: "7.0" });
      const row = await look(simulator, kind.id);
      assert.deepEqual([row?.Name, row?.Version], ["by-somebody", "7.0"]);
    });

    it(`give a ${title} any state, which then stays`, async () => {
      const simulator = getSimulator();
      const id = await create(simulator, kind);
      simulator.setState(id, "Meditating");
      assert.deepEqual(await watch(simulator, { id, looks: 3 }), Array(3).fill("Meditating"));
    });

    it(`fail a ${title}: by its age`, async () => {
      const simulator = getSimulator();
      const id = await create(simulator, kind);
      simulator.failDatabase(id);
      simulator.failDatabase(kind.id);
      const states = [(await look(simulator, id))?.State, (await look(simulator, kind.id))?.State];
      assert.deepEqual(states, [failed, "Fail"]);
    });

    it(`delete a ${title} at once, and still count it`, async () => {
      const simulator = getSimulator();
      const id = await create(simulator, kind);
      await simulator.deleteDatabase(id);
      assert.equal(await look(simulator, id), undefined);
      assert.deepEqual(
        simulator.created.map((each) => [each.id, each.isGone]),
        [[id, true]],
      );
      assert.ok(simulator.databases.every((each) => each.id !== id));
    });

    it(`forget a ${title}, so that it was never there`, async () => {
      const simulator = getSimulator();
      const id = await create(simulator, kind);
      simulator.forgetDatabase(id);
      assert.deepEqual([await look(simulator, id), simulator.created], [undefined, []]);
    });

    it(`add a ${title}, as somebody else's`, async () => {
      const simulator = getSimulator();
      const { region, zone, projectId } = demo;
      const seed = { kind: kind.kind, id: "somebody-else", name: "theirs", region, zone, projectId };
      simulator.addDatabase({ ...seed, size: 8, version: "6.0", createdAt: 1_700_000_000, state: pending });
      assert.equal((await look(simulator, seed.id))?.State, pending);
      assert.deepEqual(simulator.created, []);
    });

    it(`expire a backup of a ${title}, so that it cannot be restored`, async () => {
      const simulator = getSimulator();
      const { id } = findUsable(simulator, kind.id);
      simulator.expireBackup(id);
      const query = { Action: kind.listBackups, Region: demo.region, ...address(kind) };
      const rows = (await listAll(simulator, query)).filter(({ BackupId }) => BackupId === id);
      assert.deepEqual(
        rows.map(({ State }) => State),
        kind.kind === "uredis" ? ["Expired"] : [],
      );
    });
  }

  it("name a database that does not exist", () => {
    const simulator = getSimulator();
    assert.throws(() => simulator.setState("uredis-nobody", "Fail"), /no database uredis-nobody/);
    assert.throws(() => simulator.changeDatabase("uredis-nobody", {}), RangeError);
    assert.throws(() => simulator.failDatabase("uredis-nobody"), RangeError);
    assert.throws(() => simulator.forgetDatabase("uredis-nobody"), RangeError);
  });

  for (const restoresPassword of [true, false]) {
    it(`${restoresPassword ? "keep" : "drop"} the source's password in a restore, if a test wants that`, () =>
      withSimulator({ restoresPassword }, async (simulator) => {
        simulator.changeDatabase(demo.healthySpaceId, { password: "source-Pass1" });
        const { id: BackupId } = findUsable(simulator, demo.healthySpaceId);
        const restore = { ...NEW_SPACE, BackupId, SpaceId: demo.healthySpaceId, Size: "32", Version: "6.0" };
        await succeed(simulator, "CreateUMemSpace", restore);
        await succeed(simulator, "CreateUMemSpace", { ...restore, Password: encode("given-Pass1") });
        assert.deepEqual(
          simulator.created.map(({ password }) => password),
          [restoresPassword ? "source-Pass1" : undefined, "given-Pass1"],
        );
      }));
  }

  it("demand the number of shards, if a test wants that", () =>
    withSimulator({ requiresBlockCount: true }, async (simulator) => {
      const { RetCode, Message } = await call(simulator, "CreateUMemSpace", NEW_SPACE);
      assert.deepEqual([RetCode, Message], [220, "Missing params [BlockCnt]"]);
      await succeed(simulator, "CreateUMemSpace", { ...NEW_SPACE, BlockCnt: "4" });
    }));

  it("keep no backups of deleted spaces, if a test wants that", () =>
    withSimulator({ deletedSpacesKeepBackups: false }, async (simulator) => {
      await simulator.deleteDatabase(demo.healthySpaceId);
      const query = { SpaceId: demo.healthySpaceId, Zone: demo.slaveZone };
      assert.deepEqual((await succeed(simulator, "DescribeUMemBackup", query)).DataSet, []);
    }));

  it("count every request that made something", async () => {
    const simulator = getSimulator();
    await succeed(simulator, "CreateUMemSpace", NEW_SPACE);
    await call(simulator, "CreateUMemSpace", { ...NEW_SPACE, Name: "bad" });
    await succeed(simulator, "CreateUMemSpace", NEW_SPACE);
    assert.deepEqual(
      simulator.created.map(({ name, createdBy }) => [name, createdBy]),
      [
        [NEW_SPACE.Name, 1],
        [NEW_SPACE.Name, 3],
      ],
    );
    assert.equal(new Set(simulator.created.map(({ id }) => id)).size, 2);
  });
});
