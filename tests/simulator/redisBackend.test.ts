import assert from "node:assert/strict";
import { demo, type RedisBackend, startSimulator } from "../../simulator";
import { canServe } from "../../simulator/databases";
import { until } from "../support/until";
import { withSimulator } from "../support/withSimulator";
import { call, CONFIG_6, encode, look, NEW_GROUP, succeed, watch } from "./calls";

const DONE = { provisioning: { create: { looks: 0 }, backup: { looks: 0 }, delete: { looks: 0 } } } as const;

/** A backend that writes down what it is asked for. */
class NotedBackend implements RedisBackend {
  readonly calls: string[] = [];
  private ports = 7000;
  /** Awaited by each call. */
  gate: Promise<unknown> = Promise.resolve();

  async start(...[database, rdbFile]: Parameters<RedisBackend["start"]>): ReturnType<RedisBackend["start"]> {
    this.calls.push(`start ${database.name} ${database.password ?? "-"} ${rdbFile?.path ?? "-"}`);
    await this.gate;
    return { host: "127.0.0.1", port: this.ports++ };
  }

  async backUp(
    ...[database, backupId]: Parameters<RedisBackend["backUp"]>
  ): ReturnType<RedisBackend["backUp"]> {
    this.calls.push(`back up ${database.name}`);
    await this.gate;
    return { path: `/${backupId}.rdb`, bytes: 12_345 };
  }

  async setPassword(...[database, password]: Parameters<RedisBackend["setPassword"]>): Promise<void> {
    this.calls.push(`set ${database.name} ${password ?? "-"}`);
    await this.gate;
  }

  async stop(database: Parameters<RedisBackend["stop"]>[0]): Promise<void> {
    this.calls.push(`stop ${database.name}`);
    await this.gate;
  }

  close(): Promise<void> {
    this.calls.push("close");
    return Promise.resolve();
  }
}

describe("the simulator's real servers", () => {
  it("start with the groups of the fleet, and stop with the simulator", async () => {
    const redis = new NotedBackend();
    const simulator = await startSimulator({ redis });
    const groups = simulator.databases.filter(canServe);
    assert.deepEqual(redis.calls.sort(), groups.map(({ name }) => `start ${name} - -`).sort());
    const [address] = (await look(simulator, demo.healthyGroupId))?.Address as Record<string, unknown>[];
    assert.equal(address?.IP, "127.0.0.1");
    assert.ok(Number(address.Port) >= 7000);
    await simulator.close();
    assert.equal(redis.calls.at(-1), "close");
  });

  it("hold the data of a backup, and are awaited", async () => {
    const redis = new NotedBackend();
    await withSimulator({ ...DONE, redis }, async (simulator) => {
      const GroupId = demo.emptyGroupId;
      redis.calls.length = 0;
      let open: (value?: unknown) => void = () => undefined;
      const shut = (): void => void (redis.gate = new Promise((resolve) => (open = resolve)));
      shut();
      const { BackupId = "" } = await succeed(simulator, "CreateURedisBackup", {
        GroupId,
        BackupName: "by-hand",
      });
      const readBackup = (): unknown =>
        simulator.fleet.uredis.find(({ row }) => row.BackupId === BackupId)?.row;
      assert.equal((readBackup() as { State: string }).State, "Backuping");
      open();
      await until(() => (readBackup() as { State: string }).State === "Success");
      assert.equal((readBackup() as { BackupSize: number }).BackupSize, 12_345);

      shut();
      const Password = encode("secret-Pass1");
      const restore = { ...NEW_GROUP, Password, BackupId, Version: "6.0", ConfigId: CONFIG_6 };
      const { GroupId: id = "" } = await succeed(simulator, "CreateURedisGroup", restore);
      assert.deepEqual(await watch(simulator, { id, looks: 2 }), ["Creating", "Creating"]);
      open();
      await until(() => simulator.created[0]?.state === "Running");
      const [address] = (await look(simulator, id))?.Address as Record<string, unknown>[];
      assert.equal(address?.IP, "127.0.0.1");

      await succeed(simulator, "ModifyURedisGroupPassword", { GroupId: id, Password: "" });
      shut();
      await succeed(simulator, "DeleteURedisGroup", { GroupId: id });
      assert.equal((await look(simulator, id))?.State, "Deleting");
      open();
      await until(() => simulator.created[0]?.isGone === true);
      assert.deepEqual(redis.calls, [
        "back up new-cache",
        `start new-group secret-Pass1 /${BackupId}.rdb`,
        "set new-group -",
        "stop new-group",
      ]);
    });
  });

  it("let a group, a backup and a new password fail when they fail", async () => {
    const redis = new NotedBackend();
    await withSimulator({ ...DONE, redis }, async (simulator) => {
      const fail = (): Promise<never> => Promise.reject(new Error("no memory"));
      Object.assign(redis, { start: fail, backUp: fail, stop: fail, setPassword: fail });
      const GroupId = demo.emptyGroupId;
      await succeed(simulator, "CreateURedisGroup", NEW_GROUP);
      await until(() => simulator.created[0]?.state === "CreateFail");
      const { BackupId } = await succeed(simulator, "CreateURedisBackup", { GroupId, BackupName: "by-hand" });
      const find = (): unknown =>
        simulator.fleet.uredis.find(({ row }) => row.BackupId === BackupId)?.row.State;
      await until(() => find() === "Error");
      const change = await call(simulator, "ModifyURedisGroupPassword", { GroupId, Password: "" });
      assert.equal(change.RetCode, 20204);
      await succeed(simulator, "DeleteURedisGroup", { GroupId });
      await until(() => simulator.databases.every(({ id }) => id !== GroupId));
    });
  });

  it("are not behind spaces", async () => {
    const redis = new NotedBackend();
    await withSimulator({ ...DONE, redis }, async (simulator) => {
      redis.calls.length = 0;
      const place = { SpaceId: demo.healthySpaceId, Zone: demo.slaveZone };
      await succeed(simulator, "CreateUMemBackup", { ...place, BackupName: "by-hand" });
      await succeed(simulator, "ModifyUMemPassword", { ...place, Password: encode("secret-Pass1") });
      await succeed(simulator, "DeleteUMemSpace", place);
      assert.equal((await call(simulator, "DeleteUMemSpace", place)).RetCode, 20103);
      assert.deepEqual(redis.calls, []);
    });
  });
});
