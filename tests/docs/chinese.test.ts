/** The Chinese pages have the commands, code, tables, headings and links of the English ones. */

import assert from "node:assert/strict";
import path from "node:path";
import { listLinks, type Page } from "../support/markdown";
import { chinesePages, pages, TRANSLATED } from "./pages";
import { compareTranslation, findBrokenBold, type Translation } from "./translation";

const translations: readonly Translation[] = [...TRANSLATED].flatMap(([name, chinese]) => {
  const [original, translated] = [name, chinese].map((each) => pages.find((page) => page.name === each));
  return original && translated ? [{ original, translated }] : [];
});

describe("the Chinese pages", () => {
  it("are there for every page in the list, and for no other", () => {
    assert.deepEqual(chinesePages.map(({ name }) => name).sort(), [...TRANSLATED.values()].sort());
  });

  for (const translation of translations) {
    const { original, translated } = translation;

    it(`have in ${translated.name} everything of ${original.name} but its prose`, () => {
      assert.deepEqual(compareTranslation(translation, translations), []);
    });

    it(`lead from ${translated.name} to ${original.name}`, () => {
      const target = path.posix.relative(path.posix.dirname(translated.name), original.name);
      assert.ok(listLinks(translated).includes(target), target);
    });
  }

  it("are found from the English README", () => {
    assert.ok(translations.some(({ original }) => listLinks(original).includes("README.zh-CN.md")));
  });

  it("have no bold text that Markdown shows with its asterisks", () => {
    assert.deepEqual(chinesePages.flatMap(findBrokenBold), []);
  });
});

describe("the comparison of a page with its translation", () => {
  const english = `# Page\n
Run \`go\` 1.2 or newer: [more](#more), [other](other.md#far).\n
| A | B |
| --- | --- |
| \`x\`, 1 | see [other](other.md) |\n
## More\n\n![shown](a.svg)\n\n\`\`\`sh\n# Not a heading\nrun\n\`\`\`\n`;
  const chinese = `# 页面\n
[English](../page.md)\n
[更多](#更多)，[其他](other.md#远)：运行 \`go\` 1.2 或更高版本。\n
| 甲 | 乙 |
| --- | --- |
| \`x\`, 1 | 见[其他](other.md) |\n
## 更多\n\n![图](../a.svg)\n\n\`\`\`sh\n# Not a heading\nrun\n\`\`\`\n`;
  const other = pair("other", "# Other\n\n## Far\n", "# 其他\n\n## 远\n");

  function pair(name: string, original: string, translated: string): Translation {
    return {
      original: { name: `docs/${name}.md`, text: original },
      translated: { name: `docs/zh-CN/${name}.md`, text: translated },
    };
  }

  function compare(from = "", to = ""): string[] {
    const page = pair("page", english, chinese.replace(from, to));
    return compareTranslation(page, [page, other]);
  }

  it("finds nothing where only the prose is another", () => {
    assert.deepEqual(compare(), []);
  });

  const changes: readonly [string, string, string][] = [
    ["## 更多", "### 更多", `: heading 2 is "更多", and "More" in docs/page.md`],
    ["\nrun\n", "\nwalk\n", `, "更多": line 2 of block 1 is \`walk\`, not \`run\``],
    ["```sh", "```text", `, "更多": line 0 of block 1 is \`\`\`\`text\`, not \`\`\`\`sh\``],
    ["| `x`, 1 | 见[其他](other.md) |\n", "", `, "页面": a table has other rows or columns`],
    ["| `x`, 1 |", "| `x`, 2 |", `, "页面": row 1 of table 1 has \`x\`, 2, not \`x\`, 1`],
    ["other.md#远", "other.md#far", `, "页面": lacks the link other.md#远`],
    ["#更多", "#more", `, "页面": lacks the link #更多`],
    ["`go`", "`went`", `, "页面": lacks the name in back quotes go`],
    ["1.2", "1.3", `, "页面": lacks the number 1.2`],
    ["../a.svg", "../b.svg", `, "更多": lacks the link ../a.svg`],
  ];
  for (const [from, to, message] of changes) {
    it(`names the place where ${JSON.stringify(from)} is ${JSON.stringify(to)}`, () => {
      const [first] = compare(from, to);
      assert.equal(first, `docs/zh-CN/page.md${message}`);
    });
  }

  it("finds bold text beside Chinese letters that needs a space or another place of its full stop", () => {
    const broken: Page = {
      name: "page",
      text: "**不要。**这样做\n\n请**不要**这样做。**好。**\n\n用**`x`**做",
    };
    assert.equal(findBrokenBold(broken).length, 3);
  });
});
