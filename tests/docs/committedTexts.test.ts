import assert from "node:assert/strict";
import { readPage } from "../support/markdown";
import { listCommittedFiles } from "./committedFiles";

/** Written apart from their endings, so that this file holds none of them. */
const registries = ["registry.npmjs", "www.npmjs", "npmmirror", "yarnpkg", "pypi", "pythonhosted"].concat(
  ["proxy", "sum"].map((name) => `${name}.golang`),
);
const folders = ["work", "root", "Users", "home/runner"];

const patterns = {
  "package registry": new RegExp(`\\b(?:${registries.join("|").replaceAll(".", "\\.")})\\.(?:org|com)\\b`),
  // Not inside a longer path, such as a relative one.
  "folder of one machine": new RegExp(`(?<![\\w.$}-])/(?:${folders.join("|")})/`),
};

describe("the committed texts", () => {
  const texts = listCommittedFiles().map(readPage);

  for (const [what, pattern] of Object.entries(patterns)) {
    it(`name no ${what}`, () => {
      const found = texts.flatMap(
        ({ name, text }) => pattern.exec(text)?.map((each) => `${name}: ${each}`) ?? [],
      );
      assert.deepEqual(found, []);
    });
  }
});
