/**
 * Makes the pages in docs/reference from provider/schema.json: one for each function and resource, and an index. The
 * schema's descriptions are the only source of their text, so that editors, the Registry and these pages agree.
 */

import { toSnakeCase } from "../sdk/plainResults";
import { describeExamples } from "./referenceExamples";
import { type ObjectSpec, type Property, writeTable, writeTypes } from "./referenceTables";

interface FunctionSpec {
  readonly description: string;
  readonly inputs: ObjectSpec;
  readonly outputs: ObjectSpec;
}

interface ResourceSpec extends ObjectSpec {
  readonly description: string;
  readonly inputProperties: Readonly<Record<string, Property>>;
  readonly requiredInputs?: readonly string[];
}

/** The parts of a schema that the pages show. Tokens are the keys. */
export interface ReferenceSchema {
  readonly types: Readonly<Record<string, ObjectSpec>>;
  readonly resources: Readonly<Record<string, ResourceSpec>>;
  readonly functions: Readonly<Record<string, FunctionSpec>>;
}

/** What a page shows, for functions and resources alike. */
interface Entry {
  readonly token: string;
  readonly name: string;
  readonly kind: "Function" | "Resource";
  readonly description: string;
  readonly inputs: ObjectSpec;
  readonly outputs: ObjectSpec;
}

const HEADER = "<!-- Made from provider/schema.json by `npm run generate`. Do not edit. -->\n";

/** A code in a description, as failures show it: `[StaleBackup]`. */
const CODE = /`\[([A-Z]\w+)\]`/g;

/** The pages by their file names. Each ends with a line feed, and links only to other pages of the documentation. */
export function writeReferencePages(schema: ReferenceSchema): Map<string, string> {
  const entries = listEntries(schema);
  return new Map([
    ["README.md", writeIndex(entries)],
    ...entries.map((entry) => [`${entry.name}.md`, writePage(entry, schema)] as const),
  ]);
}

function listEntries({ functions, resources }: ReferenceSchema): Entry[] {
  return [
    ...Object.entries(resources).map(([token, spec]): Entry => {
      const { description, inputProperties: properties, requiredInputs: required = [] } = spec;
      const inputs = { properties, required };
      const outputs = omitInputs(spec, properties);
      return { token, name: readName(token), kind: "Resource", description, inputs, outputs };
    }),
    ...Object.entries(functions).map(([token, spec]): Entry => ({
      token,
      name: readName(token),
      kind: "Function",
      ...spec,
    })),
  ];
}

/** The outputs that say more than the argument of the same name. */
function omitInputs(
  { properties = {}, required = [] }: ObjectSpec,
  inputs: ResourceSpec["inputProperties"],
): ObjectSpec {
  const own = Object.entries(properties).filter(
    ([name, { description }]) => inputs[name]?.description !== description,
  );
  return { properties: Object.fromEntries(own), required };
}

function readName(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}

function writePage(entry: Entry, schema: ReferenceSchema): string {
  const { kind, name, description, inputs, outputs } = entry;
  const [opening = "", ...sections] = description.split(/^(?=## )/m);
  const examples = sections.filter((text) => text.startsWith("## Example"));
  const others = sections.filter((text) => !text.startsWith("## Example"));
  const beside =
    kind === "Resource" ? "Beside its arguments, with the values that they came to have:\n\n" : "";
  const parts = [
    `# ${name}\n`,
    `${kind}. [All functions and resources](README.md). ${writeSpellings(entry)}\n`,
    linkCodes(stripMarks(opening)),
    ...examples.map(describeExamples),
    `## Arguments\n\n${writeTable(inputs, { heading: "Argument", isInput: true })}`,
    `## ${kind === "Resource" ? "Outputs" : "Results"}\n\n${beside}${writeTable(outputs, { heading: "Name", isInput: false })}`,
    writeTypes({ given: inputs, returned: outputs }, schema.types),
    ...others.map((text) => linkCodes(stripMarks(text))),
    writeErrors(description, schema),
  ];
  return `${[HEADER, ...parts.map((part) => part.trim()).filter((part) => part !== "")].join("\n\n")}\n`.replaceAll(
    /\n{3,}/g,
    "\n\n",
  );
}

function stripMarks(text: string): string {
  return text.replaceAll(/^\{\{%.*%\}\}\n?/gm, "");
}

/**
 * How the languages spell the name. Their SDKs are generated, so the rule holds for each name. A function with a
 * secret result has only the variant that returns an output, see tools/sdk/plainResults.ts.
 */
function writeSpellings({ kind, name, token, outputs }: Entry): string {
  const yaml = `in YAML \`${token.replace(":index:", ":")}\``;
  if (kind === "Resource") return `I${yaml.slice(1)}.`;
  const capital = name.replace(/^./, (first) => first.toUpperCase());
  const snake = toSnakeCase(name);
  const isSecret = Object.values(outputs.properties ?? {}).some(({ secret }) => secret === true);
  if (!isSecret) return `In Python \`${snake}\`, in Go and C# \`${capital}\`, ${yaml}.`;
  return `In Python \`${snake}_output\`, in Go \`${capital}Output\`, in C# \`${capital}.Invoke\`, ${yaml}.`;
}

function linkCodes(text: string): string {
  return text.replaceAll(CODE, (shown, code: string) => `[${shown}](../errors.md#${code.toLowerCase()})`);
}

/** The codes that the description names, also through a function whose codes it says are its own. */
function writeErrors(description: string, { functions }: ReferenceSchema): string {
  const prose = description.replaceAll(/^```.*?^```$/gms, "");
  const others = [...prose.matchAll(/the codes of `(\w+)`/g)].map(([, name]) => name);
  const texts = Object.entries(functions)
    .filter(([token]) => others.includes(readName(token)))
    .map(([, spec]) => spec.description);
  const codes = [prose, ...texts].flatMap((text) => [...text.matchAll(CODE)].map(([, code = ""]) => code));
  const own = [...new Set(codes)].map((code) => `[\`${code}\`](../errors.md#${code.toLowerCase()})`);
  const first = own.length === 0 ? "" : `Of its own: ${own.join(", ")}. `;
  return `## Errors\n\n${first}Any call to the API may also fail with [these](../errors.md#every-code).`;
}

function writeIndex(entries: readonly Entry[]): string {
  const list = (kind: Entry["kind"]): string =>
    entries
      .filter((entry) => entry.kind === kind)
      .map(({ name, description }) => `| [\`${name}\`](${name}.md) | ${readFirstSentence(description)} |`)
      .join("\n");
  return `${HEADER}
# Reference

Every function and resource: its arguments, results, nested types, and an example in each language. The pages
are made from [the schema](../../provider/schema.json), as are the SDKs and what editors show.
[Functions](../functions.md), [pins](../pins.md) and [resources](../resources.md) explain how they behave, and
[the settings](../installation-configuration.md) where keys and regions come from.

| Resource | What it does |
| --- | --- |
${list("Resource")}

| Function | What it does |
| --- | --- |
${list("Function")}

## Names in each language

Arguments, results and outputs are written as here in TypeScript, Java and YAML (\`groupId\`). Python writes them
with underscores (\`group_id\`), Go and C# with a capital (\`GroupId\`).

Most functions have two variants. One takes outputs as arguments and returns an output, so it can follow resources.
The other takes and returns plain values. In YAML, each call takes and returns outputs.

| Language | Takes and returns outputs | Takes and returns plain values |
| --- | --- | --- |
| TypeScript | \`getURedisBackupsOutput\` | \`getURedisBackups\`, a promise |
| Python | \`get_u_redis_backups_output\` | \`get_u_redis_backups\` |
| Go | \`GetURedisBackupsOutput\` | \`GetURedisBackups\` |
| C# | \`GetURedisBackups.Invoke\` | \`GetURedisBackups.InvokeAsync\` |
| Java | \`getURedisBackups\` | \`getURedisBackupsPlain\` |

\`getURedisBackupUrl\` and \`getUMemBackupUrls\` return secrets. Their SDKs for Python, Go, C# and Java have only the
variant that returns an output, which keeps them secret.
`;
}

function readFirstSentence(description: string): string {
  return /^.*?\.(?=\s|$)/s.exec(description)?.[0].replaceAll("\n", " ") ?? description;
}
