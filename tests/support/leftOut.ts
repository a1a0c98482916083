/**
 * Required by mocha. Tests that need something a machine lacks are left out, and the last lines of a run
 * state how many and why. In CI they fail instead.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Environment variable with the file to which all processes of a run append what they leave out. */
const NOTES = "LEFT_OUT_NOTES";

interface Note {
  readonly tests: number;
  readonly need: string;
  readonly why: string;
}

/**
 * Leaves out a test, or all tests of a suite if called in its `before` hook.
 *
 * @param options what the tests need (`the Pulumi CLI`), why it is missing, and whether CI may leave them
 * out, too
 * @throws in CI, unless `evenInCi` is set
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
  // Otherwise mocha would run the `after` hooks, which stop what the `before` hooks did not start.
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
