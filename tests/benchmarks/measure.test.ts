import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readChoice } from "../../benchmarks/choice";
import type { Benchmark, Figure } from "../../benchmarks/figures";
import { measure } from "../../benchmarks/measure";
import { listNodeVersions } from "../../tools/versions/nodeVersions";
import versions from "../../tools/versions/versions.json";
import { useTemporaryFolder } from "../support/temporaryFolder";

const figure: Figure = { what: "a start", measured: "9 ms", reference: "", result: 9, budget: 9 };
const whole: Benchmark = { name: "whole", run: () => Promise.resolve([figure]) };
const slow: Benchmark = { name: "slow", run: () => Promise.resolve([{ ...figure, result: 19 }]) };
const partial: Benchmark = {
  name: "partial",
  run: ({ report }) => {
    report("its half: there is no Node.js 22");
    return Promise.resolve([figure]);
  },
};
const impossible: Benchmark = {
  name: "impossible",
  prepare: () => Promise.reject(new Error("Go was not found. Install Go.")),
  run: () => assert.fail("ran"),
};

describe("npm run bench", () => {
  const folder = useTemporaryFolder("bench-");
  const PAGE = "# Page\n\n<!-- Written by `npm run bench` -->\n\n<!-- End of what it wrote -->\n";

  /** Runs benchmarks. */
  async function run(benchmarks: readonly Benchmark[], ...args: string[]) {
    const page = path.join(folder(), "page.md");
    fs.writeFileSync(page, PAGE);
    const printed: string[] = [];
    const print = (text: string): void => void printed.push(text);
    const isGood = await measure(readChoice(args, benchmarks), { page, print });
    const isChanged = fs.readFileSync(page, "utf8") !== PAGE;
    return { isGood, isChanged, printed: printed.join("\n") };
  }

  it("changes no page unless it is asked to", async () => {
    const { isGood, isChanged, printed } = await run([whole]);
    assert.deepEqual([isGood, isChanged], [true, false]);
    assert.match(printed, /a start/);
  });

  it("writes the table with --write", async () => {
    const { isGood, isChanged, printed } = await run([whole], "--write");
    assert.deepEqual([isGood, isChanged], [true, true]);
    assert.match(printed, /^Wrote the table/m);
  });

  for (const [left, reason] of [
    [partial, "its half: there is no Node.js 22."],
    [impossible, "impossible: Go was not found. Install Go."],
  ] as const) {
    it(`measures the rest where ${left.name} benchmarks are, and says what it left out`, async () => {
      const { isGood, printed } = await run([left, whole]);
      assert.ok(isGood);
      assert.ok(printed.includes(`\nNot measured here: ${reason}\n`), printed);
      assert.match(printed, /a start/);
    });

    it(`fails with --write where ${left.name} benchmarks are, and writes nothing`, async () => {
      const { isGood, isChanged, printed } = await run([left, whole], "--write");
      assert.deepEqual([isGood, isChanged], [false, false]);
      assert.match(printed, /^Did not write/m);
    });
  }

  it("fails where a figure is more than twice over its budget", async () => {
    assert.equal((await run([slow, whole])).isGood, false);
  });

  it("runs the benchmarks that are named, in the short form if asked to", () => {
    const all = [whole, slow];
    assert.deepEqual(readChoice([], all), { benchmarks: all, isShort: false, writes: false });
    assert.deepEqual(readChoice(["--short", "slow"], all), {
      ...{ benchmarks: [slow], isShort: true, writes: false },
    });
  });

  for (const [title, args] of [
    ["an unknown benchmark", ["fast"]],
    ["an unknown option", ["--wirte"]],
    ["--write with the short form", ["--write", "--short"]],
    ["--write with a part of the benchmarks", ["--write", "slow"]],
  ] as const) {
    it(`refuses ${title}, and shows the usage`, () => {
      assert.throws(() => readChoice(args, [whole, slow]), /\nUsage: npm run bench .*whole \| slow/);
    });
  }

  it("measures on the running Node.js, and on the others of the matrix", () => {
    const { 20: oldest, 22: middle, 24: newest } = versions.node;
    assert.deepEqual(listNodeVersions("22.1.0"), [oldest, "22.1.0", newest]);
    assert.deepEqual(listNodeVersions("26.0.0"), [oldest, middle, newest, "26.0.0"]);
  });
});
