import assert from "node:assert/strict";
import { readPage, readTable } from "../support/markdown";
import { describeRestoreFault, restoreFaults } from "./restoreFaultTable";

describe("docs/restoreFaults.md", () => {
  const rows = readTable(readPage("docs/restoreFaults.md"), "What goes wrong");

  it("names no fault twice, and gives each what happens and three figures", () => {
    const names = rows.map(([name]) => name);
    assert.equal(new Set(names).size, names.length);
    for (const row of rows) {
      const [name = "", outcome = "", ...figures] = row;
      assert.ok(name !== "" && outcome !== "");
      assert.equal(figures.length, 3, name);
      for (const figure of figures) assert.match(figure, /^\d+$/, name);
    }
  });

  it("lists every fault of the tests, with what was made, adopted and left over", () => {
    assert.deepEqual(rows, restoreFaults.map(describeRestoreFault));
  });
});
