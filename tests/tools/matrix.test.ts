import assert from "node:assert/strict";
import { formatMatrix } from "../support/matrix";

describe("the matrix of a run", () => {
  it("is sorted by part, then by name with its numbers", () => {
    const line = (part: "language" | "Node.js", name: string): Parameters<typeof formatMatrix>[0][number] => [
      { part, name, what: "preview" },
      "passed",
    ];
    const text = formatMatrix([line("Node.js", "24"), line("language", "YAML"), line("Node.js", "9")]);
    assert.deepEqual(
      text.split("\n").map((each) => each.split(/\s{2,}/).slice(0, 2)),
      [
        ["Matrix", "What ran"],
        ["--------", "----"],
        ["language", "YAML"],
        ["Node.js", "9"],
        ["Node.js", "24"],
      ],
    );
  });
});
