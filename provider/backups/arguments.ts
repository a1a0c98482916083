/**
 * Checks arguments against the schema: their names, their types, and which are required. What the schema cannot express
 * (ranges, formats, contradictions) is checked in lookupRequest.ts and reported in the same way.
 */

import { functions, resources, types } from "../schema.json";
import { type InputFailure, InvalidInputError } from "../ucloud/errors";
import { maskUnprintable } from "./text";

/** The tokens of the schema's functions, such as `ucloud-redis:index:getUMemBackups`. */
export type FunctionToken = keyof typeof functions;

type ResourceToken = keyof typeof resources;

/** The tokens of the pins, such as `ucloud-redis:index:UMemBackupPin`. */
export type PinToken = Extract<ResourceToken, `${string}BackupPin`>;

/** The tokens of the resources that write, such as `ucloud-redis:index:RestoredUMemSpace`. */
export type WritingResourceToken = Exclude<ResourceToken, PinToken>;

/** Unchecked arguments, of any type. */
export type RawArguments = Readonly<Record<string, unknown>>;

/** Unchecked arguments, some of which may not be known yet, as in a preview. */
export interface KnownArguments {
  /** The arguments that are known. */
  readonly args: RawArguments;
  /** The names of those that will be given later. @default none */
  readonly unknown?: ReadonlySet<string> | undefined;
}

interface PropertySpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySpec;
  readonly additionalProperties?: PropertySpec;
}

/** The schema's declaration of the arguments of a function or resource, or of the fields of an object type. */
interface ArgumentSpec {
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required?: readonly string[];
}

/** A type of the schema: an enum or an object. */
interface TypeSpec {
  readonly enum?: readonly { readonly value: string }[];
  readonly properties?: Readonly<Record<string, PropertySpec>>;
  readonly required?: readonly string[];
}

const typeSpecs: Readonly<Record<string, TypeSpec>> = types;

/** API keys and tokens are longer than this; malformed times and durations usually are not. */
const LONGEST_SHOWN_VALUE = 32;

/** The names of passwords, misspelt ones as well. */
const PASSWORD = /pas|pw|secret/i;

const TYPE_PREFIX = "#/types/";

/** An empty text is a value of these: no password. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(["password"]);

/**
 * What is wrong with the arguments of a function or resource: names that the schema does not have, and missing, empty or
 * mistyped values. Null counts as absent. An unknown argument is not missing. A field of an object is named with the
 * argument: `source.maxAge`, `locations[1].region`. A `version` must be a text here: see `writeVersionAsText`.
 */
export function findArgumentFailures(
  token: FunctionToken | ResourceToken,
  { args, unknown }: KnownArguments,
): InputFailure[] {
  return findFieldFailures(getArgumentSpec(token), { fields: args, unknown, of: "" });
}

/** The argument that a failure is about: `source` of `source.maxAge`, `locations` of `locations[1].region`. */
export function nameArgument({ property }: Pick<InputFailure, "property">): string {
  return property.replace(/[.[].*$/s, "");
}

/**
 * The arguments with a `version` that is a text. YAML makes the number 6 of `6.0`, which is turned back: 6 into `6.0`,
 * and 6.2 into `6.2`. Whatever else is given stays as it is.
 */
export function writeVersionAsText(args: RawArguments): RawArguments {
  const { version } = args;
  if (typeof version !== "number" || !Number.isFinite(version)) return args;
  return { ...args, version: Number.isInteger(version) ? `${version}.0` : String(version) };
}

/**
 * Throws if there are any `failures`. Long values that reasons quote are replaced by "(not shown)": a function does not
 * know which of its arguments are secret, and a key that was pasted into the wrong argument is long.
 *
 * @throws InvalidInputError `InvalidArgument`
 */
export function refuseIfAny(failures: readonly InputFailure[]): void {
  if (failures.length === 0) return;
  const shown = failures.map(({ property, reason }) => {
    return { property, reason: hideQuotes(reason, ({ length }) => length > LONGEST_SHOWN_VALUE) };
  });
  throw new InvalidInputError("InvalidArgument", shown);
}

/**
 * A failure for Pulumi to show, starting with the code. `secret` is the argument's value if that is or may be a secret.
 * Then no part of the value is quoted, and only the text names the property: Pulumi prints the value of a property that
 * a failure names. Fields of an object are named in the text only, too, as Pulumi would find no value for them, and so is
 * what looks like a password, as YAML programs do not mark one as secret.
 */
export function describeFailure({ property, reason }: InputFailure, secret?: unknown): InputFailure {
  const texts = collectTexts(secret);
  const isPart = (quoted: string): boolean =>
    texts.some((text) => text.includes(quoted.replace(/\u2026$/, "")));
  const shown = hideQuotes(reason, isPart);
  const isField = nameArgument({ property }) !== property;
  const isSecret = secret !== undefined || PASSWORD.test(property);
  return {
    property: isSecret || isField ? "" : property,
    reason: `[InvalidArgument] ${property} ${shown}`,
  };
}

/** Replaces the texts that `quoteText` quoted and that `isHidden` selects. */
function hideQuotes(reason: string, isHidden: (quoted: string) => boolean): string {
  return reason.replace(/`([^`]*)`/g, (quote, quoted: string) => (isHidden(quoted) ? "(not shown)" : quote));
}

/** All texts in a value, masked as `quoteText` does. */
function collectTexts(value: unknown): string[] {
  if (typeof value === "string") return [maskUnprintable(value).replaceAll("`", "'")];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(collectTexts) : [];
}

/** The arguments that have a value. Null counts as absent. */
export function dropNullish(args: object): Record<string, unknown> {
  const entries: [string, unknown][] = Object.entries(args);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

/** The failures that `check` throws, as a list. Other errors are thrown on. */
export function collectFailures(check: () => void): readonly InputFailure[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof InvalidInputError) return error.failures;
    throw error;
  }
}

function getArgumentSpec(token: FunctionToken | ResourceToken): ArgumentSpec {
  if (isFunctionToken(token)) {
    const inputs: { properties: ArgumentSpec["properties"]; required?: readonly string[] } =
      functions[token].inputs;
    return { properties: inputs.properties, required: inputs.required ?? [] };
  }
  const { inputProperties, requiredInputs } = resources[token];
  return { properties: inputProperties, required: requiredInputs };
}

function isFunctionToken(token: FunctionToken | ResourceToken): token is FunctionToken {
  return Object.hasOwn(functions, token);
}

/** The failures of `fields`. `of` is empty, or the name of the argument that has these fields. */
function findFieldFailures(
  { properties, required = [] }: ArgumentSpec,
  { fields, unknown, of }: { fields: RawArguments; unknown?: KnownArguments["unknown"]; of: string },
): InputFailure[] {
  const isGiven = (name: string): boolean => fields[name] !== undefined && fields[name] !== null;
  const getPath = (name: string): string => (of === "" ? name : `${of}.${name}`);
  const known = `the arguments ${of === "" ? "" : `in ${of} `}are ${Object.keys(properties).join(", ")}`;
  const undeclared = Object.keys(fields)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({ property: getPath(name), reason: `is not an argument; ${known}` }));
  const missing = required
    .filter((name) => !isGiven(name) && unknown?.has(name) !== true)
    .map((name) => ({ property: getPath(name), reason: "is required" }));
  const mistyped = Object.entries(properties)
    .filter(([name]) => isGiven(name) && !(MAY_BE_EMPTY.has(name) && fields[name] === ""))
    .flatMap(([name, spec]) => findValueFailures(spec, fields[name], getPath(name)));
  return [...undeclared, ...missing, ...mistyped];
}

function findValueFailures(spec: PropertySpec, value: unknown, property: string): InputFailure[] {
  const { properties, required } = getType(spec);
  if (properties !== undefined && isMap(value)) {
    return findFieldFailures({ properties, ...(required && { required }) }, { fields: value, of: property });
  }
  const { items = {} } = spec;
  if (Array.isArray(value) && getType(items).properties !== undefined) {
    return value.flatMap((item: unknown, index) => findValueFailures(items, item, `${property}[${index}]`));
  }
  const reason = findTypeProblem(spec, value);
  return reason === undefined ? [] : [{ property, reason }];
}

/** The schema's type that a specification refers to; empty if it is none. */
function getType({ $ref }: PropertySpec): TypeSpec {
  return ($ref === undefined ? undefined : typeSpecs[$ref.slice(TYPE_PREFIX.length)]) ?? {};
}

function findTypeProblem(spec: PropertySpec, value: unknown): string | undefined {
  const { enum: choices, properties } = getType(spec);
  if (choices !== undefined) return findEnumProblem(choices, value);
  if (properties !== undefined) return isMap(value) ? undefined : "must be a map";
  switch (spec.type) {
    case "array":
      return findListProblem(spec, value);
    case "object":
      return findMapProblem(spec, value);
    case "integer":
      return Number.isSafeInteger(value) ? undefined : "must be a whole number";
    case "number":
      return Number.isFinite(value) ? undefined : "must be a number";
    case "boolean":
      return typeof value === "boolean" ? undefined : "must be true or false";
  }
  if (typeof value !== "string") return "must be a string";
  return value.trim() === "" ? "must not be empty; leave it out instead" : undefined;
}

function findListProblem({ items = {} }: PropertySpec, value: unknown): string | undefined {
  if (!Array.isArray(value)) return "must be a list";
  const reasons = value.map((item: unknown) => findTypeProblem(items, item));
  const index = reasons.findIndex((reason) => reason !== undefined);
  return index < 0 ? undefined : `holds an item, number ${index + 1}, that ${reasons[index] ?? ""}`;
}

function findMapProblem(spec: PropertySpec, value: unknown): string | undefined {
  if (!isMap(value)) return "must be a map";
  const isText = (each: unknown): boolean => typeof each === "string";
  return spec.additionalProperties?.type !== "string" || Object.values(value).every(isText)
    ? undefined
    : "must hold strings only";
}

function findEnumProblem(choices: NonNullable<TypeSpec["enum"]>, value: unknown): string | undefined {
  const values = choices.map((each) => each.value);
  return values.some((each) => each === value) ? undefined : `must be one of ${values.join(", ")}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
