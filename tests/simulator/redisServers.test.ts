import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import { createServer, type AddressInfo, Socket } from "node:net";
import { ask, askAs, password, useRedisServers } from "./redisHarness";

describe("the simulator's Redis servers", function () {
  this.timeout(60_000);
  const { at, servers, replaceServers } = useRedisServers();

  it("starts one on loopback that is empty", async () => {
    const { host, port } = await servers().start({ id: "a", password });
    assert.equal(host, "127.0.0.1");
    assert.deepEqual(await ask(port, "PING", "DBSIZE", "GET x"), ["PONG", 0, null]);
  });

  it("lets in only who knows the password", async () => {
    const { port } = await servers().start({ id: "a", password });
    await assert.rejects(askAs("wrong", port, "PING"), /refused AUTH: WRONGPASS/);
    await assert.rejects(askPlainly(port), /NOAUTH/);
  });

  it("changes and removes a password, and lets in everyone without one", async () => {
    const { port } = await servers().start({ id: "a", password });
    await servers().setPassword({ id: "a" }, "Another-One_2");
    await assert.rejects(ask(port, "PING"), /WRONGPASS/);
    assert.deepEqual(await askAs("Another-One_2", port, "PING"), ["PONG"]);
    await servers().setPassword({ id: "a" }, undefined);
    assert.match(await askPlainly(port), /PONG/);
    await servers().setPassword({ id: "a" }, password);
    await assert.rejects(askPlainly(port), /NOAUTH/);
    const open = await servers().start({ id: "b" });
    assert.match(await askPlainly(open.port), /PONG/);
  });

  it("does not let clients stop or reconfigure a server, or read its accounts", async () => {
    const { port } = await servers().start({ id: "a", password });
    for (const command of ["SHUTDOWN", "CONFIG GET dir", "ACL LIST", "DEBUG SLEEP 0", "REPLICAOF no one"]) {
      await assert.rejects(ask(port, command), /^Error: the Redis server refused /, command);
    }
  });

  it("keeps the data of several databases apart", async () => {
    const [a, b] = await Promise.all(["a", "b"].map((id) => servers().start({ id, password })));
    assert.ok(a && b);
    await ask(a.port, "SET x 1");
    assert.deepEqual(await ask(b.port, "DBSIZE"), [0]);
    await assert.rejects(servers().start({ id: "a" }), /Redis server of a runs already/);
    assert.deepEqual(await ask(a.port, "DBSIZE"), [1]);
  });

  it("backs up what there is, and starts a server that has loaded it", async () => {
    const first = await servers().start({ id: "a", password });
    await ask(first.port, "SET kept yes");
    const backup = await servers().backUp({ id: "a" });
    await ask(first.port, "SET later yes");
    assert.equal(fs.readFileSync(backup.path).subarray(0, 5).toString(), "REDIS");
    assert.equal(fs.statSync(backup.path).size, backup.bytes);
    await servers().stop({ id: "a" });
    for (const id of ["a", "b"]) {
      const restored = await servers().start({ id, password: "Another-One_2" }, backup);
      const replies = await askAs("Another-One_2", restored.port, "GET kept", "GET later");
      assert.deepEqual(replies, ["yes", null], id);
    }
  });

  it("tells how much memory a database uses", async () => {
    const { port } = await servers().start({ id: "a", password });
    const before = await servers().readUsedBytes({ id: "a" });
    await ask(port, `SET x ${"x".repeat(3_000_000)}`);
    assert.ok((await servers().readUsedBytes({ id: "a" })) - before > 2_900_000);
  });

  it("takes another port when the chosen one is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const free = await servers().start({ id: "free" });
    await servers().stop({ id: "free" });
    const ports = [port, port, free.port];
    await replaceServers({ choosePort: () => Promise.resolve(ports.shift() ?? 0) });
    try {
      assert.equal((await servers().start({ id: "a" })).port, free.port);
    } finally {
      taken.close();
    }
  });

  describe("when a backup cannot be loaded", () => {
    let whole: Buffer;

    beforeEach(async () => {
      const { port } = await servers().start({ id: "source", password });
      await ask(port, ...Array.from({ length: 50 }, (_, index) => `SET key${index} value${index}`));
      whole = fs.readFileSync((await servers().backUp({ id: "source" })).path);
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
        await assert.rejects(servers().start({ id: "a", password }, damagedFile), (error: Error) => {
          assert.match(error.message, /^the Redis server of a could not load the backup: [^\n]{10,}$/);
          return true;
        });
        await assert.rejects(servers().readUsedBytes({ id: "a" }), /no Redis server of a runs/);
      });
    }

    it("does not start empty when the file is missing", async () => {
      await assert.rejects(
        servers().start({ id: "a" }, { path: at("missing.rdb"), bytes: 1 }),
        /could not load.*No such file/,
      );
      // The id is free again.
      await servers().start({ id: "a" });
    });
  });

  it("gives up on a server that does not get ready in time", async () => {
    fs.writeFileSync(at("silent"), "#!/bin/sh\nexec sleep 600\n", { mode: 0o755 });
    await replaceServers({ program: at("silent"), startTimeoutMs: 100 });
    await assert.rejects(servers().start({ id: "a" }), /did not start: it took more than 0.1 s/);
  });

  it("says why a program that is no server did not start", async () => {
    await replaceServers({ program: at("missing") });
    await assert.rejects(servers().start({ id: "a" }), /did not start: .*not found/);
  });
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
