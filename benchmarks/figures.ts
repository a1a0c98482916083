/** What a benchmark found: a figure beside its reference of the same run, and the budget it is held against. */

/** The most a figure may be, or the least. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number };

/** One row of the table. */
export interface Figure {
  readonly what: string;
  /** What was measured, with its unit. */
  readonly measured: string;
  /** What it is compared with, measured or counted in the same run. */
  readonly reference: string;
  /** What the budget is for. */
  readonly result: number;
  /** The result's unit. @default "×", a ratio */
  readonly unit?: string;
  /** Without one, the figure explains another. */
  readonly budget?: Budget;
}

/** One or more figures that are measured together. */
export interface Benchmark {
  readonly name: string;
  /** `isShort` asks for a rough answer within seconds. */
  run(options: BenchmarkOptions): Promise<readonly Figure[]>;
}

/** How benchmarks are run. */
export interface BenchmarkOptions {
  readonly isShort: boolean;
  /** Says what could not be measured, and why. */
  readonly report: (text: string) => void;
}

/** The table's heading. */
export const HEADING = ["What", "Measured", "Compared with", "Result", "Budget", "Verdict"] as const;

/** A figure as a row of the table. */
export function formatFigure(figure: Figure): string[] {
  const { what, measured, reference, result, unit = "×", budget } = figure;
  const write = (value: string): string => (unit === "" ? value : `${value} ${unit}`);
  const shown = Number.isInteger(result) ? String(result) : result.toFixed(2);
  if (budget === undefined) return [what, measured, reference, write(shown), "", ""];
  const limit = "atMost" in budget ? `≤ ${budget.atMost}` : `≥ ${budget.atLeast}`;
  return [what, measured, reference, write(shown), write(limit), isWithin(figure) ? "met" : "missed"];
}

/** Whether the figure keeps its budget, or a budget that many times as wide. */
export function isWithin({ result, budget }: Figure, times = 1): boolean {
  if (budget === undefined) return true;
  return "atMost" in budget ? result <= budget.atMost * times : result >= budget.atLeast / times;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/**
 * Of the steps from one point to the next, the one in which `y` grows most for its `x`: as a power of `x`, which is 1
 * where it is linear, and as a ratio to linear growth.
 */
export function findSteepestStep(points: readonly (readonly [x: number, y: number])[]): {
  readonly exponent: number;
  readonly ratio: number;
} {
  const steps = points.slice(1).map(([x, y], index) => {
    const [beforeX, beforeY] = points[index] as readonly [number, number];
    const [growthX, growthY] = [x / beforeX, y / beforeY];
    return { exponent: Math.log(growthY) / Math.log(growthX), ratio: growthY / growthX };
  });
  const [steepest = { exponent: NaN, ratio: NaN }] = steps.toSorted((a, b) => b.exponent - a.exponent);
  return steepest;
}

/** What memory came to, beside its budget in megabytes. */
export function describeMemory(
  what: string,
  bytes: number,
  { reference = "", atMost }: { readonly reference?: string; readonly atMost: number },
): Figure {
  const measured = formatMemory(bytes);
  return { what, measured, reference, result: Math.round(bytes / 1e6), unit: "MB", budget: { atMost } };
}

/** Bytes, as `123 MB`. */
export function formatMemory(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Milliseconds, as `123 ms` or `1.23 s`. */
export function formatTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
