import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";
import { readPage, readTable } from "../support/markdown";

/** What the table of the tests exports: a fault, and the cells of its row in the page. */
interface FaultTable {
  readonly restoreFaults: readonly { readonly name: string }[];
  readonly describeRestoreFault: (fault: { readonly name: string }) => readonly string[];
}

const file = path.join(repositoryRoot, "tests", "restoreFaults", "faultTable.ts");

describe("docs/restoreFaults.md", () => {
  const rows = readTable(readPage("docs/restoreFaults.md"), "What goes wrong");

  it("names no fault twice, and gives each what happens and three figures", () => {
    const names = rows.map(([name]) => name);
    assert.equal(new Set(names).size, names.length);
    for (const row of rows) {
      const [name = "", outcome = "", ...figures] = row;
      assert.ok(name !== "" && outcome !== "");
      assert.equal(figures.length, 3, name);
      for (const figure of figures) assert.match(figure, /^(\d+|–)$/, name);
    }
  });

  // The figures are those of the tests. Without these, the page has none, and says so.
  if (fs.existsSync(file)) {
    it("lists every fault of the tests, with what was made, adopted and left over", async () => {
      const { restoreFaults, describeRestoreFault } = (await import(file)) as FaultTable;
      assert.deepEqual(rows, restoreFaults.map(describeRestoreFault));
    });
  } else {
    it("gives no figures that nothing has counted", () => {
      assert.deepEqual(
        rows.filter(([, , ...figures]) => figures.some((figure) => figure !== "–")),
        [],
      );
    });
  }
});
