import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo } from "../../simulator";
import { ensurePythonEnvironment } from "../../tools/toolchains/pythonEnvironment";
import { leaveOut } from "../support/leftOut";
import { itInMatrix } from "../support/matrix";
import { runPulumi } from "../support/projects";
import { requireEngine } from "../support/requireEngine";
import { useSimulatedStacks } from "../support/simulatedStack";
import { checkExample, type LanguageExample, startExample } from "./exampleRun";

/**
 * Added to the example, which has no link: the link of the newest usable backup at each run. So one run also shows
 * that a link is encrypted in the state if another language than TypeScript asks for it.
 */
const LINK = `
newest = found.latest.apply(lambda backup: backup.backup_id)
link = ucloud_redis.get_u_redis_backup_url_output(group_id=group_id, backup_id=newest)
pulumi.export("link", link.url)
`;

describe("a program in Python, on Pulumi's Python host", function () {
  this.timeout(300_000);
  const start = useSimulatedStacks();

  /** The example with the virtual environment that its Pulumi.yaml names. */
  async function readExample(context: Mocha.Context): Promise<LanguageExample> {
    const found = await ensurePythonEnvironment();
    if ("missing" in found) return leaveOut(context, { need: "Python", why: found.missing });
    const prepare = (project: string): void =>
      fs.symlinkSync(path.dirname(found.bin), path.join(project, "venv"), "junction");
    // The host that is built here is too old to learn of `virtualenv`: it takes the first Python on PATH.
    const env = { PATH: [found.bin, process.env.PATH ?? ""].join(path.delimiter) };
    return { name: "python", prepare, env };
  }

  itInMatrix(
    { part: "language", name: "Python", what: "preview, up, up unchanged, destroy" },
    async function () {
      const example = await readExample(this);
      const prepare = (project: string): void => {
        example.prepare?.(project);
        fs.appendFileSync(path.join(project, "__main__.py"), LINK);
      };
      await checkExample(await startExample(this, start, { ...example, prepare }), { hasLink: true });
    },
  );

  it("says at the preview that the backup is too old, without a stack of the plugin", async function () {
    requireEngine.call(this);
    const example = { ...(await readExample(this)), groupId: demo.staleGroupId };
    const running = await startExample(this, start, example);
    const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
    const said = stdout + stderr;
    assert.notEqual(code, 0);
    assert.match(said, /error: Preview failed: \[StaleBackup\] uredis-\w+: newest usable backup is 6d old/);
    assert.match(said, /Make a new backup, raise maxAge, or set onStale to `warn`\./);
    assert.doesNotMatch(said, /\.(ts|cjs|js|py)\b|Traceback/);
  });
});
