/**
 * Required by mocha. What a machine cannot run is left out for a reason, and the last lines of a run count that. In CI
 * nothing is left out: there it fails.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** The file in which the processes of one run write down what they leave out. */
const NOTES = "LEFT_OUT_NOTES";

interface Note {
  readonly tests: number;
  readonly need: string;
  readonly why: string;
}

/**
 * Leaves a test out, or from a `before` hook all tests of its suite.
 * @param need what they need (`the Pulumi CLI`), and why it is not there
 * @throws in CI, unless CI may do without
 */
export function leaveOut(
  context: Mocha.Context,
  { need, why, evenInCi = false }: { need: string; why: string; evenInCi?: boolean },
): never {
  if (process.env.CI && !evenInCi) throw new Error(`CI leaves nothing out, but there is no ${need}: ${why}`);
  const { [NOTES]: file } = process.env;
  const suite = context.test?.title.startsWith('"before all"') === true ? context.test.parent : undefined;
  const note: Note = { tests: suite?.total() ?? 1, need, why };
  if (file !== undefined) fs.appendFileSync(file, `${JSON.stringify(note)}\n`);
  // Else mocha would run its `after` hooks, which end what the hooks before them did not start.
  if (suite !== undefined) suite.pending = true;
  return context.skip();
}

export function mochaGlobalSetup(): void {
  process.env[NOTES] = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "left-out-")), "notes");
}

export function mochaGlobalTeardown(): void {
  const { [NOTES]: file } = process.env;
  if (file === undefined) return;
  const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trimEnd().split("\n") : [];
  fs.rmSync(path.dirname(file), { recursive: true });
  const counts = new Map<string, number>();
  for (const line of lines) {
    const { tests, need, why } = JSON.parse(line) as Note;
    const reason = `${need}: ${why}`;
    counts.set(reason, (counts.get(reason) ?? 0) + tests);
  }
  for (const [reason, tests] of counts) {
    console.log(`${tests} ${tests === 1 ? "test was" : "tests were"} left out for want of ${reason}`);
  }
}
