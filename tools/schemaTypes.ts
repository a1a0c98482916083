/**
 * TypeScript types of the provider's own, made from `provider/schema.json`. The provider does not take them from the
 * Node SDK, whose types import Pulumi, and mark nothing as read-only.
 */

import { format, resolveConfig } from "prettier";
import type * as providerSchema from "../provider/schema.json";

/** The part of Pulumi's schema format that this package uses. */
interface TypeSpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
}

interface ObjectSpec {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, TypeSpec>>;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: string }[];
}

interface FunctionSpec {
  readonly inputs: ObjectSpec;
  readonly outputs: ObjectSpec;
}

const HEADER = "// Generated from schema.json by tools/schemaTypes.ts: `npm run generate`. Do not edit.\n";

/**
 * Writes the types of the schema's functions (`GetUMemBackupsArgs`, `GetUMemBackupsResult`) and of what they return.
 *
 * @param file where the text is to be kept, whose formatting rules count
 * @throws Error where the schema holds a kind of type that is not known here
 */
export async function writeSchemaTypes(schema: typeof providerSchema, file: string): Promise<string> {
  const declarations = [
    ...Object.entries<ObjectSpec>(schema.types).map(([token, spec]) =>
      spec.enum === undefined ? writeInterface(getName(token), spec) : writeEnum(getName(token), spec.enum),
    ),
    ...Object.entries<FunctionSpec>(schema.functions).flatMap(([token, { inputs, outputs }]) => {
      const name = getName(token).replace(/^./, (first) => first.toUpperCase());
      return [writeInterface(`${name}Args`, inputs), writeInterface(`${name}Result`, outputs)];
    }),
  ];
  const text = [HEADER, ...declarations.toSorted()].join("\n");
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function writeInterface(name: string, { properties = {}, required = [] }: ObjectSpec): string {
  const fields = Object.entries(properties).map(([field, spec]) => {
    return `readonly ${field}${required.includes(field) ? "" : "?"}: ${writeType(spec)};`;
  });
  return `export interface ${name} {\n${fields.toSorted().join("\n")}\n}\n`;
}

function writeEnum(name: string, values: readonly { readonly value: string }[]): string {
  return `export type ${name} = ${values.map(({ value }) => JSON.stringify(value)).join(" | ")};\n`;
}

function writeType({ type, $ref, items, additionalProperties }: TypeSpec): string {
  if ($ref !== undefined) return getName($ref);
  if (type === "array" && items !== undefined) return `readonly ${writeType(items)}[]`;
  if (type === "object" && additionalProperties !== undefined) {
    return `Readonly<Record<string, ${writeType(additionalProperties)}>>`;
  }
  if (type === "integer" || type === "number") return "number";
  if (type === "string" || type === "boolean") return type;
  throw new Error(`The schema holds a type that tools/schemaTypes.ts does not know: ${String(type)}`);
}

/** `UMemBackup` of `ucloud-redis:index:UMemBackup`, or of a reference to it. */
function getName(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}
