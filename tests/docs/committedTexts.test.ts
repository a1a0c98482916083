import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";

/** Written apart from their endings, so that this file holds none of them. */
const registries = ["registry.npmjs", "www.npmjs", "npmmirror", "yarnpkg", "pypi", "pythonhosted"].concat(
  ["proxy", "sum"].map((name) => `${name}.golang`),
);
const folders = ["work", "root", "Users", "home/runner"];

const registry = new RegExp(`\\b(?:${registries.join("|").replaceAll(".", "\\.")})\\.(?:org|com)\\b`);
/** Not inside a longer path, such as a relative one. */
const machineFolder = new RegExp(`(?<![\\w.$}-])/(?:${folders.join("|")})/`);

const leftOut =
  /(^|[\\/])(node_modules|dist|\.cache|\.git)$|^bin[\\/](.*\.(cjs|map)|THIRD_PARTY_NOTICES)$|\.(tgz|log)$|^Pulumi\.\w+\.yaml$/;

/** Every file below `folder` that Git would keep. */
function listFiles(folder = ""): string[] {
  return fs.readdirSync(path.join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (leftOut.test(name)) return [];
    if (entry.isDirectory()) return listFiles(name);
    return entry.isFile() ? [name] : [];
  });
}

describe("the committed texts", () => {
  let texts: { name: string; text: string }[];

  before(() => {
    texts = listFiles().map((name) => ({
      name,
      text: fs.readFileSync(path.join(repositoryRoot, name), "utf8"),
    }));
  });

  for (const [what, pattern] of Object.entries({
    "package registry": registry,
    "folder of one machine": machineFolder,
  })) {
    it(`name no ${what}`, () => {
      const found = texts.filter(({ text }) => pattern.test(text));
      assert.deepEqual(
        found.map(({ name, text }) => `${name}: ${pattern.exec(text)?.[0]}`),
        [],
      );
    });
  }
});
