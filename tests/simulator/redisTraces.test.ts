import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { repositoryRoot } from "../../tools/repository";
import { until } from "../support/until";
import { ask, password, useRedisServers } from "./redisHarness";

describe("what the simulator's Redis servers show and leave behind", function () {
  this.timeout(60_000);
  const { program, at, servers, replaceServers } = useRedisServers();

  it("shows a password neither in the process list nor in a file", async () => {
    const { port } = await servers().start({ id: "a", password });
    await ask(port, "SET x 1");
    await servers().backUp({ id: "a" });
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
    await servers().start({ id: "a", password });
    await servers().backUp({ id: "a" });
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
      await assert.rejects(servers().start({ id: "a" }), /the secret is \.$/);
    } finally {
      delete process.env.SIMULATOR_TEST_SECRET;
    }
  });

  it("leaves nothing behind when closed, even during a start", async () => {
    const { port } = await servers().start({ id: "a", password });
    await servers().backUp({ id: "a" });
    const starting = servers().start({ id: "b" });
    const settled = assert.rejects(starting, /were closed/);
    await servers().close();
    await settled;
    await assert.rejects(ask(port, "PING"), /ECONNREFUSED/);
    await assert.rejects(servers().start({ id: "c" }), /were closed/);
    assert.deepEqual(fs.readdirSync(at()), []);
    await servers().close();
  });

  it("stops a server that does not exist, and one that stopped by itself", async () => {
    await servers().stop({ id: "nothing" });
    await servers().start({ id: "a" });
    const [pid = NaN] = listServers(at());
    process.kill(pid, "SIGKILL");
    await servers().stop({ id: "a" });
    await servers().start({ id: "a" });
  });

  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
    it(`leaves no server and no folder behind when ${signal} ends the simulator`, async () => {
      const child = startOwner(program(), at());
      try {
        const [line] = (await once(createInterface(child.stdout), "line")) as [string];
        const ports = JSON.parse(line) as number[];
        assert.equal(ports.length, 2);
        const pids = listServers(at());
        assert.equal(pids.length, 2);
        child.kill(signal);
        await once(child, "exit");
        await until(() => fs.readdirSync(at()).length === 0 && !pids.some(isAlive));
        for (const port of ports) await assert.rejects(ask(port, "PING"), /ECONNREFUSED/);
      } finally {
        child.kill("SIGKILL");
      }
    });
  }
});

/** Starts a process with two servers and a backup, which prints their ports. */
function startOwner(program: string, parentFolder: string) {
  const code = `
    const { RedisServers } = require("./simulator/redisServers");
    const servers = new RedisServers(${JSON.stringify({ program, parentFolder })});
    Promise.all(["a", "b"].map((id) => servers.start({ id, password: "${password}" }))).then(async (started) => {
      await servers.backUp({ id: "a" });
      console.log(JSON.stringify(started.map(({ port }) => port)));
    });`;
  return spawn(process.execPath, ["-r", "ts-node/register", "-e", code], {
    cwd: repositoryRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
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
