/**
 * `npm run bench`: runs every benchmark, prints one table, and writes it into the README. `--short` takes less than a
 * minute, writes nothing, and is what the gate runs. Names of benchmarks run just those, and write nothing either.
 * Fails where a figure is twice over its budget: anything closer may be the machine's doing.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { resolveConfig } from "prettier";
import { repositoryRoot } from "../tools/repository";
import { formatTable } from "../tools/table";
import { type Benchmark, type Figure, formatFigure, formatTime, HEADING, isWithin } from "./figures";
import { groupBatch } from "./groupBatch";
import { listing } from "./listing";
import { pluginStart } from "./pluginStart";
import { preview } from "./preview";
import { insertTable } from "./readmeTable";
import { rowCounts } from "./rowCounts";

const BENCHMARKS: readonly Benchmark[] = [pluginStart, listing, groupBatch, rowCounts, preview];

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { short: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const unknown = positionals.filter((each) => !BENCHMARKS.some(({ name }) => name === each));
  if (unknown.length > 0) {
    const known = BENCHMARKS.map(({ name }) => `"${name}"`).join(", ");
    throw new Error(`there is no benchmark ${unknown.join(", ")}; there are ${known}`);
  }

  const figures: Figure[] = [];
  const gaps: string[] = [];
  for (const benchmark of chosen) {
    const startedAt = performance.now();
    figures.push(...(await benchmark.run({ isShort: values.short, report: (gap) => gaps.push(gap) })));
    console.error(`${benchmark.name}: ${formatTime(performance.now() - startedAt)}`);
  }
  const rows = figures.map(formatFigure);
  console.log(formatTable(HEADING, rows));
  for (const gap of gaps) console.log(`Not measured here: ${gap}`);
  if (!values.short && positionals.length === 0 && gaps.length === 0) await writeReadme(rows);

  const missed = figures.filter((figure) => !isWithin(figure));
  const far = figures.filter((figure) => !isWithin(figure, 2));
  console.log(
    `${figures.length} figures, ${missed.length} over budget, ${far.length} of them more than twice over`,
  );
  if (far.length > 0) process.exitCode = 1;
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

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
