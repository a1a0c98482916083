import { type Page, readPage } from "../support/markdown";
import { listCommittedFiles } from "./committedFiles";

/** Every page of the documentation. */
export const pages: readonly Page[] = listCommittedFiles()
  .filter((name) => name.endsWith(".md"))
  .map(readPage);

/** Without the reference, which repeats the schema's descriptions: referencePages.test.ts compares them. */
export const writtenPages: readonly Page[] = pages.filter(({ name }) => !name.startsWith("docs/reference/"));

/** The pages that the Pulumi Registry shows. */
export const registryPages: readonly Page[] = pages.filter(({ name }) =>
  ["docs/_index.md", "docs/installation-configuration.md"].includes(name),
);
