/** Compares answers with what is documented of their fields. */

import {
  isJsonObject,
  type JsonObject,
  readField,
  readFlag,
  readInteger,
  readName,
} from "../ucloud/jsonFields";
import type { ReadAction } from "./expectations";
import type { Finding } from "./findings";
import type { FieldRule, Fields, JsonType, Shape } from "./rules";

/** Objects that should look alike: where they were found, and how many. */
interface Objects {
  readonly action: ReadAction;
  /** Where they are, such as `DataSet[].`; empty for the answers themselves. */
  readonly path: string;
  /** What they are, in the plural. */
  readonly noun: string;
  readonly objects: readonly JsonObject[];
  readonly fields: Fields;
}

/** Compares the answers of an action, all of which have RetCode 0, with its fields. */
export function compareAnswers(
  action: ReadAction,
  bodies: readonly JsonObject[],
  fields: Fields,
): readonly Finding[] {
  return compareObjects({ action, path: "", noun: "answers", objects: bodies, fields });
}

function compareObjects(given: Objects): readonly Finding[] {
  if (given.objects.length === 0) return [];
  return [
    ...Object.entries(given.fields).flatMap(([name, rule]) => compareField(given, name, rule)),
    ...findUnknownFields(given),
  ];
}

function compareField(given: Objects, name: string, rule: FieldRule): readonly Finding[] {
  const { action, path, noun, objects } = given;
  const field = `${path}${name}`;
  const values = objects.map((object) => readField(object, name)).filter((value) => !isAbsent(value, rule));
  const found: Finding[] = [];
  const carriers = objects.filter((object) => rule.lackedBy?.(object) !== true);
  const lacking = carriers.filter((object) => isAbsent(readField(object, name), rule)).length;
  if (lacking > 0 && !mayLack(rule, values.length)) {
    const severity = rule.isNeeded === true || rule.isRequired === true ? "difference" : "note";
    const text = `missing in ${lacking} of ${carriers.length} ${noun}`;
    found.push({ severity, kind: "missingField", action, field, text });
  }
  found.push(...findOtherTypes(values, { action, field, noun, rule }));
  found.push(...findUnknownValues(values, { action, field, noun, rule }));
  found.push(...findOtherForms(values, { action, field, noun, rule }));
  found.push(...findOtherElements(values, { action, field: `${field}[]`, rule }));
  for (const [shape, nested] of sortIntoShapes(objects, name, rule)) {
    const nestedPath = rule.type === "array" ? `${field}[].` : `${field}.`;
    const { noun: nestedNoun = "rows", fields } = shape;
    found.push(...compareObjects({ action, path: nestedPath, noun: nestedNoun, objects: nested, fields }));
  }
  return found;
}

/** An empty text is a value, unless this package needs one. */
function isAbsent(value: unknown, { isNeeded = false }: FieldRule): boolean {
  return value === undefined || value === null || (isNeeded && value === "");
}

function mayLack({ mayLack: lack = "never" }: FieldRule, present: number): boolean {
  return lack === "all" || (lack === "some" && present > 0);
}

interface Place {
  readonly action: ReadAction;
  readonly field: string;
  readonly noun: string;
  readonly rule: FieldRule;
}

function findOtherTypes(values: readonly unknown[], place: Place): readonly Finding[] {
  const { action, field, noun, rule } = place;
  const others = values.filter((value) => nameType(value) !== rule.type);
  return [...groupBy(others, nameType)].map(([type, same]): Finding => {
    const isDifference = rule.isNeeded === true && !same.every((value) => isReadable(value, rule));
    const isNumeral =
      type === "string" && rule.type === "number" && same.every((value) => isReadable(value, rule));
    const what = isNumeral ? "string (a number as text)" : type;
    return {
      severity: isDifference ? "difference" : "note",
      kind: "otherType",
      action,
      field,
      text: `expected ${rule.type}, found ${what} in ${same.length} of ${values.length} ${noun}`,
    };
  });
}

/** The elements of arrays that are of another type than expected. One that is null is of another type, too. */
function findOtherElements(
  values: readonly unknown[],
  { action, field, rule }: Omit<Place, "noun">,
): readonly Finding[] {
  const { type, shapes, elements: expected = shapes === undefined ? undefined : "object" } = rule;
  if (type !== "array" || expected === undefined) return [];
  const all = values.filter((value) => Array.isArray(value)).flat();
  const others = all.filter((element) => nameType(element) !== expected);
  return [...groupBy(others, nameType)].map(([found, { length }]): Finding => ({
    severity: rule.isNeeded === true ? "difference" : "note",
    kind: "otherType",
    action,
    field,
    text: `expected ${expected}, found ${found} in ${length} of ${all.length} elements`,
  }));
}

/** Values of the right type that this package cannot use, such as milliseconds in place of seconds. */
function findOtherForms(
  values: readonly unknown[],
  { action, field, noun, rule }: Place,
): readonly Finding[] {
  const { form, isNeeded = false } = rule;
  if (form === undefined) return [];
  const all = values.flat().filter((value) => value !== null && typeof value !== "object");
  const others = all.filter((value) => !form.matches(value));
  if (others.length === 0) return [];
  const severity = isNeeded ? "difference" : "note";
  const text = `expected ${form.name}, found something else in ${others.length} of ${all.length} ${rule.type === "array" ? "elements" : noun}`;
  return [{ severity, kind: "otherType", action, field, text }];
}

/**
 * Whether what is inside a value is compared, too. An object in place of an array may be a map, whose names are
 * those of databases.
 */
function mayDescend(value: unknown, { type, isAloneToo = false }: FieldRule): boolean {
  return nameType(value) === type || (type === "array" && isAloneToo);
}

/** The JSON type of a value. */
export function nameType(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return typeof value as JsonType;
    default:
      return "object";
  }
}

/** Whether this package can read a value of another type than documented. */
function isReadable(value: unknown, { type, isAloneToo = false }: FieldRule): boolean {
  const row = { value };
  if (type === "string") return readName(row, "value") !== undefined;
  if (type === "number") return readInteger(row, "value") !== undefined;
  if (type === "boolean") return readFlag(row, "value") !== undefined;
  return isAloneToo && isJsonObject(value);
}

function findUnknownValues(values: readonly unknown[], place: Place): readonly Finding[] {
  const { action, field, noun, rule } = place;
  const { values: known, isNeeded = false, isOpen = false } = rule;
  if (known === undefined) return [];
  const others = values.filter(
    (value) => typeof value === "string" && value !== "" && !known.includes(value),
  );
  // This package tells upper from lower case, so that a documented value in another case is not recognised.
  const inLowerCase = new Set(known.map((value) => value.toLowerCase()));
  const isMiswritten = (value: unknown): boolean =>
    typeof value === "string" && inLowerCase.has(value.toLowerCase());
  return [...groupBy(others, describeValue)].map(([value, same]) => ({
    severity: isNeeded && (!isOpen || same.some(isMiswritten)) ? "difference" : "note",
    kind: "unknownValue",
    action,
    field,
    text: `unknown value${value} in ${same.length} of ${values.length} ${noun}`,
  }));
}

/** A value is shown only if it is a plain word, so that no id or name can be. */
function describeValue(value: unknown): string {
  return typeof value === "string" && /^[A-Za-z]{1,20}$/.test(value) ? ` "${value}"` : "";
}

function findUnknownFields({ action, path, noun, objects, fields }: Objects): readonly Finding[] {
  const values = new Map<string, unknown[]>();
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      if (Object.hasOwn(fields, name)) continue;
      addTo(values, describeName(name), value);
    }
  }
  if (values.size > MAX_UNKNOWN_FIELDS) {
    const text = `${values.size} unknown fields in ${objects.length} ${noun}; their names are not shown`;
    return [
      {
        severity: "note",
        kind: "unknownField",
        action,
        ...(path !== "" && { field: path.slice(0, -1) }),
        text,
      },
    ];
  }
  return [...values].map(([name, found]) => {
    const types = [...new Set(found.map(nameType))].sort().join(" or ");
    const text = `unknown field (${types}) in ${found.length} of ${objects.length} ${noun}`;
    return { severity: "note", kind: "unknownField", action, field: `${path}${name}`, text };
  });
}

/** An object with more unknown fields than this may be a map, whose names are those of databases. */
const MAX_UNKNOWN_FIELDS = 40;

/** A name is shown only if it looks like a field's, because an object may have ids for names. */
function describeName(name: string): string {
  return /^[A-Z][A-Za-z]{0,39}\d{0,2}$/.test(name) ? name : "(a name that is no plain word)";
}

function groupBy<Key>(values: readonly unknown[], getKey: (value: unknown) => Key): Map<Key, unknown[]> {
  const groups = new Map<Key, unknown[]>();
  for (const value of values) {
    addTo(groups, getKey(value), value);
  }
  return groups;
}

/** Adds in place: a server that ignores `Limit` sends tens of thousands of rows. */
function addTo<Key>(groups: Map<Key, unknown[]>, key: Key, value: unknown): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [value]);
  else known.push(value);
}

function listObjects(value: unknown): readonly JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isJsonObject);
}

/** Sorts what is nested in `owners` under `name`. */
function sortIntoShapes(
  owners: readonly JsonObject[],
  name: string,
  rule: FieldRule,
): ReadonlyMap<Shape, readonly JsonObject[]> {
  const { shapes = [] } = rule;
  const sorted = new Map<Shape, JsonObject[]>(shapes.map((shape) => [shape, []]));
  for (const owner of owners) {
    const value = readField(owner, name);
    if (!mayDescend(value, rule)) continue;
    for (const object of listObjects(value)) {
      const shape = shapes.find(({ matches }) => matches?.(object, owner) ?? true);
      if (shape !== undefined) sorted.get(shape)?.push(object);
    }
  }
  return sorted;
}
