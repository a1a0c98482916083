import schema from "../../provider/schema.json";
import { findSecretFields } from "../../tools/sdk/sdkSecrets";

/** A resource, a function or an object type of the schema, with the names that each SDK must have. */
export interface SchemaEntry {
  readonly kind: "resource" | "function" | "type";
  /** As in the schema, without the package: `URedisBackupPin`, `getURedisBackups`. */
  readonly name: string;
  /** Arguments of a resource or a function. */
  readonly inputs: readonly string[];
  /** Outputs of a resource, results of a function, properties of a type. */
  readonly outputs: readonly string[];
  /** Whether a result is secret, so that the function has no plain variant. */
  readonly isSecret: boolean;
}

interface Properties {
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** The schema's form that all its entries share. */
interface Entry extends Properties {
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly inputProperties?: Readonly<Record<string, unknown>>;
  readonly enum?: readonly unknown[];
}

const shorten = (token: string): string => token.slice(token.lastIndexOf(":") + 1);
const keysOf = (value: object = {}): string[] => Object.keys(value);
const entriesOf = (value: Readonly<Record<string, Entry>>): (readonly [string, Entry])[] =>
  Object.entries(value);
const secretFunctions = findSecretFields(schema);

/** Everything that the schema has, apart from enumerations. */
export const schemaEntries: readonly SchemaEntry[] = [
  ...entriesOf(schema.resources).map(([token, { inputProperties, properties }]) => ({
    kind: "resource" as const,
    name: shorten(token),
    inputs: keysOf(inputProperties),
    outputs: keysOf(properties),
    isSecret: false,
  })),
  ...entriesOf(schema.functions).map(([token, { inputs, outputs }]) => ({
    kind: "function" as const,
    name: shorten(token),
    inputs: keysOf(inputs?.properties),
    outputs: keysOf(outputs?.properties),
    isSecret: secretFunctions.has(token),
  })),
  ...entriesOf(schema.types)
    .filter(([, type]) => type.enum === undefined)
    .map(([token, { properties }]) => ({
      kind: "type" as const,
      name: shorten(token),
      inputs: [],
      outputs: keysOf(properties),
      isSecret: false,
    })),
];

/** The names of the enumerations. */
export const schemaEnums: readonly string[] = entriesOf(schema.types)
  .filter(([, type]) => type.enum !== undefined)
  .map(([token]) => shorten(token));

/** The names of the provider's settings. */
export const schemaSettings: readonly string[] = keysOf(schema.config.variables);

/** A name with a capital first letter, as Go and .NET write all names. */
export function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * Compares what an SDK has with what it must have. Returns a line for each type that is missing, and for each
 * missing member of a type.
 */
export function findMissing(
  expected: Readonly<Record<string, readonly string[]>>,
  found: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  return Object.entries(expected).flatMap(([type, members]) => {
    const present = found.get(type);
    if (present === undefined) return [type];
    return members.filter((member) => !present.has(member)).map((member) => `${type}.${member}`);
  });
}
