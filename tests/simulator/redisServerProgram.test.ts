import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { findRedisServer } from "../../simulator/redisServerProgram";
import { useTemporaryFolder } from "../support/temporaryFolder";

describe("findRedisServer", () => {
  const at = useTemporaryFolder("redis-program-");

  before(function () {
    if (process.platform === "win32") this.skip();
  });

  /** Writes a program that answers `--version` with this line. */
  function install(file: string, line: string): string {
    fs.mkdirSync(path.dirname(at(file)), { recursive: true });
    fs.writeFileSync(at(file), `#!/bin/sh\n[ "$1" = --version ] && echo '${line}'\n`, { mode: 0o755 });
    return at(file);
  }

  const redis = "Redis server v=6.2.14 sha=00000000:0 malloc=libc bits=64 build=0";
  const valkey = "Valkey server v=8.0.1 sha=00000000:0 malloc=libc bits=64 build=0";

  it("takes redis-server from PATH, else valkey-server", async () => {
    const environment = { PATH: [at("a"), at("b"), "relative"].join(path.delimiter) };
    const program = install("a/valkey-server", valkey);
    assert.deepEqual(await findRedisServer({ environment }), { program, version: "8.0.1" });
    const preferred = install("b/redis-server", redis);
    assert.deepEqual(await findRedisServer({ environment }), { program: preferred, version: "6.2.14" });
  });

  it("passes over programs on PATH that are too old or do not run", async () => {
    install("a/redis-server", redis.replace("6.2.14", "6.0.20"));
    install("b/redis-server", "hello");
    const environment = { PATH: [at("a"), at("b"), at("c")].join(path.delimiter) };
    assert.match(
      JSON.stringify(await findRedisServer({ environment })),
      /missing.*b\/redis-server is no Redis/,
    );
    const program = install("c/redis-server", redis);
    assert.deepEqual(await findRedisServer({ environment }), { program, version: "6.2.14" });
  });

  it("takes only the one that is named, by the caller before the environment", async () => {
    const mine = install("mine", redis);
    const other = install("other", valkey);
    install("bin/redis-server", redis);
    const environment = { PATH: at("bin"), UCLOUD_REDIS_SIMULATOR_SERVER: other };
    assert.deepEqual(await findRedisServer({ environment }), { program: other, version: "8.0.1" });
    const server = path.relative(process.cwd(), mine);
    assert.deepEqual(await findRedisServer({ environment, server }), { program: mine, version: "6.2.14" });
    const wrong = await findRedisServer({ environment, server: at("none") });
    assert.ok("missing" in wrong);
    assert.match(wrong.missing, /none is no Redis server that runs here\. Install .*6\.2/);
  });

  it("says how to get one where there is none", async () => {
    const none = await findRedisServer({ environment: { PATH: at() } });
    assert.ok("missing" in none);
    assert.match(none.missing, /^No Redis server is on PATH\. .*apt install.*UCLOUD_REDIS_SIMULATOR_SERVER/);
    const windows = await findRedisServer({ environment: { PATH: at() }, platform: "win32" });
    assert.deepEqual(windows, { missing: "The simulator runs Redis servers on Linux and macOS only." });
  });
});
