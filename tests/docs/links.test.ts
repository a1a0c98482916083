import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "../../tools/repository";
import { listAnchors, listLinks, type Page, readPage } from "../support/markdown";
import { listCommittedFiles } from "./committedFiles";
import { pages, registryPages } from "./pages";

const files = listCommittedFiles();

/** Where files are named: in Markdown, apart from programs, and in comments. Addresses are left out. */
const texts: readonly Page[] = [
  ...pages.map(({ name, text }) => ({ name, text: text.replaceAll(/^( *)```(ts|yaml)\n.*?^\1```$/gms, "") })),
  ...files
    .filter((name) => /\.(ts|mjs|cjs|go)$/.test(name))
    .map((name) => ({ name, text: readComments(readPage(name).text) })),
].map(({ name, text }) => ({ name, text: text.replaceAll(/https?:\S+/g, "") }));

describe("the documentation", () => {
  it("has no broken links", () => {
    const broken = pages.flatMap((page) =>
      listLinks(page)
        .filter((target) => !/^https?:/.test(target) && !isThere(page, target))
        .map((target) => `${page.name}: ${target}`),
    );
    assert.deepEqual(broken, []);
  });

  it("names only folders and files of the repository that exist", () => {
    const folder = /(?<![\w./@-])(?:docs|provider|simulator|tests|tools|benchmarks|examples)\/[\w./-]*\w/g;
    const missing = texts.flatMap(({ name, text }) =>
      [...text.matchAll(folder)]
        .filter(([found]) => !fs.existsSync(path.join(repositoryRoot, found)))
        .map(([found]) => `${name}: ${found}`),
    );
    assert.deepEqual(missing, []);
  });

  it("names only source files and pages that exist, also without their folder", () => {
    // Files of a user's project.
    const others = ["orders.ts", "orders.test.ts"];
    const missing = texts.flatMap(({ name, text }) =>
      [...text.matchAll(/(?<![\w./@{}*-])[\w/-][\w./-]*\.(?:ts|md)\b(?!\.\w)/g)]
        .filter(
          ([found]) => !others.includes(found) && !files.some((file) => `/${file}`.endsWith(`/${found}`)),
        )
        .map(([found]) => `${name}: ${found}`),
    );
    assert.deepEqual(missing, []);
  });

  it("gives the Pulumi Registry's pages a front matter, and links that work anywhere", () => {
    for (const page of registryPages) {
      const [, frontMatter = ""] = /^---\n(.*?)\n---\n/s.exec(page.text) ?? [];
      const { title, meta_desc: description, layout } = parse(frontMatter) as Record<string, unknown>;
      assert.deepEqual(
        [typeof title, typeof description, layout],
        ["string", "string", "package"],
        page.name,
      );
      assert.deepEqual(
        listLinks(page).filter((target) => !target.startsWith("https://") || target.includes(".md")),
        [],
        page.name,
      );
    }
  });
});

/** The comments of a source file. */
function readComments(text: string): string {
  return [...text.matchAll(/\/\*.*?\*\/|(?<=^|\s)\/\/ .*?$/gms)].map(([comment]) => comment).join("\n");
}

function isThere(page: Page, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const name = file === "" ? page.name : path.posix.join(path.posix.dirname(page.name), file);
  if (!fs.existsSync(path.join(repositoryRoot, name))) return false;
  return anchor === undefined || listAnchors(readPage(name)).includes(anchor);
}
