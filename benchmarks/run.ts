/**
 * `npm run bench`: runs every benchmark, prints one table, and writes it into docs/performance.md. Fails if a
 * figure is more than twice over its budget in each of three runs. Less may be noise of a busy machine.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { resolveConfig } from "prettier";
import { build } from "../tools/build";
import { cacheRoot, repositoryRoot } from "../tools/repository";
import { formatTable } from "../provider/commands/table";
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
import { groupBatch } from "./groupBatch";
import { listing } from "./listing";
import { pluginStart } from "./pluginStart";
import { preview } from "./preview";
import { runWithRepeats } from "./repeat";
import { rowCounts } from "./rowCounts";

/** The page that holds the table. */
const PAGE = "docs/performance.md";
const BENCHMARKS: readonly Benchmark[] = [pluginStart, listing, groupBatch, rowCounts, preview];
const USAGE = `Usage: npm run bench -- [--short] [${BENCHMARKS.map(({ name }) => name).join(" | ")}]...`;

interface Choice {
  readonly benchmarks: readonly Benchmark[];
  /** Whether a rough answer in half a minute is enough: fewer runs, shorter lists, no bare HTTP client. */
  readonly isShort: boolean;
}

function readArguments(): Choice | undefined {
  try {
    const { values, positionals } = parseArgs({
      options: { short: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const unknown = positionals.find((each) => !BENCHMARKS.some(({ name }) => name === each));
    if (unknown !== undefined) return undefined;
    const isChosen = ({ name }: Benchmark): boolean => positionals.length === 0 || positionals.includes(name);
    return { benchmarks: BENCHMARKS.filter(isChosen), isShort: values.short };
  } catch {
    return undefined;
  }
}

async function run({ benchmarks, isShort }: Choice): Promise<void> {
  await build(repositoryRoot, cacheRoot);
  const figures: Figure[] = [];
  const gaps = new Set<string>();
  for (const benchmark of benchmarks) {
    const startedAt = performance.now();
    process.stdout.write(`${benchmark.name} ... `);
    figures.push(...(await runWithRepeats(benchmark, { isShort, report: (gap) => gaps.add(gap) })));
    console.log(formatTime(performance.now() - startedAt));
  }
  const rows = figures.map(formatFigure);
  const plain = rows.map((row) => row.map((cell) => cell.replaceAll("`", "")));
  console.log(`\n${formatTable(HEADING, plain)}\n`);
  for (const gap of gaps) console.log(`Not measured here: ${gap}.`);
  if (isShort) console.log("The short form leaves out the longest lists and the bare HTTP client.");

  const isComplete = !isShort && benchmarks.length === BENCHMARKS.length && gaps.size === 0;
  if (isComplete) await writePage(rows);
  console.log(
    isComplete
      ? `Wrote the table in ${PAGE}.`
      : `${PAGE} is unchanged: only a complete run, with nothing left out, writes its table.`,
  );
  const missed = figures.filter((figure) => !isWithinBudget(figure)).length;
  const far = figures.filter(isFarOverBudget).length;
  console.log(`${figures.length} figures; ${missed} over budget, ${far} more than twice.`);
  if (far > 0) process.exitCode = 1;
}

async function writePage(rows: readonly (readonly string[])[]): Promise<void> {
  const file = path.join(repositoryRoot, PAGE);
  const day = new Date().toISOString().slice(0, 10);
  const machine = `on ${day} with Node.js ${process.versions.node} on ${os.availableParallelism()} cores`;
  const options = await resolveConfig(file);
  fs.writeFileSync(file, await insertTable(fs.readFileSync(file, "utf8"), { rows, machine, options }));
}

const choice = readArguments();
if (choice === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  run(choice).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
