/**
 * Required by mocha. Makes a Pulumi CLI available before the tests. If that fails, tests that need one are
 * left out.
 */
import { ensureEngine, findEngine } from "../../tools/engine/engine";
import { leaveOut } from "./leftOut";

/** The script that npm runs: `test`, or undefined where mocha was started on single files. */
const isWholeRun = process.env.npm_lifecycle_event === "test" || process.env.CI !== undefined;

/** The environment variable that tells all processes of a run why there is no Pulumi CLI. */
const NO_ENGINE = "NO_PULUMI_CLI";

export async function mochaGlobalSetup(): Promise<void> {
  try {
    // A build takes minutes, which a single file that may not even need a CLI must not cost.
    const engine = isWholeRun ? await ensureEngine() : await findEngine(["path", "cache"]);
    if (engine === undefined) throw new Error("run `npm run engine` once to get one");
    const { command, version, source } = engine;
    console.log(`Pulumi CLI ${version} (${source}): ${command}`);
  } catch (error) {
    if (process.env.CI) throw error;
    const why = error instanceof Error ? error.message : String(error);
    process.env[NO_ENGINE] = `no suitable CLI on PATH, and no download or build of one: ${why}`;
  }
}

/** The `before` hook of a suite whose tests all run the Pulumi CLI. */
export function requireEngine(this: Mocha.Context): void {
  const { [NO_ENGINE]: why } = process.env;
  if (why !== undefined) leaveOut(this, { need: "the Pulumi CLI", why });
}

/** A test that runs the Pulumi CLI, in a suite with others that do not. */
export function itOnEngine(title: string, test: () => Promise<void>): void {
  it(title, async function () {
    requireEngine.call(this);
    await test();
  });
}
