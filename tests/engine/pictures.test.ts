import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { picturesFolder, runPictures } from "../../tools/pictures/pictures";
import { drawTerminal, readPictureText } from "../../tools/pictures/terminalPicture";
import { itOnEngine } from "../support/requireEngine";

/** The text in one line, since lines break elsewhere if a figure is longer, and without what differs between runs. */
function normalise(svg: string): string {
  return (
    readPictureText(svg)
      .join(" ")
      .replaceAll(/\s+/g, " ")
      // Comes before or after the messages of the resource.
      .replace(/pulumi:pulumi:Stack \(\S+\): Requests go to \S+ \(.*?\), not at api\.ucloud\.cn\. /, "")
      .replaceAll(/20\d\d-[\d-]{5}T[\d:.]+Z/g, "TIME")
      .replaceAll(/\b24h \d+m\b/g, "AGE")
      .replaceAll(/\b[\d.]+s\b/g, "SECONDS")
  );
}

describe("the pictures in the documentation", function () {
  this.timeout(60_000);

  itOnEngine("show what the Pulumi CLI prints: if not, run `npm run pictures`", async () => {
    const shown = await runPictures();
    assert.deepEqual(fs.readdirSync(picturesFolder).sort(), [...shown.keys()].sort());
    for (const [file, { title, run }] of shown) {
      const kept = fs.readFileSync(path.join(picturesFolder, file), "utf8");
      assert.equal(normalise(kept), normalise(drawTerminal(title, run)), file);
      assert.doesNotMatch(kept, /127\.0\.0\.1:\d|file:|\/(?:tmp|home)\/|only-for-this|href|<script/, file);
    }
  });
});

describe("a picture of a terminal", () => {
  const draw = (output: string): string => drawTerminal("a & b", { command: "run <it>", output });

  it("holds the command and the output as text, without escape sequences", () => {
    const svg = draw("\x1b[38;5;2m+ \x1b[0mone\n\n  two \x1b[1mthree\x1b[0m\n");
    assert.deepEqual(readPictureText(svg), ["$ run <it>", "+ one", "  two three"]);
    assert.match(svg, /<tspan fill="#56d364">\+ <\/tspan>one</);
    assert.match(svg, /two <tspan font-weight="bold">three<\/tspan>/);
    assert.match(svg, /<title id="title">a &amp; b<\/title>/);
  });

  it("breaks long lines between words, and keeps their indentation", () => {
    const [, first = "", second = ""] = readPictureText(draw(`    ${"word ".repeat(30)}`));
    assert.ok(first.length <= 108, first);
    assert.match(second, /^ {4}word /);
    assert.equal(`${first} ${second.trim()}`.trim(), "word ".repeat(30).trim());
  });
});
