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

/** The last text of each field that {@link readSharedName} read. */
const lastTexts = new Map<string, string>();

/**
 * As {@link readName}, for fields in which most rows of a list have the same text, such as a zone. Equal texts are one,
 * since each row that was parsed has its own copy, which would be kept 100,000 times.
 */
export function readSharedName(row: JsonObject, name: string): string | undefined {
  const text = readName(row, name);
  if (text === undefined) return undefined;
  const last = lastTexts.get(name);
  if (last === text) return last;
  lastTexts.set(name, text);
  return text;
}

/** A boolean, also as the API's actions write it: `enable`, `Yes`, `"true"` or 1, and their opposites. */
export function readFlag(row: JsonObject, name: string): boolean | undefined {
  const value = readField(row, name);
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  if (/^\s*(?:true|enabled?|yes|1)\s*$/i.test(text)) return true;
  return /^\s*(?:false|disabled?|no|0)\s*$/i.test(text) ? false : undefined;
}

/** A time in seconds since 1970. The API writes 0 for a time that is not set. */
export function readTime(row: JsonObject, name: string): number | undefined {
  const value = readInteger(row, name);
  return value !== undefined && value > 0 ? value : undefined;
}

/** A whole number from 0 on. */
export function readCount(row: JsonObject, name: string): number | undefined {
  const value = readInteger(row, name);
  return value !== undefined && value >= 0 ? value : undefined;
}

/** A whole number from 1 on. */
export function readPositive(row: JsonObject, name: string): number | undefined {
  const value = readInteger(row, name);
  return value !== undefined && value > 0 ? value : undefined;
}

/** A version, such as `6.0`. As a number it has lost its zero: 6 may be 6.0. */
export function readVersion(row: JsonObject, name: string): string | undefined {
  const value = readField(row, name);
  return typeof value === "number" && Number.isFinite(value) ? String(value) : readName(row, name);
}
