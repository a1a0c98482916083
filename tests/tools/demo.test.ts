import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";

const ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

describe("the demo without a Pulumi CLI", function () {
  this.timeout(60_000);
  let folder: string;

  before(function () {
    if (process.platform === "win32") this.skip();
  });
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "demo-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Runs it with nothing on PATH but this `node`, an empty home, and no look at the cache or the vendor's site. */
  function runDemo(node: string): Promise<CommandResult> {
    const bin = path.join(folder, "bin");
    const home = path.join(folder, "home");
    for (const each of [bin, home]) fs.mkdirSync(each);
    fs.writeFileSync(path.join(bin, "node"), `#!/bin/sh\n${node}\n`, { mode: 0o755 });
    return runCommand(process.execPath, ["-r", "ts-node/register", "tools/demo.ts"], {
      cwd: repositoryRoot,
      timeoutMs: 55_000,
      isGroup: true,
      env: { PATH: bin, HOME: home, ENGINE_SOURCE: "path" },
    });
  }

  it("shows what is found and what the pins keep, and says whose engine it was not", async () => {
    const { code, stdout, stderr } = await runDemo(`exec '${process.execPath}' "$@"`);
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /^This is not Pulumi's engine: .* install the Pulumi CLI .*`npm run engine`.*5 minutes.*$/m,
    );
    for (const [name, source, skipped] of [
      ["uredis", "URedis group uredis-w4fz2kqp", "still running"],
      ["umem", "UMem space udredis-4f1ybkqa", "2 of 4 shards done"],
    ]) {
      const row = new RegExp(`^${source} +(${ID})  24h 1\\dm  (${ID}): ${skipped}$`, "m");
      const [, chosen = "", newer = ""] = row.exec(stdout) ?? [];
      assert.match(stdout, new RegExp(`^${name} +unchanged +${chosen}  ${newer}$`, "m"), stdout);
    }
  });

  it("ends, and says why, when the plugin cannot be started", async () => {
    const { code, stdout, stderr } = await runDemo("echo no such luck >&2; exit 3");
    assert.equal(code, 1, stdout);
    assert.equal(stderr.trimEnd(), "the plugin ended (3): no such luck");
  });
});
