import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { sendRedisCommands } from "../../simulator/redisConnection";
import { repositoryRoot } from "../../tools/repository";
import { useRedisServer } from "../support/redisServer";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { until } from "../support/until";

describe("ucloud-redis-simulator --redis", function () {
  this.timeout(60_000);
  const program = useRedisServer();
  const at = useTemporaryFolder("redis-flag-");

  function start(server: string): ChildProcessByStdio<null, Readable, Readable> {
    return spawn(process.execPath, ["-r", "ts-node/register", "simulator/cli.ts", "--redis"], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: repositoryRoot,
      env: { ...process.env, UCLOUD_REDIS_SIMULATOR_SERVER: server, TMPDIR: at() },
    });
  }

  const listFolders = (): string[] =>
    fs.readdirSync(at()).filter((name) => name.startsWith("ucloud-redis-simulator-"));
  const ping = (port: number): Promise<unknown[]> =>
    sendRedisCommands({ port, user: "default", password: "" }, [["PING"]]);

  /** Resolves when nothing listens on a port. The time limit of the test ends the waiting. */
  async function awaitEnd(port: number): Promise<void> {
    for (;;) {
      const error = await ping(port).catch((reason: unknown) => reason);
      if (error instanceof Error && error.message.includes("ECONNREFUSED")) return;
    }
  }

  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    it(`prints the address of each group's server, and leaves nothing behind after ${signal}`, async () => {
      const child = start(program());
      try {
        const ports: number[] = [];
        let version: string | undefined;
        for await (const line of createInterface(child.stdout)) {
          version ??= /^Redis (\S+) servers/.exec(line)?.[1];
          const [, port] = /^ {2}uredis-\w+ {2}127\.0\.0\.1:(\d+) {2}\(no password\)$/.exec(line) ?? [];
          if (port !== undefined) ports.push(Number(port));
          if (/Ctrl-C/.test(line)) break;
        }
        assert.match(version ?? "", /^\d+\.\d+\.\d+$/);
        assert.ok(ports.length >= 6);
        for (const port of ports) assert.deepEqual(await ping(port), ["PONG"]);
        assert.equal(listFolders().length, 1);
        child.kill(signal);
        await once(child, "exit");
        await until(() => listFolders().length === 0);
        for (const port of ports) await awaitEnd(port);
      } finally {
        child.kill("SIGKILL");
      }
    });
  }

  it("ends with exit code 1 and one line without a server's program", async () => {
    const child = start(at("missing"));
    const [errors] = await Promise.all([text(child.stderr), once(child, "close")]);
    assert.equal(child.exitCode, 1);
    assert.match(errors, /^ucloud-redis-simulator: [^\n]*missing is no Redis server[^\n]*Install[^\n]*\n$/);
  });
});
