import assert from "node:assert/strict";
import {
  type Figure,
  findSteepestStep,
  formatFigure,
  HEADING,
  isWithin,
  median,
} from "../../benchmarks/figures";
import { insertTable } from "../../benchmarks/readmeTable";

const figure: Figure = { what: "a", measured: "150 ms", reference: "b: 100 ms", result: 1.5 };

describe("the benchmarks' figures", () => {
  for (const [result, budget, times, expected] of [
    [2.5, { atMost: 2.5 }, 1, true],
    [2.51, { atMost: 2.5 }, 1, false],
    [5, { atMost: 2.5 }, 2, true],
    [5.01, { atMost: 2.5 }, 2, false],
    [4, { atLeast: 4 }, 1, true],
    [3.99, { atLeast: 4 }, 1, false],
    [2, { atLeast: 4 }, 2, true],
    [1.99, { atLeast: 4 }, 2, false],
    [99, undefined, 1, true],
    [NaN, { atMost: 1 }, 2, false],
    [Infinity, { atMost: 1 }, 2, false],
  ] as const) {
    const limit = budget === undefined ? "no budget" : JSON.stringify(budget);
    it(`of ${result} ${expected ? "keep" : "break"} ${limit} times ${times}`, () => {
      const limited = budget === undefined ? { ...figure, result } : { ...figure, result, budget };
      assert.equal(isWithin(limited, times), expected);
    });
  }

  it("are shown with their budget and whether they keep it", () => {
    const rows = [
      { ...figure, budget: { atMost: 1.5 } },
      { ...figure, budget: { atLeast: 4 } },
      { ...figure, result: 233, unit: "MB", budget: { atMost: 250 } },
      { ...figure, result: 8, unit: "" },
    ].map(formatFigure);
    assert.deepEqual(rows, [
      ["a", "150 ms", "b: 100 ms", "1.50 ×", "≤ 1.5 ×", "met"],
      ["a", "150 ms", "b: 100 ms", "1.50 ×", "≥ 4 ×", "missed"],
      ["a", "150 ms", "b: 100 ms", "233 MB", "≤ 250 MB", "met"],
      ["a", "150 ms", "b: 100 ms", "8", "", ""],
    ]);
    assert.ok(rows.every((row) => row.length === HEADING.length));
  });

  it("are medians: the middle, or the mean of both in the middle", () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])], [2, 2.5, 7]);
  });

  for (const [name, values, exponent, ratio] of [
    ["linear growth", [3, 30, 300], 1, 1],
    ["square growth", [3, 300, 30_000], 2, 10],
    // Flat at first: the mean of both steps would pass for linear.
    ["growth that starts late", [5, 5, 500], 2, 10],
    ["no growth", [5, 5, 5], 0, 0.1],
  ] as const) {
    it(`give ${name} the exponent ${exponent} in its steepest step, ${ratio} times the linear one`, () => {
      const step = findSteepestStep(values.map((value, index) => [10 ** index, value]));
      assert.ok(Math.abs(step.exponent - exponent) < 1e-9 && Math.abs(step.ratio - ratio) < 1e-9);
    });
  }

  it("of square growth break their budget more than twice", () => {
    const { ratio } = findSteepestStep([
      [1, 1],
      [10, 100],
    ]);
    assert.equal(isWithin({ ...figure, result: ratio, budget: { atMost: 1.25 } }, 2), false);
  });

  it("go into the README between its marks, in the place of those before", async () => {
    const marks = ["<!-- Written by `npm run bench` -->", "<!-- End of what it wrote -->"];
    const readme = `# A\n\n${marks.join("\n\nold\n\n")}\n\nB\n`;
    const how = { machine: "here", options: null };
    const written = await insertTable(readme, [formatFigure(figure)], how);
    assert.match(
      written,
      /^# A\n\n<!-- Written.*-->\n\nMeasured here:\n\n\| What .*\n\| -.*\n\| a .*\n\n<!-- End/,
    );
    assert.ok(written.endsWith("-->\n\nB\n") && !written.includes("old"));
    assert.equal(await insertTable(written, [formatFigure(figure)], how), written);
    await assert.rejects(insertTable("# A", [], how), /lacks the marks/);
  });
});
