/**
 * Readers for single values of the API's JSON, where numbers have been seen as strings and fields may be missing,
 * null or empty. Whatever cannot be read counts as absent; nothing is made up.
 */

/** An object of the API's JSON, its values unknown until read. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The own value called `name`, so that a name such as `constructor` never reaches a prototype. */
export function readField(row: JsonObject, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

/**
 * A string, or a whole number as a string. Empty, null and anything else is absent, and so is a number that JavaScript
 * does not hold exactly: an id made of it would be another one.
 */
export function readText(row: JsonObject, name: string): string | undefined {
  const value = readField(row, name);
  if (Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A whole number that JavaScript holds exactly, or one written as a decimal string. Fractions are cut off. */
export function readInteger(row: JsonObject, name: string): number | undefined {
  const value = readField(row, name);
  const isNumeral = typeof value === "string" && /^\s*-?\d+(\.\d*)?\s*$/.test(value);
  if (typeof value !== "number" && !isNumeral) return undefined;
  // "+ 0" turns -0 into 0.
  const whole = Math.trunc(Number(value)) + 0;
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** No id or name is longer than this, in characters. */
const MAX_NAME_LENGTH = 1024;

/** Whether `value` is a number, or a text no longer than any id or name. */
export function isSingle(value: unknown): value is number | string {
  return typeof value === "number" || (typeof value === "string" && value.length <= MAX_NAME_LENGTH);
}

/** An id, a name or a word: as {@link readText}, but what is longer than any of them is absent. */
export function readName(row: JsonObject, name: string): string | undefined {
  const text = readText(row, name);
  return isSingle(text) ? text : undefined;
}
