import schema from "../../provider/schema.json";
import { type Block, listBlocks, type Page } from "../support/markdown";
import { pages } from "./pages";

/** The languages in which every function and resource is shown, in the order of the Registry's choosers. */
export const LANGUAGES = ["typescript", "python", "go", "csharp", "java", "yaml"] as const;

/** The descriptions in the schema that have examples. */
export const descriptions: readonly Page[] = Object.entries({ ...schema.functions, ...schema.resources }).map(
  ([token, { description }]) => ({ name: `provider/schema.json, ${token}`, text: description }),
);

/** Every block in one of `languages`, on the pages and in the schema. */
export function listExamples(...languages: readonly string[]): Block[] {
  return [...pages, ...descriptions].flatMap((page) => listBlocks(page, languages));
}

/**
 * A copy of the first of `blocks` that holds `name`, with a wrong one instead: a check must refuse it.
 *
 * @throws Error if there is none
 */
export function breakExample(blocks: readonly Block[], [name, wrong]: readonly [string, string]): Block {
  const block = blocks.find(({ code }) => code.includes(name));
  if (block === undefined) throw new Error(`no example has ${name}`);
  return { location: `with ${wrong}`, code: block.code.replace(name, wrong) };
}
