import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { createClient } from "redis";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { canServe } from "../../simulator/databases";
import { useRedisServer } from "../support/redisServer";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { call, CONFIG_6, encode, look, NEW_GROUP, succeed } from "./calls";
import type { Query } from "./client";

const KEYS = 1_000;
const FIRST = "First-Password_1";
const SECOND = "Second-Password_2";
const GROUP = { ...NEW_GROUP, ConfigId: CONFIG_6, Version: "6.0" };

describe("a simulator with real Redis servers", function () {
  this.timeout(60_000);
  const program = useRedisServer();
  let temporary: string | undefined;
  let simulator: Simulator;
  let lines: string[];

  // Hooks run in this order: the servers end before their folder goes.
  afterEach(async () => {
    await simulator.close();
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  });

  const at = useTemporaryFolder("real-redis-");

  beforeEach(async () => {
    temporary = process.env.TMPDIR;
    process.env.TMPDIR = at();
    lines = [];
    const redis = { server: program(), log: (line: string) => lines.push(line) };
    simulator = await startSimulator({ redis });
  });

  /** Looks at a database until it has a state. Tests end by their time limit if it never has. */
  async function awaitState(id: string, state: string): Promise<Record<string, unknown>> {
    for (;;) {
      const row = await look(simulator, id);
      if (row?.State === state) return row;
      assert.ok(row?.State === "Creating" || row?.State === "SetPassword", lines.join("\n"));
    }
  }

  async function createGroup(query: Query = {}): Promise<string> {
    const { GroupId = "" } = await succeed(simulator, "CreateURedisGroup", { ...GROUP, ...query });
    return GroupId;
  }

  async function backUp(GroupId: string): Promise<{ id: string; row: Record<string, unknown> }> {
    const { BackupId: id = "" } = await succeed(simulator, "CreateURedisBackup", {
      GroupId,
      BackupName: "by-hand",
    });
    for (;;) {
      const listed = await succeed(simulator, "DescribeURedisBackup", { GroupId, BackupId: id });
      const row = listed.DataSet?.[0] ?? {};
      if (row.State !== "Backuping") return { id, row };
    }
  }

  async function removeGroup(GroupId: string): Promise<void> {
    await succeed(simulator, "DeleteURedisGroup", { GroupId });
    while (await look(simulator, GroupId)) continue;
  }

  /** Runs a task with a logged-in client at the address that a row shows. */
  async function connect<Result>(
    row: Record<string, unknown>,
    { password }: { readonly password?: string },
    task: (client: ReturnType<typeof createClient>) => Promise<Result>,
  ): Promise<Result> {
    const [address] = row.Address as { IP: string; Port: number }[];
    const client = createClient({
      socket: { host: address?.IP ?? "", port: address?.Port ?? 0, reconnectStrategy: false },
      ...(password !== undefined && { password }),
    });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return await task(client as ReturnType<typeof createClient>);
    } finally {
      client.destroy();
    }
  }

  it("restores 1,000 keys of a deleted group into another one, under another password", async () => {
    const first = await createGroup({ Password: encode(FIRST) });
    await connect(await awaitState(first, "Running"), { password: FIRST }, async (client) => {
      const keys = Array.from({ length: KEYS }, (_, index): [string, string] => [`key:${index}`, `${index}`]);
      await client.mSet(keys);
      assert.equal(await client.dbSize(), KEYS);
    });
    const backup = await backUp(first);
    assert.equal(backup.row.State, "Success");
    assert.ok(Number(backup.row.BackupSize) > 10_000);
    await removeGroup(first);

    const second = await createGroup({ Password: encode(SECOND), BackupId: backup.id });
    const row = await awaitState(second, "Running");
    await assert.rejects(
      connect(row, { password: FIRST }, (client) => client.ping()),
      /WRONGPASS/,
    );
    await connect(row, { password: SECOND }, async (client) => {
      assert.equal(await client.dbSize(), KEYS);
      assert.equal(await client.get("key:999"), "999");
    });
    assert.deepEqual(lines, []);
  });

  it("has a server for every group of the fleet, and none for spaces", async () => {
    const groups = simulator.databases.filter(canServe);
    assert.ok(groups.length >= 6);
    assert.equal(new Set(groups.map(({ port }) => port)).size, groups.length);
    for (const { id } of groups.filter(({ region }) => region === demo.region)) {
      const row = await look(simulator, id);
      // Another project's group is not listed.
      if (row) assert.equal(await connect(row, {}, (client) => client.ping()), "PONG");
    }
    const space = await look(simulator, demo.healthySpaceId);
    assert.notEqual((space?.Address as { IP: string }[])[0]?.IP, "127.0.0.1");
  });

  it("shows no address before the data is loaded, and the memory used afterwards", async () => {
    const id = await createGroup();
    const { State, Address } = (await look(simulator, id)) ?? {};
    assert.equal(State, "Creating");
    assert.equal((Address as { IP: string }[])[0]?.IP, "");
    const row = await awaitState(id, "Running");
    assert.ok(Number(row.UsedSize) >= 1 && Number(row.UsedSize) < 20);
  });

  it("changes the password of a running group, and removes it", async () => {
    const GroupId = await createGroup({ Password: encode(FIRST) });
    const row = await awaitState(GroupId, "Running");
    await succeed(simulator, "ModifyURedisGroupPassword", { GroupId, Password: encode(SECOND) });
    await awaitState(GroupId, "Running");
    assert.equal(await connect(row, { password: SECOND }, (client) => client.ping()), "PONG");
    await succeed(simulator, "ModifyURedisGroupPassword", { GroupId, Password: "" });
    assert.equal(await connect(row, {}, (client) => client.ping()), "PONG");
  });

  it("starts empty from a backup of the demo fleet, and says so", async () => {
    const made = simulator.fleet.uredis.find(
      ({ row }) => row.GroupId === demo.uredisGroupId && row.State === "Success",
    );
    assert.ok(made);
    const { BackupId, MemorySize } = made.row;
    const id = await createGroup({ BackupId, Size: String(MemorySize) });
    const row = await awaitState(id, "Running");
    assert.equal(await connect(row, {}, (client) => client.dbSize()), 0);
    assert.ok(Number(row.UsedSize) < 20);
    assert.deepEqual(lines, [`${id} starts empty: backup ${BackupId} is made up, and has no data`]);
  });

  it("fails to create a group from a damaged backup, and says why", async () => {
    const source = await createGroup();
    await awaitState(source, "Running");
    const { id: BackupId } = await backUp(source);
    const files = fs.readdirSync(at(), { recursive: true, withFileTypes: true });
    // Beside the folders of the servers are the backups.
    const [file] = files.filter(({ name }) => name.endsWith(".rdb") && name !== "dump.rdb");
    assert.ok(file);
    fs.truncateSync(path.join(file.parentPath, file.name), 20);
    const id = await createGroup({ BackupId });
    await awaitState(id, "CreateFail");
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", new RegExp(`^the Redis server of ${id} could not load the backup: .{10,}$`));
  });

  it("stops the server of a deleted group, and all servers when it is closed", async () => {
    const healthy = (await look(simulator, demo.healthyGroupId)) ?? {};
    const other = (await look(simulator, demo.uredisGroupId)) ?? {};
    const ping = (row: Record<string, unknown>): Promise<string> =>
      connect(row, {}, (client) => client.ping());
    await removeGroup(demo.healthyGroupId);
    await assert.rejects(ping(healthy), /ECONNREFUSED/);
    assert.equal(await ping(other), "PONG");
    await simulator.close();
    await assert.rejects(ping(other), /ECONNREFUSED/);
  });

  it("names the version of its servers", () => {
    assert.match(simulator.redisVersion ?? "", /^\d+\.\d+\.\d+$/);
  });

  it("does not start without the program, and says how to get it", async () => {
    await assert.rejects(
      startSimulator({ redis: { server: "/missing/redis-server" } }),
      /missing\/redis-server is no Redis server.*Install/,
    );
    assert.equal((await call(simulator, "DescribeUMem", { Protocol: "redis" })).RetCode, 0);
  });

  it("leaves no server behind when its own port is taken", async () => {
    const port = Number(new URL(simulator.url).port);
    const folders = fs.readdirSync(at());
    await assert.rejects(startSimulator({ port, redis: { server: program() } }), /EADDRINUSE/);
    assert.deepEqual(fs.readdirSync(at()), folders);
  });
});
