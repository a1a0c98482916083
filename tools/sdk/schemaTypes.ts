/**
 * Makes `provider/schemaTypes.ts` from `provider/schema.json`. The provider does not use the generated SDK's
 * types: they import Pulumi, and mark nothing as read-only.
 */

import { format, resolveConfig } from "prettier";

/** The part of Pulumi's schema format that this package uses. */
interface TypeSpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
}

interface ObjectSpec {
  readonly properties?: Readonly<Record<string, TypeSpec>>;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: string }[];
}

interface FunctionSpec {
  readonly inputs: ObjectSpec;
  readonly outputs: ObjectSpec;
}

interface ResourceSpec extends ObjectSpec {
  readonly inputProperties: Readonly<Record<string, TypeSpec>>;
  readonly requiredInputs?: readonly string[];
}

/** The parts of a schema that become types. Tokens are the keys. */
interface Schema {
  readonly types: Readonly<Record<string, ObjectSpec>>;
  readonly resources: Readonly<Record<string, ResourceSpec>>;
  readonly functions: Readonly<Record<string, FunctionSpec>>;
}

const HEADER = "// Generated from schema.json by tools/sdk/schemaTypes.ts: `npm run generate`. Do not edit.\n";

/**
 * The text of the types of a schema: its own types (`UMemBackup`), the arguments and the result of each function
 * (`GetUMemBackupsArgs`, `GetUMemBackupsResult`), and the arguments and the outputs of each resource
 * (`UMemBackupPinArgs`, `UMemBackupPinOutputs`).
 *
 * @param file the path of the text, for Prettier to choose its options
 * @throws if the schema has a kind of type that is not known here
 */
export async function writeSchemaTypes(schema: Schema, file: string): Promise<string> {
  const declarations = [
    ...Object.entries(schema.types).map(([token, spec]) =>
      spec.enum === undefined ? writeInterface(getName(token), spec) : writeEnum(getName(token), spec.enum),
    ),
    ...Object.entries(schema.functions).flatMap(([token, { inputs, outputs }]) => {
      const name = getName(token).replace(/^./, (first) => first.toUpperCase());
      return [writeInterface(`${name}Args`, inputs), writeInterface(`${name}Result`, outputs)];
    }),
    ...Object.entries(schema.resources).flatMap(([token, spec]) => {
      const inputs = { properties: spec.inputProperties, required: spec.requiredInputs ?? [] };
      const name = getName(token);
      return [writeInterface(`${name}Args`, inputs), writeInterface(`${name}Outputs`, spec)];
    }),
  ];
  const text = [HEADER, ...declarations.toSorted()].join("\n");
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function writeInterface(name: string, { properties = {}, required = [] }: ObjectSpec): string {
  const fields = Object.entries(properties).map(
    ([field, spec]) => `readonly ${field}${required.includes(field) ? "" : "?"}: ${writeType(spec)};`,
  );
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
  throw new Error(`tools/sdk/schemaTypes.ts cannot write the schema's type ${String(type)}`);
}

/** The last part of a token or of a reference: `UMemBackup` of `#/types/ucloud-redis:index:UMemBackup`. */
function getName(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}
