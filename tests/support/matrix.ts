/**
 * The matrix that a whole run prints at its end: what worked with which language, way to install, Node.js
 * and `@pulumi/pulumi`. Each line is from a test of that run. Required by mocha.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { formatTable } from "../../provider/commands/table";
import { requireEngine } from "./requireEngine";

/** The parts of the matrix, in the order in which they are printed. */
export const MATRIX_PARTS = ["language", "installation", "Node.js", "@pulumi/pulumi", "platform"] as const;
export type MatrixPart = (typeof MATRIX_PARTS)[number];

/** A line of the matrix. */
export interface MatrixLine {
  readonly part: MatrixPart;
  /** `Python 3.11`, or `plugins.providers[].path`. */
  readonly name: string;
  /** What ran or was checked, in words: `preview, up, up unchanged`. */
  readonly what: string;
}

/** The result of a line: `passed`, `FAILED`, or why it was left out. */
type Result = string;

/** Environment variable with the file to which all processes of a run append their lines. */
const LINES = "MATRIX_LINES";

/** Declares a test whose result is a line of the matrix. It runs with mocha's context, as those of `it` do. */
export function itInMatrix(
  line: MatrixLine,
  test: (this: Mocha.Context) => Promise<void> | void,
  { needsEngine = true }: { needsEngine?: boolean } = {},
): void {
  it(`${line.name}: ${line.what}`, async function () {
    let result: Result = "FAILED";
    try {
      if (needsEngine) requireEngine.call(this);
      await test.call(this);
      result = "passed";
    } catch (error) {
      if (this.test?.pending === true) result = "left out";
      throw error;
    } finally {
      const { [LINES]: file } = process.env;
      if (file !== undefined) fs.appendFileSync(file, `${JSON.stringify([line, result])}\n`);
    }
  });
}

export function mochaGlobalSetup(): void {
  process.env[LINES] = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "matrix-")), "lines");
}

export function mochaGlobalTeardown(): void {
  const { [LINES]: file } = process.env;
  if (file === undefined) return;
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trimEnd() : "";
  fs.rmSync(path.dirname(file), { recursive: true });
  if (text !== "")
    console.log(`\n${formatMatrix(text.split("\n").map((each) => JSON.parse(each) as never))}`);
}

/** The table of a run, by part and name. */
export function formatMatrix(lines: readonly (readonly [MatrixLine, Result])[]): string {
  const order = ({ part, name }: MatrixLine): string => `${MATRIX_PARTS.indexOf(part)} ${name}`;
  const sorted = [...lines].sort(([one], [other]) =>
    order(one).localeCompare(order(other), "en", { numeric: true }),
  );
  return formatTable(
    ["Matrix", "", "What ran", "Result"],
    sorted.map(([{ part, name, what }, result]) => [part, name, what, result]),
  );
}
