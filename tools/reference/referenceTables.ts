/** Tables of properties, and the nested types that they name, for the pages in docs/reference. */

/** A type in Pulumi's schema format. */
export interface TypeSpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
}

/** An argument, a result or a field. */
export interface Property extends TypeSpec {
  readonly description?: string;
  readonly secret?: boolean;
}

/** An object, or an enumeration of strings. */
export interface ObjectSpec {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: string; readonly description?: string }[];
}

/** What a description says of a default that is a plain value, or a setting. Anything longer stays in the description. */
const DEFAULT = / ?\bDefaults to (`[^`]+`|true|false|the provider's `\w+`)\.(?=\s|$)/;

/**
 * A table of the properties.
 *
 * @param options `heading` of the first column; `isInput` if they are given and not returned: then the required ones come
 *   first, and another column says which are required, and the default, which is left out of the description
 */
export function writeTable(
  { properties = {}, required = [] }: ObjectSpec,
  { heading, isInput }: { readonly heading: string; readonly isInput: boolean },
): string {
  const entries = Object.entries(properties);
  if (entries.length === 0) return "None.";
  const sorted = isInput
    ? entries.toSorted(([one], [other]) => Number(required.includes(other)) - Number(required.includes(one)))
    : entries;
  const rows = sorted.map(([name, property]) => {
    const text = escapeCell(property.description ?? "");
    const type = `${writeType(property)}${property.secret === true ? ", a secret" : ""}`;
    if (!isInput) return [`\`${name}\``, type, text];
    const [sentence = "", value = ""] = DEFAULT.exec(text) ?? [];
    const without = text.replace(sentence, "").trim();
    return [`\`${name}\``, type, required.includes(name) ? "required" : value, without];
  });
  const headings = [heading, "Type", ...(isInput ? ["Default"] : []), "Meaning"];
  return [headings, headings.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** A section for each type that arguments (`given`) or results (`returned`) name, also through others, each once. */
export function writeTypes(
  { given, returned }: { readonly given: ObjectSpec; readonly returned: ObjectSpec },
  types: Readonly<Record<string, ObjectSpec>>,
): string {
  const inputs = findTypes(given, types, new Map());
  const all = findTypes(returned, types, new Map(inputs));
  const sections = [...all].map(([name, spec]) => {
    const content = spec.enum?.map(
      ({ value, description = "" }) => `- \`"${value}"\`${description && `: ${description}`}`,
    );
    const body = content?.join("\n") ?? writeTable(spec, { heading: "Field", isInput: inputs.has(name) });
    return `### Type ${name}\n\n${spec.description ?? ""}\n\n${body}`;
  });
  return sections.length === 0 ? "" : `## Nested types\n\n${sections.join("\n\n")}`;
}

/** Adds the types that an object names to `found`, by their names. */
function findTypes(
  { properties = {} }: ObjectSpec,
  types: Readonly<Record<string, ObjectSpec>>,
  found: Map<string, ObjectSpec>,
): Map<string, ObjectSpec> {
  for (const property of Object.values(properties)) {
    const token = findReference(property);
    if (token === undefined || found.has(readTypeName(token))) continue;
    const spec = types[token];
    if (spec === undefined) throw new Error(`the schema has no type ${token}`);
    found.set(readTypeName(token), spec);
    findTypes(spec, types, found);
  }
  return found;
}

/** The token of the type that a property, its items or its values are of. */
function findReference({ $ref, items, additionalProperties }: TypeSpec): string | undefined {
  if ($ref !== undefined) return $ref.replace("#/types/", "");
  const inner = items ?? additionalProperties;
  return inner && findReference(inner);
}

function writeType(spec: TypeSpec): string {
  const { $ref, items, additionalProperties, type = "" } = spec;
  if ($ref !== undefined) {
    const name = readTypeName($ref);
    return `[${name}](#type-${name.toLowerCase()})`;
  }
  if (items !== undefined) return `list of ${writeType(items)}`;
  if (additionalProperties !== undefined) return `map of ${writeType(additionalProperties)}`;
  return type;
}

function readTypeName(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
