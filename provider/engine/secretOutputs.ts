import type { FunctionToken } from "../backups/arguments";
import { functions } from "../schema.json";

interface PropertySpec {
  readonly description: string;
  readonly secret?: boolean;
}

interface FunctionSpec {
  readonly outputs: { readonly properties: Readonly<Record<string, PropertySpec>> };
}

const specs: Readonly<Record<FunctionToken, FunctionSpec>> = functions;

/** The names of the fields of a function's result that the schema marks as secret. */
export function listSecretOutputs(token: FunctionToken): readonly string[] {
  const properties = Object.entries(specs[token].outputs.properties);
  return properties.filter(([, { secret }]) => secret === true).map(([name]) => name);
}

/** The result of a function, with each field that the schema marks as secret in the host's form of a secret. */
export function markSecretOutputs(
  token: FunctionToken,
  result: object,
  wrap: (value: unknown) => unknown,
): object {
  const names = listSecretOutputs(token);
  if (names.length === 0) return result;
  const entries = Object.entries(result).map(([name, value]: [string, unknown]) => [
    name,
    names.includes(name) ? wrap(value) : value,
  ]);
  return Object.fromEntries(entries) as object;
}
