import assert from "node:assert/strict";
import { formatTable, measureWidth } from "../../provider/commands/table";

describe("the width of a text in a terminal", () => {
  for (const [text, width] of [
    ["session-cache", 13],
    ["", 0],
    ["会话缓存", 8],
    ["会话cache", 9],
    ["キャッシュ", 10],
    ["ｷｬｯｼｭ", 5],
    ["캐시", 4],
    ["ＡＢＣ（一）", 12],
    ["、。", 4],
    ["café", 4],
    ["cafe\u0301", 4],
    ["a·b…", 4],
    ["кэш", 3],
    ["🚀", 2],
    ["👩‍💻", 2],
    ["\u{20BB7}", 2],
  ] as const) {
    it(`is ${width} for "${text}"`, () => assert.equal(measureWidth(text), width));
  }
});

describe("a table", () => {
  it("aligns columns, cells of several lines and wide characters", () => {
    const table = formatTable(
      ["Name", "Age", "Why"],
      [
        ["会话", "2h", "one\ntwo"],
        ["cache", "26h 5m", ""],
      ],
    );
    assert.deepEqual(table.split("\n"), [
      "Name   Age     Why",
      "-----  ------  ---",
      "会话   2h      one",
      "               two",
      "cache  26h 5m",
    ]);
  });
});
