import assert from "node:assert/strict";
import * as fc from "fast-check";
import { listTexts, maskUnprintable, quoteText } from "../../provider/backups/text";

describe("quoteText", () => {
  const cases: readonly (readonly [title: string, text: string, quoted: string])[] = [
    ["leaves plain text alone", "nightly 備份 🐘", "`nightly 備份 🐘`"],
    [
      "masks line breaks and escape codes",
      "a\r\n\u001b[31m\u0085\u2028",
      "`a\uFFFD\uFFFD\uFFFD[31m\uFFFD\uFFFD`",
    ],
    ["masks marks that reorder or hide text", "\u202ea\u2066\u200b\ufeff", "`\uFFFDa\uFFFD\uFFFD\uFFFD`"],
    ["masks halves of surrogate pairs", "a\ud83d", "`a\uFFFD`"],
    ["keeps its quotes closed", "a` b", "`a' b`"],
    ["shows 80 characters", "x".repeat(80), `\`${"x".repeat(80)}\``],
    ["cuts what is longer", "x".repeat(81), `\`${"x".repeat(79)}…\``],
    ["counts characters, not code units, and cuts none in two", "🐘".repeat(80), `\`${"🐘".repeat(80)}\``],
    ["shows no link that works", "https://u:p@b.c/d?e&Signature=f", "`https://b.c/d`"],
    [
      "shows no signature of a link that is cut",
      `${"x".repeat(60)} signature=${"s".repeat(90)}`,
      `\`${"x".repeat(60)} signature=[redacte…\``,
    ],
    ["cuts between characters", "🐘".repeat(10_000), `\`${"🐘".repeat(79)}…\``],
  ];
  for (const [title, text, quoted] of cases) it(title, () => assert.equal(quoteText(text), quoted));

  it("is short and on one line, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const inside = quoteText(text).slice(1, -1);
        assert.doesNotMatch(inside, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`]/u);
        assert.ok(Array.from(inside).length <= 80);
      }),
    );
  });
});

describe("maskUnprintable", () => {
  it("leaves quotes and length alone", () =>
    assert.equal(maskUnprintable("group `a`\n".repeat(20)), "group `a`\uFFFD".repeat(20)));
});

describe("listTexts", () => {
  it("names each text once, sorted", () => assert.equal(listTexts(["b", "a", "b", "B"], 5), "`B`, `a`, `b`"));
  it("counts the texts it does not name", () =>
    assert.equal(listTexts(["c", "b", "a"], 2), "`a`, `b` and 1 more"));
  it("is empty for none", () => assert.equal(listTexts([], 2), ""));
});
