import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createServer, type AddressInfo, Socket } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { type RedisReply, sendRedisCommands } from "../../simulator/redisConnection";
import { RedisServers, type RedisServersOptions } from "../../simulator/redisServers";
import { repositoryRoot } from "../../tools/repository";
import { useRedisServer } from "../support/redisServer";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { until } from "../support/until";

const password = "Correct-Horse_1";

describe("the simulator's Redis servers", function () {
  this.timeout(60_000);
  const program = useRedisServer();
  const at = useTemporaryFolder("redis-servers-");
  let servers: RedisServers;
  let temporary: string | undefined;

  beforeEach(() => {
    temporary = process.env.TMPDIR;
    process.env.TMPDIR = at();
    servers = new RedisServers({ program: program() });
  });

  afterEach(async () => {
    await servers.close();
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  });

  /** Runs commands as a client of a group does. */
  const ask = (port: number, ...commands: string[]): Promise<RedisReply[]> =>
    askAs(password, port, ...commands);
  const askAs = (given: string, port: number, ...commands: string[]): Promise<RedisReply[]> =>
    sendRedisCommands(
      { port, user: "default", password: given },
      commands.map((command) => command.split(" ")),
    );

  async function replaceServers(options: Partial<RedisServersOptions>): Promise<void> {
    await servers.close();
    servers = new RedisServers({ program: program(), ...options });
  }

  it("starts one on loopback that is empty", async () => {
    const { host, port } = await servers.start({ id: "a", password });
    assert.equal(host, "127.0.0.1");
    assert.deepEqual(await ask(port, "PING", "DBSIZE", "GET x"), ["PONG", 0, null]);
  });

  it("lets in only who knows the password", async () => {
    const { port } = await servers.start({ id: "a", password });
    await assert.rejects(askAs("wrong", port, "PING"), /refused AUTH: WRONGPASS/);
    await assert.rejects(askPlainly(port), /NOAUTH/);
  });

  it("changes and removes a password, and lets in everyone without one", async () => {
    const { port } = await servers.start({ id: "a", password });
    await servers.setPassword({ id: "a" }, "Another-One_2");
    await assert.rejects(ask(port, "PING"), /WRONGPASS/);
    assert.deepEqual(await askAs("Another-One_2", port, "PING"), ["PONG"]);
    await servers.setPassword({ id: "a" }, undefined);
    assert.match(await askPlainly(port), /PONG/);
    await servers.setPassword({ id: "a" }, password);
    await assert.rejects(askPlainly(port), /NOAUTH/);
    const open = await servers.start({ id: "b" });
    assert.match(await askPlainly(open.port), /PONG/);
  });

  it("does not let clients stop or reconfigure a server, or read its accounts", async () => {
    const { port } = await servers.start({ id: "a", password });
    for (const command of ["SHUTDOWN", "CONFIG GET dir", "ACL LIST", "DEBUG SLEEP 0", "REPLICAOF no one"]) {
      await assert.rejects(ask(port, command), /^Error: the Redis server refused /, command);
    }
  });

  it("keeps the data of several databases apart", async () => {
    const [a, b] = await Promise.all(["a", "b"].map((id) => servers.start({ id, password })));
    assert.ok(a && b);
    await ask(a.port, "SET x 1");
    assert.deepEqual(await ask(b.port, "DBSIZE"), [0]);
    await assert.rejects(servers.start({ id: "a" }), /Redis server of a runs already/);
    assert.deepEqual(await ask(a.port, "DBSIZE"), [1]);
  });

  it("backs up what there is, and starts a server that has loaded it", async () => {
    const first = await servers.start({ id: "a", password });
    await ask(first.port, "SET kept yes");
    const backup = await servers.backUp({ id: "a" });
    await ask(first.port, "SET later yes");
    assert.equal(fs.readFileSync(backup.path).subarray(0, 5).toString(), "REDIS");
    assert.equal(fs.statSync(backup.path).size, backup.bytes);
    await servers.stop({ id: "a" });
    for (const id of ["a", "b"]) {
      const restored = await servers.start({ id, password: "Another-One_2" }, backup);
      const replies = await askAs("Another-One_2", restored.port, "GET kept", "GET later");
      assert.deepEqual(replies, ["yes", null], id);
    }
  });

  it("tells how much memory a database uses", async () => {
    const { port } = await servers.start({ id: "a", password });
    const before = await servers.readUsedBytes({ id: "a" });
    await ask(port, `SET x ${"x".repeat(3_000_000)}`);
    assert.ok((await servers.readUsedBytes({ id: "a" })) - before > 2_900_000);
  });

  it("takes another port when the chosen one is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const free = await servers.start({ id: "free" });
    await servers.stop({ id: "free" });
    const ports = [port, port, free.port];
    await replaceServers({ choosePort: () => Promise.resolve(ports.shift() ?? 0) });
    try {
      assert.equal((await servers.start({ id: "a" })).port, free.port);
    } finally {
      taken.close();
    }
  });

  describe("when a backup cannot be loaded", () => {
    let whole: Buffer;

    beforeEach(async () => {
      const { port } = await servers.start({ id: "source", password });
      await ask(port, ...Array.from({ length: 50 }, (_, index) => `SET key${index} value${index}`));
      whole = fs.readFileSync((await servers.backUp({ id: "source" })).path);
    });

    const damages: Record<string, (file: Buffer) => Buffer> = {
      "is empty": () => Buffer.alloc(0),
      "is no RDB file": () => Buffer.from("not a backup of Redis at all"),
      "is cut short": (file) => file.subarray(0, file.length - 200),
      "has a wrong byte": (file) => {
        const damaged = Buffer.from(file);
        const position = file.indexOf("value7");
        damaged[position] = 0x58;
        return damaged;
      },
      "is of a later version": (file) => Buffer.concat([Buffer.from("REDIS9999"), file.subarray(9)]),
    };
    for (const [name, damage] of Object.entries(damages)) {
      it(`refuses one that ${name}, with a sentence`, async () => {
        const damagedFile = { path: at("damaged.rdb"), bytes: 1 };
        fs.writeFileSync(damagedFile.path, damage(whole));
        await assert.rejects(servers.start({ id: "a", password }, damagedFile), (error: Error) => {
          assert.match(error.message, /^the Redis server of a could not load the backup: [^\n]{10,}$/);
          return true;
        });
        await assert.rejects(servers.readUsedBytes({ id: "a" }), /no Redis server of a runs/);
      });
    }

    it("does not start empty when the file is missing", async () => {
      await assert.rejects(
        servers.start({ id: "a" }, { path: at("missing.rdb"), bytes: 1 }),
        /could not load.*No such file/,
      );
      // The id is free again.
      await servers.start({ id: "a" });
    });
  });

  it("gives up on a server that does not get ready in time", async () => {
    fs.writeFileSync(at("silent"), "#!/bin/sh\nexec sleep 600\n", { mode: 0o755 });
    await replaceServers({ program: at("silent"), startTimeoutMs: 100 });
    await assert.rejects(servers.start({ id: "a" }), /did not start: it took more than 0.1 s/);
  });

  it("says why a program that is no server did not start", async () => {
    await replaceServers({ program: at("missing") });
    await assert.rejects(servers.start({ id: "a" }), /did not start: .*not found/);
  });

  it("shows a password neither in the process list nor in a file", async () => {
    const { port } = await servers.start({ id: "a", password });
    await ask(port, "SET x 1");
    await servers.backUp({ id: "a" });
    const shown = listProcesses()
      .map(({ line }) => line)
      .join("\n");
    assert.match(shown, new RegExp(`127.0.0.1:${port}`));
    const files = fs.readdirSync(at(), { recursive: true, withFileTypes: true });
    const texts = files
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "latin1"));
    assert.ok(texts.length >= 2);
    for (const text of [shown, ...texts]) assert.ok(!text.includes(password));
  });

  it("keeps its files where only this user can read them", async () => {
    await servers.start({ id: "a", password });
    await servers.backUp({ id: "a" });
    for (const entry of fs.readdirSync(at(), { recursive: true, withFileTypes: true })) {
      const { mode } = fs.statSync(path.join(entry.parentPath, entry.name));
      assert.equal(mode & 0o077, 0, entry.name);
    }
  });

  it("does not give servers the simulator's environment", async () => {
    const script = '#!/bin/sh\necho "the secret is $SIMULATOR_TEST_SECRET."\n';
    fs.writeFileSync(at("show"), script, { mode: 0o755 });
    process.env.SIMULATOR_TEST_SECRET = "do-not-show";
    try {
      await replaceServers({ program: at("show") });
      await assert.rejects(servers.start({ id: "a" }), /the secret is \.$/);
    } finally {
      delete process.env.SIMULATOR_TEST_SECRET;
    }
  });

  it("leaves nothing behind when closed, even during a start", async () => {
    const { port } = await servers.start({ id: "a", password });
    await servers.backUp({ id: "a" });
    const starting = servers.start({ id: "b" });
    const settled = assert.rejects(starting, /were closed/);
    await servers.close();
    await settled;
    await assert.rejects(ask(port, "PING"), /ECONNREFUSED/);
    await assert.rejects(servers.start({ id: "c" }), /were closed/);
    assert.deepEqual(fs.readdirSync(at()), []);
    await servers.close();
  });

  it("stops a server that does not exist, and one that stopped by itself", async () => {
    await servers.stop({ id: "nothing" });
    await servers.start({ id: "a" });
    const [pid = NaN] = listServers(at());
    process.kill(pid, "SIGKILL");
    await servers.stop({ id: "a" });
    await servers.start({ id: "a" });
  });

  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
    it(`leaves no server and no folder behind when ${signal} ends the simulator`, async () => {
      const child = startOwner(program());
      try {
        const [line] = (await once(createInterface(child.stdout), "line")) as [string];
        const ports = JSON.parse(line) as number[];
        assert.equal(ports.length, 2);
        const pids = listServers(at());
        assert.equal(pids.length, 2);
        child.kill(signal);
        await once(child, "exit");
        await until(() => !fs.readdirSync(at()).some((name) => name.startsWith("ucloud-redis-simulator-")));
        const left = listProcesses().filter(({ pid }) => pids.includes(pid));
        assert.deepEqual(left, []);
        for (const port of ports) await assert.rejects(ask(port, "PING"), /ECONNREFUSED/);
      } finally {
        child.kill("SIGKILL");
      }
    });
  }
});

/** Sends PING without logging in, and resolves to the answer. @throws with an error that is answered */
async function askPlainly(port: number): Promise<string> {
  const socket = new Socket().connect(port, "127.0.0.1");
  try {
    socket.write("PING\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    if (answer.toString().startsWith("-")) throw new Error(answer.toString());
    return answer.toString();
  } finally {
    socket.destroy();
  }
}

/** A process with two servers and a backup, which prints their ports. */
function startOwner(program: string) {
  const code = `
    const { RedisServers } = require("./simulator/redisServers");
    const servers = new RedisServers({ program: ${JSON.stringify(program)} });
    Promise.all(["a", "b"].map((id) => servers.start({ id, password: "${password}" }))).then(async (started) => {
      await servers.backUp({ id: "a" });
      console.log(JSON.stringify(started.map(({ port }) => port)));
    });`;
  return spawn(process.execPath, ["-r", "ts-node/register", "-e", code], {
    cwd: repositoryRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** The command line, as `ps` shows it. */
  readonly line: string;
}

function listProcesses(): ListedProcess[] {
  const output = execFileSync("ps", ["-ww", "-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  return [...output.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, line = ""]) => ({
    pid: Number(pid),
    parent: Number(parent),
    line,
  }));
}

/** The ids of the servers whose folders are below `folder`. */
function listServers(folder: string): number[] {
  const processes = listProcesses();
  const shells = processes.filter(({ line }) => line.includes("/bin/sh") && line.includes(folder));
  return processes
    .filter(({ parent, line }) => line.includes("127.0.0.1:") && shells.some(({ pid }) => pid === parent))
    .map(({ pid }) => pid);
}
