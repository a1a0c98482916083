/** Required by mocha. Before the tests it makes a Pulumi CLI available; where none can be had, tests that need one are left out. */
import { ensureEngine } from "../../tools/engine";
import { leaveOut } from "./leftOut";

/** Why there is no Pulumi CLI, for all processes of a run. */
const NO_ENGINE = "NO_PULUMI_CLI";

export async function mochaGlobalSetup(): Promise<void> {
  try {
    const { command, version, source } = await ensureEngine();
    console.log(`Pulumi CLI ${version} (${source}): ${command}`);
  } catch (error) {
    if (process.env.CI) throw error;
    const why = error instanceof Error ? error.message : String(error);
    process.env[NO_ENGINE] = `no CLI on PATH that fits, none could be downloaded, and none built: ${why}`;
  }
}

/** The `before` hook of each suite that runs the Pulumi CLI. */
export function requireEngine(this: Mocha.Context): void {
  const { [NO_ENGINE]: why } = process.env;
  if (why !== undefined) leaveOut(this, { need: "the Pulumi CLI", why });
}

/** A test that runs the Pulumi CLI, in a suite where others do not. */
export function itOnEngine(title: string, test: () => Promise<void>): void {
  it(title, async function () {
    requireEngine.call(this);
    await test();
  });
}
