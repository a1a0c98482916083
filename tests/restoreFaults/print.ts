/**
 * Runs the fault table, and prints what was made, adopted and left over in each row. With `--markdown` it prints
 * the rows of `docs/restoreFaults.md` instead, and runs nothing.
 */
import { isDeepStrictEqual } from "node:util";
import { formatTable } from "../../provider/commands/table";
import { type RestoreFault, type RunResult, runVariant, sumUp } from "./restoreFaultCase";
import { describeRestoreFault, restoreFaults } from "./restoreFaultTable";

async function runRow(fault: RestoreFault, results: RunResult[]): Promise<string[]> {
  const own: RunResult[] = [];
  for (const variant of fault.variants) own.push(await runVariant(fault, variant));
  results.push(...own);
  const expected = { ...fault.expected, tooMany: 0, lost: 0 };
  const isExpected = own.every((result) => isDeepStrictEqual(result, expected));
  const list = (name: keyof RunResult): string => [...new Set(own.map((each) => each[name]))].join(" or ");
  const runs = String(own.length);
  const what = fault.counts === "backups" ? "backups" : "databases";
  return [
    fault.name,
    runs,
    what,
    list("made"),
    list("adopted"),
    list("leftOver"),
    isExpected ? "" : "UNEXPECTED",
  ];
}

async function print(): Promise<void> {
  if (process.argv.includes("--markdown")) {
    for (const fault of restoreFaults) console.log(`| ${describeRestoreFault(fault).join(" | ")} |`);
    return;
  }
  const results: RunResult[] = [];
  const rows: string[][] = [];
  for (const fault of restoreFaults) rows.push(await runRow(fault, results));
  console.log(formatTable(["fault", "runs", "counted", "made", "adopted", "left over", ""], rows));
  console.log(`\n${sumUp(results)}`);
  if (rows.some((row) => row.at(-1) !== "")) process.exitCode = 1;
}

void print();
