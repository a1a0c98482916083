import assert from "node:assert/strict";
import { type Figure, findExponent, formatFigure, HEADING, isWithin, median } from "../../benchmarks/figures";
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
      { ...figure, result: 233.4, unit: "MB", budget: { atMost: 250 } },
      { ...figure, result: 8, unit: "" },
    ].map(formatFigure);
    assert.deepEqual(rows, [
      ["a", "150 ms", "b: 100 ms", "1.5 ×", "≤ 1.5 ×", "met"],
      ["a", "150 ms", "b: 100 ms", "1.5 ×", "≥ 4 ×", "**missed**"],
      ["a", "150 ms", "b: 100 ms", "233 MB", "≤ 250 MB", "met"],
      ["a", "150 ms", "b: 100 ms", "8", "", ""],
    ]);
    assert.ok(rows.every((row) => row.length === HEADING.length));
  });

  it("are medians: the middle, or the mean of both in the middle", () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])], [2, 2.5, 7]);
  });

  it("give the exponent of the steepest step", () => {
    const grow = (power: number) => [1, 10, 100].map((x) => [x, 3 * x ** power] as const);
    assert.ok(Math.abs(findExponent(grow(1)) - 1) < 1e-9);
    assert.ok(Math.abs(findExponent(grow(2)) - 2) < 1e-9);
    // Flat at first, then square: the mean of both would pass for linear.
    assert.ok(
      Math.abs(
        findExponent([
          [1, 5],
          [10, 5],
          [100, 500],
        ]) - 2,
      ) < 1e-9,
    );
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
