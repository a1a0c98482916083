/**
 * Readers for single values of the API's JSON, in which numbers may be strings, and fields may be missing,
 * null or empty. A value that cannot be read counts as absent.
 */

/** An object of the API's JSON, whose values have not been read yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of the object's own field `name`; never an inherited one, such as `constructor`. */
export function readField(row: JsonObject, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

/**
 * A string that is not empty, or a whole number as a string. A number that JavaScript does not hold exactly
 * is absent, because an id made from it would be another one.
 */
export function readText(row: JsonObject, name: string): string | undefined {
  const value = readField(row, name);
  if (Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A whole number that JavaScript holds exactly, also from a decimal string. Fractions are cut off. */
export function readInteger(row: JsonObject, name: string): number | undefined {
  const value = readField(row, name);
  const isNumeral = typeof value === "string" && /^\s*-?\d+(\.\d*)?\s*$/.test(value);
  if (typeof value !== "number" && !isNumeral) return undefined;
  // "+ 0" turns -0 into 0.
  const whole = Math.trunc(Number(value)) + 0;
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** How long an id or a name can be, in characters. */
const MAX_NAME_LENGTH = 1024;

/** Whether `value` is a number, or a string that is not too long for an id or a name. */
export function isSingle(value: unknown): value is number | string {
  return typeof value === "number" || (typeof value === "string" && value.length <= MAX_NAME_LENGTH);
}

/** An id or a name: as {@link readText}, but a string that is too long for one is absent. */
export function readName(row: JsonObject, name: string): string | undefined {
  const text = readText(row, name);
  return isSingle(text) ? text : undefined;
}
