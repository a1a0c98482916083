/** The figures that benchmarks return: each with its reference from the same run, and its budget. */

/** One row of the table. */
export interface Figure {
  readonly what: string;
  /** What was measured, with its unit. */
  readonly measured: string;
  /** What it is compared with, measured or calculated in the same run. */
  readonly reference: string;
  /** The number that the budget limits. */
  readonly result: number;
  /** The result's unit. @default "×", a ratio */
  readonly unit?: string;
  /** The most that the result may be. @default none; the figure explains another one */
  readonly budget?: number;
}

/** One or more figures that are measured together. */
export interface Benchmark {
  readonly name: string;
  /**
   * Makes available what a machine may lack. The benchmark is left out where this rejects; the error says why.
   */
  readonly prepare?: () => Promise<unknown>;
  run(options: BenchmarkOptions): Promise<readonly Figure[]>;
}

/** How benchmarks are run. */
export interface BenchmarkOptions {
  /** Whether a rough answer within seconds is enough. */
  readonly isShort: boolean;
  /** Takes a text that names what could not be measured, and why. */
  readonly report: (text: string) => void;
}

/** The heading of the table. */
export const HEADING = ["What", "Measured", "Compared with", "Result", "Budget", "Verdict"] as const;

/**
 * A result that exceeds its budget more than this many times fails the run. Less may be noise of the machine.
 */
const TOLERANCE = 2;

/** Returns the cells of a figure's row. */
export function formatFigure(figure: Figure): string[] {
  const { what, measured, reference, result, unit = "×", budget } = figure;
  const write = (value: string): string => (unit === "" ? value : `${value} ${unit}`);
  const shown = Number.isInteger(result) ? String(result) : result.toFixed(2);
  if (budget === undefined) return [what, measured, reference, write(shown), "", ""];
  const verdict = isWithinBudget(figure) ? "met" : "missed";
  return [what, measured, reference, write(shown), write(`≤ ${budget}`), verdict];
}

/** Whether the figure has no budget or keeps it. */
export function isWithinBudget({ result, budget }: Figure): boolean {
  return budget === undefined || result <= budget;
}

/** Whether the figure is more than twice over its budget, which fails a run. */
export function isFarOverBudget({ result, budget }: Figure): boolean {
  return budget !== undefined && !(result <= budget * TOLERANCE);
}

/** Returns the middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/**
 * Returns the step between two neighbouring points in which `y` grows most relative to `x`. `exponent` is the
 * power of `x` (1 where growth is linear), `ratio` is the growth divided by linear growth.
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

/** Returns a figure of memory. The budget is in megabytes. */
export function describeMemory(
  bytes: number,
  figure: Pick<Figure, "what" | "reference"> & { readonly budget: number },
): Figure {
  return { ...figure, measured: formatMemory(bytes), result: Math.round(bytes / 1e6), unit: "MB" };
}

/** Writes bytes as `123 MB`. */
export function formatMemory(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Writes milliseconds as `123 ms` or `1.23 s`. */
export function formatTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
