/** The engine's marks on property values: taken off for the operations of a resource, and put back. */

import { isDeepStrictEqual } from "node:util";
import type { RawArguments } from "../backups/arguments";
import { splitUnknown } from "../engine/unknowns";
import {
  isSecretWithin,
  type PropertyMap,
  type PropertyValue,
  revealProperties,
  revealSecrets,
  Secret,
} from "./codec";

/** The property that is a secret however it was given. */
export const PASSWORD = "password";

/** The known values without secret marks, and the names of the unknown ones. */
export function splitAndReveal(properties: PropertyMap): {
  readonly args: RawArguments;
  readonly unknown: ReadonlySet<string>;
} {
  const { known, unknown } = splitUnknown(properties);
  return { args: revealProperties(known), unknown };
}

/** The properties that are not known yet, as they came. */
export function pickUnknown(properties: PropertyMap): PropertyMap {
  const { unknown } = splitUnknown(properties);
  return Object.fromEntries(Object.entries(properties).filter(([name]) => unknown.has(name)));
}

/** Marks each value as secret that is secret in one of `marked` under the same name, the first one first. */
export function markSecrets(values: object, ...marked: readonly PropertyMap[]): PropertyMap {
  const entries = Object.entries(values as PropertyMap).map(([name, value]): [string, PropertyValue] => {
    const before = marked.map((each) => each[name] ?? null).filter(isSecretWithin);
    if (before.length === 0) return [name, value];
    return [name, before.find((each) => isDeepStrictEqual(revealSecrets(each), value)) ?? new Secret(value)];
  });
  return Object.fromEntries(entries);
}

/** All texts inside the secrets of some properties, and numbers as texts. */
export function collectSecrets(properties: PropertyMap): string[] {
  return Object.values(properties).flatMap((value) => collect(value, false));
}

function collect(value: PropertyValue, isSecret: boolean): string[] {
  if (value instanceof Secret) return collect(value.value, true);
  if (typeof value === "object" && value !== null) {
    return Object.values<PropertyValue>(value as PropertyMap).flatMap((each) => collect(each, isSecret));
  }
  const isText = typeof value === "string" || typeof value === "number";
  return isSecret && isText ? [String(value)] : [];
}
