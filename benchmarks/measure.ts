import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { resolveConfig } from "prettier";
import { formatTable } from "../provider/commands/table";
import type { Choice } from "./choice";
import {
  type Benchmark,
  type Figure,
  formatFigure,
  formatTime,
  HEADING,
  isFarOverBudget,
  isWithinBudget,
} from "./figures";
import { insertTable } from "./figuresTable";
import { runWithRepeats } from "./repeat";

/** Where the results go. */
export interface Destination {
  /** The file of the page that holds the table. */
  readonly page: string;
  /** Prints lines. */
  readonly print: (text: string) => void;
}

/**
 * Runs benchmarks, and prints their table and what was left out. The page is written only if that was asked for and
 * nothing was left out.
 *
 * @returns whether no figure is more than twice over its budget, and the page was written if that was asked for
 */
export async function measure(choice: Choice, { page, print }: Destination): Promise<boolean> {
  const { figures, gaps } = await runAll(choice, print);
  const rows = figures.map(formatFigure);
  const plain = rows.map((row) => row.map((cell) => cell.replaceAll("`", "")));
  print(`\n${formatTable(HEADING, plain)}\n`);
  for (const gap of gaps) print(`Not measured here: ${gap.replace(/\.$/, "")}.`);
  if (choice.isShort)
    print("The short form leaves out the longest lists, and the other versions of Node.js.");
  const isWritten = choice.writes && gaps.length === 0;
  if (isWritten) {
    await writePage(page, rows);
    print(`Wrote the table in ${path.relative("", page)}.`);
  } else if (choice.writes) {
    print(`Did not write ${path.relative("", page)}: only a run with nothing left out writes its table.`);
  }
  const missed = figures.filter((figure) => !isWithinBudget(figure)).length;
  const far = figures.filter(isFarOverBudget).length;
  print(`${figures.length} figures; ${missed} over budget, ${far} more than twice.`);
  return far === 0 && isWritten === choice.writes;
}

async function runAll(
  { benchmarks, isShort }: Choice,
  print: Destination["print"],
): Promise<{ figures: Figure[]; gaps: string[] }> {
  const figures: Figure[] = [];
  const gaps = new Set<string>();
  for (const benchmark of benchmarks) {
    const startedAt = performance.now();
    const lack = await findLack(benchmark);
    if (lack === undefined) {
      figures.push(...(await runWithRepeats(benchmark, { isShort, report: (gap) => gaps.add(gap) })));
    } else {
      gaps.add(`${benchmark.name}: ${lack}`);
    }
    const elapsed = formatTime(performance.now() - startedAt);
    print(`${benchmark.name}: ${lack === undefined ? elapsed : "left out"}`);
  }
  return { figures, gaps: [...gaps] };
}

/** Returns why a benchmark cannot run on this machine. */
async function findLack({ prepare }: Benchmark): Promise<string | undefined> {
  try {
    await prepare?.();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function writePage(page: string, rows: readonly (readonly string[])[]): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const machine = `on ${day} with Node.js ${process.versions.node} on ${os.availableParallelism()} cores`;
  const options = await resolveConfig(page);
  fs.writeFileSync(page, await insertTable(fs.readFileSync(page, "utf8"), { rows, machine, options }));
}
