import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import { ensureRedisServer } from "../../tools/redisServer";
import { repositoryRoot } from "../../tools/repository";
import { itOnEngine } from "../support/requireEngine";
import { useTemporaryFolder } from "../support/temporaryFolder";

const ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const RULE = "-".repeat(36);

/** The newest usable backup of each database, its age, and the newer ones that were skipped. */
const FOUND = new RegExp(
  [
    "^Source +Restore from +Age +Newer but skipped",
    `-+  ${RULE}  -+  -+`,
    `URedis group uredis-w4fz2kqp  (?<uredis>${ID})  24h 1\\dm  (?<newerURedis>${ID}): still running`,
    ` +${ID}: failed`,
    ` +${ID}: expired`,
    `UMem space udredis-4f1ybkqa   (?<umem>${ID})  24h 1\\dm  (?<newerUMem>${ID}): 2 of 4 shards done`,
    ` +${ID}: 1 of 4 shards missing$`,
  ].join("\n"),
  "m",
);

/** The group that was lost, restored by one `up`, unchanged by the next one, and restored anew by a third one. */
const RESTORED = new RegExp(
  [
    "^Up +Source +Restored from +Its age +Came up +Took$",
    `-+  -+  ${RULE}  -+  -+  -+`,
    `create   uredis-w4fz2kqp  (?<backup>${ID})  (?:\\d+m )?\\d+[ms] +(?<first>uredis-\\w{8})  \\d+\\.\\d s`,
    `same     uredis-w4fz2kqp  \\k<backup>  (?:\\d+m )?\\d+[ms] +\\k<first>`,
    `replace  uredis-w4fz2kqp  \\k<backup>  (?:\\d+m )?\\d+[ms] +(?!\\k<first>)uredis-\\w{8}  \\d+\\.\\d s$`,
  ].join("\n"),
  "m",
);

/** Also that the second preview keeps both backups, although the backups that were running have finished. */
function assertShown({ code, stdout, stderr }: CommandResult, { isReal }: { isReal: boolean }): void {
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, FOUND);
  const { uredis, newerURedis, umem, newerUMem } = FOUND.exec(stdout)?.groups ?? {};
  assert.match(stdout, new RegExp(`^uredis +unchanged +${uredis}  ${newerURedis}$`, "m"));
  assert.match(stdout, new RegExp(`^umem +unchanged +${umem}  ${newerUMem}$`, "m"));
  assert.match(stdout, RESTORED);
  // With a real server, the backup is the one with the keys.
  assert.equal(RESTORED.exec(stdout)?.groups?.["backup"] === newerURedis, !isReal);
  assert.equal(/^Keys before the loss: 1000; keys in uredis-\w{8}: 1000\.$/m.test(stdout), isReal);
  const drill = stdout.slice(stdout.indexOf("\nNow uredis-")).split("\n");
  assert.deepEqual(
    drill.filter(({ length }) => length > 105),
    [],
  );
}

describe("the demo", function () {
  this.timeout(180_000);
  const at = useTemporaryFolder("demo-");

  const runDemo = (env: NodeJS.ProcessEnv): Promise<CommandResult> =>
    runCommand(process.execPath, ["-r", "ts-node/register", "tools/demo/demo.ts"], {
      cwd: repositoryRoot,
      timeoutMs: 170_000,
      isGroup: true,
      env,
    });

  /** Runs it with an empty home, nothing on PATH but `node`, and no other source of a CLI. */
  function runWithoutCli(node: string): Promise<CommandResult> {
    const [bin, home] = [at("bin"), at("home")];
    for (const each of [bin, home]) fs.mkdirSync(each);
    fs.writeFileSync(path.join(bin, "node"), `#!/bin/sh\n${node}\n`, { mode: 0o755 });
    return runDemo({ PATH: bin, HOME: home, ENGINE_SOURCE: "path" });
  }

  itOnEngine("shows what is found, what the pins keep and what is restored, on Pulumi's engine", async () => {
    const server = await ensureRedisServer();
    const isReal = "program" in server;
    const result = await runDemo({
      ...process.env,
      UCLOUD_REDIS_SIMULATOR_SERVER: isReal ? server.program : at("none"),
    });
    assertShown(result, { isReal });
    assert.doesNotMatch(result.stdout, /This is not Pulumi's engine/);
  });

  it("shows the same without a CLI, and says that this is not Pulumi's engine", async function () {
    if (process.platform === "win32") this.skip();
    const result = await runWithoutCli(`exec '${process.execPath}' "$@"`);
    assertShown(result, { isReal: false });
    const notice =
      /^This is not Pulumi's engine: .* install the Pulumi CLI .*`npm run engine`.*5 minutes.*$/m;
    assert.match(result.stdout, notice);
  });

  it("ends, and says why, when the plugin cannot be started", async function () {
    if (process.platform === "win32") this.skip();
    const { code, stdout, stderr } = await runWithoutCli("echo no such luck >&2; exit 3");
    assert.equal(code, 1, stdout);
    assert.equal(stderr.trimEnd(), "the plugin ended (3): no such luck");
  });
});
