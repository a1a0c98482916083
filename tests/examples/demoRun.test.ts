import assert from "node:assert/strict";
import { runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";
import { requireEngine } from "../support/requireEngine";

const ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const dash = "-".repeat(36);

describe("the demo", function () {
  this.timeout(120_000);
  let code: number | null;
  let stdout: string;

  before(requireEngine);
  before(async () => {
    const args = ["-r", "ts-node/register", "tools/demo.ts"];
    const result = await runCommand(process.execPath, args, { cwd: repositoryRoot, timeoutMs: 110_000 });
    ({ code, stdout } = result);
    assert.equal(code, 0, stdout + result.stderr);
  });

  it("ends with the newest usable backup of each source, its age, and the newer ones that were passed over", () => {
    const table = new RegExp(
      [
        "^Source +Restore from +Age +Newer, but passed over",
        `-+  ${dash}  -+  -+`,
        `URedis group uredis-w4fz2kqp  ${ID}  24h 1\\dm  ${ID}: still running`,
        ` +${ID}: failed`,
        ` +${ID}: expired`,
        `UMem space udredis-4f1ybkqa   ${ID}  24h 1\\dm  ${ID}: 2 of 4 shards done`,
        ` +${ID}: 1 of 4 shards missing$`,
      ].join("\n"),
      "m",
    );
    assert.match(stdout, table);
  });

  it("shows in a second preview that both pins keep their backup although one that was running is done", () => {
    for (const [name, source, skipped] of [
      ["uredis", "URedis group uredis-w4fz2kqp", "still running"],
      ["umem", "UMem space udredis-4f1ybkqa", "2 of 4 shards done"],
    ]) {
      const row = new RegExp(`^${source} +(${ID}) .*(${ID}): ${skipped}$`, "m");
      const [, chosen = "", newer = ""] = row.exec(stdout) ?? [];
      assert.match(stdout, new RegExp(`^${name} +unchanged +${chosen}  ${newer}$`, "m"), stdout);
    }
  });
});
