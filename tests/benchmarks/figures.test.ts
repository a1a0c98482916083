import assert from "node:assert/strict";
import {
  type Figure,
  findSteepestStep,
  formatFigure,
  HEADING,
  isFarOverBudget,
  isWithinBudget,
  median,
} from "../../benchmarks/figures";
import { insertTable } from "../../benchmarks/figuresTable";
import { runWithRepeats } from "../../benchmarks/repeat";

const figure: Figure = { what: "a", measured: "150 ms", reference: "b: 100 ms", result: 1.5 };

describe("a benchmark's figure", () => {
  for (const [result, budget, isWithin, isFar] of [
    [2.5, 2.5, true, false],
    [2.51, 2.5, false, false],
    [5, 2.5, false, false],
    [5.01, 2.5, false, true],
    [99, undefined, true, false],
    [NaN, 1, false, true],
    [Infinity, 1, false, true],
  ] as const) {
    const verdict = `${isWithin ? "keeps" : "misses"} ${isFar ? "by far " : ""}`;
    it(`of ${result} ${verdict}a budget of ${budget ?? "nothing"}`, () => {
      const limited = budget === undefined ? { ...figure, result } : { ...figure, result, budget };
      assert.deepEqual([isWithinBudget(limited), isFarOverBudget(limited)], [isWithin, isFar]);
    });
  }

  it("is shown with its budget and the verdict", () => {
    const rows = [
      { ...figure, budget: 1.5 },
      { ...figure, budget: 1 },
      { ...figure, result: 233, unit: "MB", budget: 250 },
      { ...figure, result: 8, unit: "" },
    ].map(formatFigure);
    assert.deepEqual(rows, [
      ["a", "150 ms", "b: 100 ms", "1.50 ×", "≤ 1.5 ×", "met"],
      ["a", "150 ms", "b: 100 ms", "1.50 ×", "≤ 1 ×", "missed"],
      ["a", "150 ms", "b: 100 ms", "233 MB", "≤ 250 MB", "met"],
      ["a", "150 ms", "b: 100 ms", "8", "", ""],
    ]);
    assert.ok(rows.every((row) => row.length === HEADING.length));
  });

  it("can be a median: the middle value, or the mean of the two in the middle", () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])], [2, 2.5, 7]);
  });

  for (const [name, values, exponent, ratio] of [
    ["linear growth", [3, 30, 300], 1, 1],
    ["quadratic growth", [3, 300, 30_000], 2, 10],
    // Flat at first: the mean of both steps would pass as linear.
    ["growth that starts late", [5, 5, 500], 2, 10],
    ["no growth", [5, 5, 5], 0, 0.1],
  ] as const) {
    it(`gives ${name} the exponent ${exponent} in its steepest step, ${ratio} times linear growth`, () => {
      const step = findSteepestStep(values.map((value, index) => [10 ** index, value]));
      assert.ok(Math.abs(step.exponent - exponent) < 1e-9 && Math.abs(step.ratio - ratio) < 1e-9);
    });
  }

  it("replaces the figures before it between the marks of the page", async () => {
    const marks = ["<!-- Written by `npm run bench` -->", "<!-- End of what it wrote -->"];
    const page = `# A\n\n${marks.join("\n\nold\n\n")}\n\nB\n`;
    const table = { rows: [formatFigure(figure)], machine: "here", options: null };
    const written = await insertTable(page, table);
    assert.match(
      written,
      /^# A\n\n<!-- Written.*-->\n\nMeasured here:\n\n\| What .*\n\| -.*\n\| a .*\n\n<!-- End/,
    );
    assert.ok(written.endsWith("-->\n\nB\n") && !written.includes("old"));
    assert.equal(await insertTable(written, table), written);
    await assert.rejects(insertTable("# A", table), /lacks the marks/);
  });
});

describe("a benchmark with a figure more than twice over its budget", () => {
  /** Runs a benchmark with two figures and these results, run by run. */
  async function repeat(...runs: [first: number, second: number][]) {
    const waiting = [...runs];
    const benchmark = {
      name: "fake",
      run: () => {
        const results = waiting.shift() ?? assert.fail("ran too often");
        const figures = results.map((result, index) => ({
          ...{ what: `figure ${index}`, measured: `${result} ms`, reference: "", result, budget: 1 },
        }));
        return Promise.resolve(figures);
      },
    };
    const figures = await runWithRepeats(benchmark, { isShort: true, report: () => assert.fail("reported") });
    assert.deepEqual(waiting, [], "ran too seldom");
    return figures.map(({ measured, result }) => [measured, result]);
  }

  for (const [title, runs, first, second] of [
    ["is not run again where there is none", [[2, 1]], ["2 ms", 2], ["1 ms", 1]],
    [
      "is run again for that figure only",
      [
        [3, 1],
        [1.5, 0.5],
      ],
      ["1.5 ms (best of 2 runs)", 1.5],
      ["1 ms", 1],
    ],
    [
      "is run three times at most, and fails with the best of them",
      [
        [4, 1],
        [3, 1],
        [5, 1],
      ],
      ["3 ms (best of 3 runs)", 3],
      ["1 ms", 1],
    ],
    [
      "takes any number in place of none",
      [
        [NaN, 1],
        [1, 1],
      ],
      ["1 ms (best of 2 runs)", 1],
      ["1 ms", 1],
    ],
  ] as [string, [number, number][], [string, number], [string, number]][]) {
    it(title, async () => assert.deepEqual(await repeat(...runs), [first, second]));
  }
});
