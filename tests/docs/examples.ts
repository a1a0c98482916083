import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import schema from "../../provider/schema.json";
import { repositoryRoot } from "../../tools/repository";
import { type Block, listBlocks, type Page } from "../support/markdown";
import { writtenPages } from "./pages";

/** The languages in which every function and resource is shown, in the order of the Registry's choosers. */
export const LANGUAGES = ["typescript", "python", "go", "csharp", "java", "yaml"] as const;

/** The descriptions in the schema that have examples. */
export const descriptions: readonly Page[] = Object.entries({ ...schema.functions, ...schema.resources }).map(
  ([token, { description }]) => ({ name: `provider/schema.json, ${token}`, text: description }),
);

/** The example project in C#, which has no other check, as it never runs. */
const csharpProject = "examples/dotnet/Program.cs";

/** Every block in one of `languages`, on the pages and in the schema. */
export function listExamples(...languages: readonly string[]): Block[] {
  const blocks = [...writtenPages, ...descriptions].flatMap((page) => listBlocks(page, languages));
  if (!languages.includes("csharp")) return blocks;
  const code = fs.readFileSync(path.join(repositoryRoot, csharpProject), "utf8");
  return [...blocks, { location: csharpProject, code }];
}

/** Wrong names, by the right ones that they replace: of an argument, a nested one, a result or a type. */
export type Mistakes = Readonly<Record<string, string>>;

/**
 * Asserts that a check finds nothing in any example in `languages`, and does find an error in each copy of one with a
 * mistake. All are checked at once, since starting a compiler is what takes time.
 */
export async function assertRefusesOnly(
  languages: readonly string[],
  mistakes: Mistakes,
  check: (blocks: readonly Block[]) => Promise<string[]> | string[],
): Promise<void> {
  const blocks = listExamples(...languages);
  assert.ok(blocks.length > descriptions.length);
  const broken = Object.entries(mistakes).map(([name, wrong]) => breakExample(blocks, { name, wrong }));
  const errors = await check([...blocks, ...broken]);
  assert.deepEqual(
    errors.filter((error) => !broken.some(({ location }) => error.startsWith(location))),
    [],
  );
  for (const { location } of broken) {
    assert.ok(
      errors.some((error) => error.startsWith(location)),
      `not refused: ${location}`,
    );
  }
}

/** A copy of the first block that holds a name, with a wrong one instead. @throws Error if there is none */
function breakExample(blocks: readonly Block[], { name, wrong }: { name: string; wrong: string }): Block {
  const block = blocks.find(({ code }) => code.includes(name));
  if (block === undefined) throw new Error(`no example has ${name}`);
  return { location: `with ${wrong}`, code: block.code.replaceAll(name, wrong) };
}
