import { type Page, readPage } from "../support/markdown";
import { listCommittedFiles } from "./committedFiles";

/** Every page of the documentation. */
export const pages: readonly Page[] = listCommittedFiles()
  .filter((name) => name.endsWith(".md"))
  .map(readPage);

/** The guides that have a Chinese page in docs/zh-CN. */
const GUIDES = [
  "restoreGuide.md",
  "errors.md",
  "failCi.md",
  "lostRegion.md",
  "installation.md",
  "runbook.md",
];

/** The Chinese page of every page that must have one. */
export const TRANSLATED: ReadonlyMap<string, string> = new Map([
  ["README.md", "README.zh-CN.md"],
  ...GUIDES.map((name) => [`docs/${name}`, `docs/zh-CN/${name}`] as const),
]);

/** The pages in Chinese. */
export const chinesePages: readonly Page[] = pages.filter(({ name }) => name.includes("zh-CN"));

/** Without the pages in Chinese, whose code and output are those of the English ones: chinese.test.ts compares them. */
export const englishPages: readonly Page[] = pages.filter((page) => !chinesePages.includes(page));

/** Without the reference, which repeats the schema's descriptions: referencePages.test.ts compares them. */
export const writtenPages: readonly Page[] = englishPages.filter(
  ({ name }) => !name.startsWith("docs/reference/"),
);

/** The pages that the Pulumi Registry shows. */
export const registryPages: readonly Page[] = pages.filter(({ name }) =>
  ["docs/_index.md", "docs/installation-configuration.md"].includes(name),
);
