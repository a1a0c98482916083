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
  const write = (value: number): string => `${formatNumber(value)}${unit === "" ? "" : ` ${unit}`}`;
  const limit =
    budget === undefined
      ? ""
      : "atMost" in budget
        ? `≤ ${write(budget.atMost)}`
        : `≥ ${write(budget.atLeast)}`;
  const verdict = budget === undefined ? "" : isWithin(figure) ? "met" : "**missed**";
  return [what, measured, reference, write(result), limit, verdict];
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

/** The largest power of `x` with which `y` grows from one point to the next: 1 where it is linear. */
export function findExponent(points: readonly (readonly [x: number, y: number])[]): number {
  const steps = points.slice(1).map(([x, y], index) => {
    const [beforeX, beforeY] = points[index] as readonly [number, number];
    return Math.log(y / beforeY) / Math.log(x / beforeX);
  });
  return Math.max(...steps);
}

/** Milliseconds, as `123 ms` or `1.23 s`. */
export function formatTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function formatNumber(value: number): string {
  return Number.isInteger(value) || value >= 100
    ? String(Math.round(value))
    : value.toFixed(2).replace(/0$/, "");
}
