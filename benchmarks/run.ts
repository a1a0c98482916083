/**
 * `npm run bench`: runs every benchmark and prints one table; with `--write` it also writes the table into
 * docs/performance.md. Fails if a figure is more than twice over its budget in each of three runs. Less may be noise of a
 * busy machine.
 */

import path from "node:path";
import { build } from "../tools/build";
import { cacheRoot, repositoryRoot } from "../tools/repository";
import { type Choice, readChoice } from "./choice";
import type { Benchmark } from "./figures";
import { fleetReport } from "./fleetReport";
import { groupBatch } from "./groupBatch";
import { listing } from "./listing";
import { measure } from "./measure";
import { pluginStart } from "./pluginStart";
import { preview } from "./preview";
import { rowCounts } from "./rowCounts";

const BENCHMARKS: readonly Benchmark[] = [pluginStart, listing, groupBatch, fleetReport, rowCounts, preview];
const PAGE = path.join(repositoryRoot, "docs", "performance.md");

async function run(choice: Choice): Promise<void> {
  await build(repositoryRoot, cacheRoot);
  const isGood = await measure(choice, { page: PAGE, print: (text) => console.log(text) });
  if (!isGood) process.exitCode = 1;
}

function fail(error: unknown, exitCode: number): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = exitCode;
}

let choice: Choice | undefined;
try {
  choice = readChoice(process.argv.slice(2), BENCHMARKS);
} catch (error) {
  fail(error, 2);
}
if (choice !== undefined) run(choice).catch((error: unknown) => fail(error, 1));
