import assert from "node:assert/strict";
import { demo } from "../../simulator";
import {
  address,
  call,
  CONFIG_6,
  create,
  encode,
  findUsable,
  KINDS,
  look,
  remove,
  succeed,
  useSimulator,
  watch,
} from "./calls";
import { listAll } from "./client";

const PLACE = { region: demo.region, projectId: demo.projectId };

describe("the simulator's databases", () => {
  const getSimulator = useSimulator({
    provisioning: {
      create: { looks: 2 },
      delete: { looks: 2 },
      resize: { looks: 2 },
      backup: { looks: 2 },
      password: { looks: 1 },
    },
  });

  for (const kind of KINDS) {
    const { title, pending } = kind;

    it(`come up in time: a ${title}`, async () => {
      const simulator = getSimulator();
      const id = await create(simulator, kind);
      const states = await watch(simulator, { id, looks: 4 });
      assert.deepEqual(states, [pending, pending, "Running", "Running"]);
      const [{ Action }, made] = [simulator.requests[0]?.parameters ?? {}, simulator.created];
      assert.equal(Action, kind.create);
      assert.deepEqual(
        made.map(({ id: madeId, createdBy, region, projectId }) => ({
          madeId,
          createdBy,
          region,
          projectId,
        })),
        [{ madeId: id, createdBy: 1, ...PLACE }],
      );
    });

    it(`have no address before they are up: a ${title}`, async () => {
      const simulator = getSimulator();
      const id = await create(simulator, kind, { Port: "6380" });
      const addresses = (await watch(simulator, { id, field: "Address", looks: 3 })) as { IP: string }[][];
      assert.deepEqual(
        addresses.map(([first]) => first?.IP === ""),
        [true, true, false],
      );
      assert.deepEqual(
        addresses.flat().map((each) => (each as { Port?: number }).Port),
        [6380, 6380, 6380],
      );
    });

    it(`are created from a backup, with its data: a ${title}`, async () => {
      const simulator = getSimulator();
      const backup = findUsable(simulator, kind.id);
      const size = simulator.databases.find(({ id }) => id === kind.id)?.size;
      const id = await create(simulator, kind, {
        BackupId: backup.id,
        Version: "6.0",
        Size: String(size),
        ...(kind.kind === "uredis"
          ? { ConfigId: CONFIG_6 }
          : { SpaceId: kind.id, BlockCnt: String(backup.count) }),
      });
      assert.deepEqual(await watch(simulator, { id, looks: 3 }), [pending, pending, "Running"]);
      const row = await look(simulator, id);
      assert.deepEqual([row?.Size, row?.Version], [size, "6.0"]);
      assert.ok(Number(row?.UsedSize) > 100);
      const [made] = simulator.created;
      assert.equal(made?.sourceBackupId, backup.id);
      assert.equal(made.blocks.length, kind.kind === "umem" ? backup.count : 0);
    });

    it(`are renamed: a ${title}`, async () => {
      const simulator = getSimulator();
      await succeed(simulator, kind.rename, { ...address(kind), Name: "another-name" });
      assert.equal((await look(simulator, kind.id))?.Name, "another-name");
    });

    it(`get, change and lose a password, which is never listed: a ${title}`, async () => {
      const simulator = getSimulator();
      const find = (): string | undefined => simulator.databases.find(({ id }) => id === kind.id)?.password;
      assert.deepEqual([(await look(simulator, kind.id))?.HasPassword, find()], [false, undefined]);
      for (const password of ["first-Pass1", "second_Pass2", undefined]) {
        const Password = encode(password ?? "");
        await succeed(simulator, kind.setPassword, { ...address(kind), Password });
        assert.deepEqual(await watch(simulator, { id: kind.id, looks: 2 }), ["SetPassword", "Running"]);
        const row = await look(simulator, kind.id);
        assert.deepEqual([row?.HasPassword, find()], [password !== undefined, password]);
        assert.ok(!JSON.stringify(row).includes(password ?? encode("first-Pass1")));
      }
    });

    it(`are backed up by hand, three times: a ${title}`, async () => {
      const simulator = getSimulator();
      const running = kind.kind === "uredis" ? "Backuping" : "Starting";
      const done = kind.kind === "uredis" ? "Success" : "Done";
      const query = { Action: kind.listBackups, Region: demo.region, ...address(kind) };
      const listStates = async (BackupId: string): Promise<unknown[]> => {
        const rows = (await listAll(simulator, query)).filter((row) => row.BackupId === BackupId);
        return [...new Set(rows.map(({ State }) => State))];
      };
      // The demo's group already has one.
      const free = kind.kind === "uredis" ? 2 : 3;
      for (let number = 0; number < free; number++) {
        const BackupName = `by-hand-${number}`;
        const { BackupId = "" } = await succeed(simulator, kind.backUp, { ...address(kind), BackupName });
        const seen = [await listStates(BackupId), await listStates(BackupId), await listStates(BackupId)];
        assert.deepEqual(seen, [[running], [running], [done]]);
      }
      const fourth = await call(simulator, kind.backUp, { ...address(kind), BackupName: "one-too-many" });
      assert.equal(fourth.RetCode, 20208);
      assert.deepEqual(
        simulator.createdBackups.map(({ databaseId, name }) => [databaseId, name]),
        Array.from({ length: free }, (_, number) => [kind.id, `by-hand-${number}`]),
      );
      simulator.expireBackup(simulator.createdBackups[0]?.id ?? "");
      await succeed(simulator, kind.backUp, { ...address(kind), BackupName: "now-there-is-room" });
    });

    it(`are deleted in time, and their backups stay: a ${title}`, async () => {
      const simulator = getSimulator();
      const query = { Action: kind.listBackups, Region: demo.region, ...address(kind) };
      const before = (await listAll(simulator, query)).length;
      assert.equal((await remove(simulator, kind)).RetCode, 0);
      assert.equal((await remove(simulator, kind)).RetCode, 0, "twice");
      const states = await watch(simulator, { id: kind.id, looks: 4 });
      assert.deepEqual(states, ["Deleting", "Deleting", "not listed", "not listed"]);
      assert.notEqual((await remove(simulator, kind)).RetCode, 0, "gone");
      assert.equal((await listAll(simulator, query)).length, before);
      assert.deepEqual(simulator.created, []);
      simulator.advance(7 * 24 * 3600);
      assert.deepEqual(await listAll(simulator, query), []);
    });

    it(`are restored after they were deleted: a ${title}`, async () => {
      const simulator = getSimulator();
      await simulator.deleteDatabase(kind.id);
      assert.equal(await look(simulator, kind.id), undefined);
      const backup = findUsable(simulator, kind.id);
      const id = await create(simulator, kind, {
        BackupId: backup.id,
        Version: "6.0",
        Size: String(kind.kind === "uredis" ? backup.count : backup.count * 4),
        ...(kind.kind === "uredis" ? { ConfigId: CONFIG_6 } : { SpaceId: kind.id }),
      });
      assert.equal((await watch(simulator, { id, looks: 3 })).at(-1), "Running");
    });
  }

  it("are created from a copy, in the region of the copy only", async () => {
    const simulator = getSimulator();
    const copy = simulator.fleet.uredis.find(
      ({ regionType, row }) => regionType === "target" && row.State === "Success",
    );
    const restore = {
      Name: "from-a-copy",
      HighAvailability: "enable",
      BackupId: copy?.row.BackupId,
      ConfigId: CONFIG_6,
      Version: "6.0",
      Size: "8",
    };
    const codes = [];
    for (const [Region, Zone] of [
      [demo.region, demo.zone],
      [demo.otherRegion, demo.otherZone],
    ]) {
      codes.push((await call(simulator, "CreateURedisGroup", { ...restore, Region, Zone })).RetCode);
    }
    assert.deepEqual(codes, [20207, 0]);
    assert.equal(simulator.created[0]?.region, demo.otherRegion);
  });
});
