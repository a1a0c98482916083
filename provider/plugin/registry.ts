import type { FunctionToken } from "../backups/arguments";
import { lookupFunctions } from "../backups/functions";
import type { LookupFunction } from "../backups/lookup";
import { markSecretOutputs } from "../engine/secretOutputs";
import { type PropertyValue, Secret } from "./codec";

/**
 * The function of a token, or undefined if the schema has none with that name. What the schema marks as secret
 * is a {@link Secret} in its result.
 */
export function findFunction(token: string): LookupFunction<object> | undefined {
  if (!Object.hasOwn(lookupFunctions, token)) return undefined;
  const known = token as FunctionToken;
  return async (args, context) =>
    markSecretOutputs(
      known,
      await lookupFunctions[known](args, context),
      (value) => new Secret(value as PropertyValue),
    );
}
