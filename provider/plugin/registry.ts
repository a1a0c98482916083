import type { FunctionToken } from "../backups/arguments";
import { lookupFunctions } from "../backups/functions";
import type { LookupFunction } from "../backups/lookup";

/** The function of a token, or undefined if the schema has none with that name. */
export function findFunction(token: string): LookupFunction<object> | undefined {
  return Object.hasOwn(lookupFunctions, token) ? lookupFunctions[token as FunctionToken] : undefined;
}
