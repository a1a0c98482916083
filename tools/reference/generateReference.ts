import fs from "node:fs";
import path from "node:path";
import schema from "../../provider/schema.json";
import { compareTrees, readTree } from "../fileTree";
import { writeReferencePages } from "./referencePages";
import { repositoryRoot } from "../repository";

const FOLDER = "docs/reference";

/**
 * Writes the pages of the schema to docs/reference, and removes what is not one of them. With `isCheck` it writes nothing.
 *
 * @returns a line for each page that differed
 */
export function updateReference({ isCheck }: { readonly isCheck: boolean }): string[] {
  const folder = path.join(repositoryRoot, FOLDER);
  const pages = new Map(
    [...writeReferencePages(schema)].map(([name, text]) => [name, Buffer.from(text)] as const),
  );
  const differences = compareTrees(pages, readTree(folder));
  if (!isCheck && differences.length > 0) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, text] of pages) fs.writeFileSync(path.join(folder, name), text);
  }
  return differences.map((line) => `${line} (${FOLDER})`);
}
