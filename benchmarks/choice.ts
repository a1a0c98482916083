import { parseArgs } from "node:util";
import type { Benchmark } from "./figures";

/** What to run, and what to do with it. */
export interface Choice {
  readonly benchmarks: readonly Benchmark[];
  /** Whether a rough answer is enough: fewer runs, shorter lists, one Node.js. */
  readonly isShort: boolean;
  /** Whether to write the table into the documentation. */
  readonly writes: boolean;
}

/**
 * Reads the arguments of `npm run bench`: names of benchmarks, none of them for all, `--short` and `--write`.
 *
 * @throws for an unknown argument, and for `--write` where not all is measured; the message holds the usage
 */
export function readChoice(args: readonly string[], all: readonly Benchmark[]): Choice {
  const usage = `Usage: npm run bench -- [--write | --short] [${all.map(({ name }) => name).join(" | ")}]...`;
  const { values, positionals } = parse(args, usage);
  const unknown = positionals.find((each) => !all.some(({ name }) => name === each));
  if (unknown !== undefined) throw new Error(`There is no benchmark ${unknown}.\n${usage}`);
  if (values.write && (values.short || positionals.length > 0)) {
    throw new Error(`Only a whole run writes the table: --write stands alone.\n${usage}`);
  }
  const benchmarks = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
  return { benchmarks, isShort: values.short, writes: values.write };
}

function parse(args: readonly string[], usage: string) {
  try {
    return parseArgs({
      args: [...args],
      options: { short: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
