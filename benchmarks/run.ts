/**
 * `npm run bench`: runs every benchmark, prints one table, and writes it into the README. Fails where a figure is more
 * than twice over its budget: anything closer may be the machine's doing.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { resolveConfig } from "prettier";
import { build } from "../tools/build";
import { cacheRoot, repositoryRoot } from "../tools/repository";
import { formatTable } from "../tools/table";
import { type Benchmark, type Figure, formatFigure, formatTime, HEADING, isWithin } from "./figures";
import { groupBatch } from "./groupBatch";
import { listing } from "./listing";
import { pluginStart } from "./pluginStart";
import { preview } from "./preview";
import { insertTable } from "./readmeTable";
import { rowCounts } from "./rowCounts";

const BENCHMARKS: readonly Benchmark[] = [pluginStart, listing, groupBatch, rowCounts, preview];
const USAGE = `Usage: npm run bench -- [--short] [${BENCHMARKS.map(({ name }) => name).join(" | ")}]...`;

interface Choice {
  readonly benchmarks: readonly Benchmark[];
  /** A rough answer in half a minute: fewer runs, shorter lists, and neither Python nor the bare HTTP client. */
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
  const gaps: string[] = [];
  for (const benchmark of benchmarks) {
    const startedAt = performance.now();
    process.stdout.write(`${benchmark.name} ... `);
    figures.push(...(await benchmark.run({ isShort, report: (gap) => gaps.push(gap) })));
    console.log(formatTime(performance.now() - startedAt));
  }
  const rows = figures.map(formatFigure);
  const plain = rows.map((row) => row.map((cell) => cell.replaceAll("`", "")));
  console.log(`\n${formatTable(HEADING, plain)}\n`);
  for (const gap of gaps) console.log(`Not measured here: ${gap}.`);
  if (isShort) console.log("Left out of the short form: the longest lists, and other clients.");

  const isWhole = !isShort && benchmarks.length === BENCHMARKS.length && gaps.length === 0;
  if (isWhole) await writeReadme(rows);
  console.log(
    isWhole
      ? "Wrote the table in README.md."
      : "Left README.md as it was: only a whole run with nothing left out writes its table.",
  );
  const missed = figures.filter((figure) => !isWithin(figure)).length;
  const far = figures.filter((figure) => !isWithin(figure, 2)).length;
  console.log(`${figures.length} figures; ${missed} over budget, ${far} more than twice.`);
  if (far > 0) process.exitCode = 1;
}

async function writeReadme(rows: readonly (readonly string[])[]): Promise<void> {
  const file = path.join(repositoryRoot, "README.md");
  const day = new Date().toISOString().slice(0, 10);
  const machine = `on ${day} with Node.js ${process.versions.node} on ${os.availableParallelism()} cores`;
  const text = await insertTable(fs.readFileSync(file, "utf8"), rows, {
    machine,
    options: await resolveConfig(file),
  });
  fs.writeFileSync(file, text);
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
