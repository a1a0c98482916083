/** How the fields of an answer are described, and small functions that make these descriptions short. */

import { isLink } from "../ucloud/backupLinks";
import { type JsonObject, readInteger } from "../ucloud/jsonFields";

/** The JSON types of a field. */
export type JsonType = "string" | "number" | "boolean" | "array" | "object" | "null";

/** What is expected of a field. */
export interface FieldRule {
  readonly type: JsonType;
  /** Whether the API page calls it required. @default false */
  readonly isRequired?: boolean;
  /** Whether this package relies on it. @default false */
  readonly isNeeded?: boolean;
  /** How often it may be absent: `never`, in `some` rows or in `all` rows. @default "never" */
  readonly mayLack?: "never" | "some" | "all";
  /** The objects that lack it by nature. They are not counted where others lack it. */
  readonly lackedBy?: (row: JsonObject) => boolean;
  /** The known values. Upper and lower case differ. */
  readonly values?: readonly string[];
  /** Whether the list of `values` is known not to be closed. @default false */
  readonly isOpen?: boolean;
  /** Of an array or object: what its elements, or it, may look like. The first shape that matches counts. */
  readonly shapes?: readonly Shape[];
  /** What the value, or each element of the array, is besides its type. Values of other types are not asked about. */
  readonly form?: { readonly name: string; readonly matches: (value: unknown) => boolean };
  /** The type of an array's elements. @default "object" if there are shapes */
  readonly elements?: JsonType;
  /** Whether this package also reads a lone object where an array is expected. @default false */
  readonly isAloneToo?: boolean;
}

/** The fields of an object, by name. */
export type Fields = Readonly<Record<string, FieldRule>>;

/** What an object may look like. */
export interface Shape {
  /** What such objects are, in the plural and in words for users. @default "rows" */
  readonly noun?: string;
  /** `owner` is what the object is nested in. @default every object */
  readonly matches?: (row: JsonObject, owner: JsonObject) => boolean;
  readonly fields: Fields;
}

/** A text. */
export const text: FieldRule = { type: "string" };
/** A number. */
export const number: FieldRule = { type: "number" };
/** A time. One in milliseconds would be tens of thousands of years ahead. A text that is no number is not judged. */
export const seconds: FieldRule = {
  type: "number",
  form: {
    name: "seconds since 1970",
    matches: (value) => (readInteger({ value }, "value") ?? 0) < 100_000_000_000,
  },
};
const link = { name: "a link", matches: isLink };
/** A text that is a link. */
export const linkText: FieldRule = { type: "string", form: link };
/** An array of links. */
export const links: FieldRule = { type: "array", elements: "string", form: link };
/** A boolean. */
export const flag: FieldRule = { type: "boolean" };

/** A text that is one of these. */
export function oneOf(...values: readonly string[]): FieldRule {
  return { type: "string", values };
}

/** A text that is one of these, or one that is not documented yet. */
export function oneOfOpen(...values: readonly string[]): FieldRule {
  return { type: "string", values, isOpen: true };
}

/** An array of objects. */
export function listOf(...shapes: readonly Shape[]): FieldRule {
  return { type: "array", shapes };
}

/** A field that the API page calls required. */
export function required(rule: FieldRule): FieldRule {
  return { ...rule, isRequired: true };
}

/** A field that this package relies on. */
export function needed(rule: FieldRule): FieldRule {
  return { ...rule, isNeeded: true };
}

/** A field that some rows lack by nature, such as the size of a backup that is not finished. */
export function often(rule: FieldRule): FieldRule {
  return { ...rule, mayLack: "some" };
}

/** A field that all rows may lack, because it is about special ones. */
export function seldom(rule: FieldRule): FieldRule {
  return { ...rule, mayLack: "all" };
}

/** A field that the rows for which `lackedBy` holds lack by nature, and no others. */
export function exceptFor(lackedBy: (row: JsonObject) => boolean, rule: FieldRule): FieldRule {
  return { ...rule, lackedBy };
}
