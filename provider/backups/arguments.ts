/**
 * Checks arguments against the schema: their names, their types, and which are required. What the schema cannot express
 * (ranges, formats, contradictions) is checked in lookupRequest.ts and reported in the same way.
 */

import { functions, resources, types } from "../schema.json";
import { type InputFailure, InvalidInputError } from "../ucloud/errors";
import { maskUnprintable } from "./text";

/** The tokens of the schema's functions, such as `ucloud-redis:index:getUMemBackups`. */
export type FunctionToken = keyof typeof functions;

/** The tokens of the schema's resources, such as `ucloud-redis:index:UMemBackupPin`. */
export type ResourceToken = keyof typeof resources;

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

/** The schema's declaration of the arguments of a function or resource. */
interface ArgumentSpec {
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required: readonly string[];
}

/** API keys and tokens are longer than this; malformed times and durations usually are not. */
const LONGEST_SHOWN_VALUE = 32;

const TYPE_PREFIX = "#/types/";

/**
 * What is wrong with the arguments of a function or resource: names that the schema does not have, and missing, empty or
 * mistyped values. Null counts as absent. An unknown argument is not missing.
 */
export function findArgumentFailures(
  token: FunctionToken | ResourceToken,
  { args, unknown = new Set() }: KnownArguments,
): InputFailure[] {
  const { properties, required } = getArgumentSpec(token);
  const isGiven = (name: string): boolean => args[name] !== undefined && args[name] !== null;
  const undeclared = Object.keys(args)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({
      property: name,
      reason: `is not an argument; the arguments are ${Object.keys(properties).join(", ")}`,
    }));
  const missing = required
    .filter((name) => !isGiven(name) && !unknown.has(name))
    .map((name) => ({ property: name, reason: "is required" }));
  const mistyped = Object.entries(properties)
    .filter(([name]) => isGiven(name))
    .flatMap(([name, spec]) => {
      const reason = findTypeProblem(spec, args[name]);
      return reason === undefined ? [] : [{ property: name, reason }];
    });
  return [...undeclared, ...missing, ...mistyped];
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
 * A failure for Pulumi to show, starting with the code. `secret` is the property's value if that is or may be a secret.
 * Then no part of the value is quoted, and only the text names the property: Pulumi prints the value of a property that
 * a failure names.
 */
export function describeFailure({ property, reason }: InputFailure, secret?: unknown): InputFailure {
  const texts = collectTexts(secret);
  const isPart = (quoted: string): boolean => texts.some((text) => text.includes(quoted.replace(/…$/, "")));
  const shown = hideQuotes(reason, isPart);
  return {
    property: secret === undefined ? property : "",
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

function findTypeProblem(spec: PropertySpec, value: unknown): string | undefined {
  if (spec.$ref !== undefined) return findEnumProblem(spec.$ref, value);
  if (spec.type === "array") {
    if (!Array.isArray(value)) return "must be a list";
    const itemSpec = spec.items ?? {};
    const reasons = value.map((item: unknown) => findTypeProblem(itemSpec, item));
    const index = reasons.findIndex((reason) => reason !== undefined);
    return index < 0 ? undefined : `holds an item, number ${index + 1}, that ${reasons[index] ?? ""}`;
  }
  if (spec.type === "object") return findMapProblem(spec, value);
  if (spec.type === "integer") return Number.isSafeInteger(value) ? undefined : "must be a whole number";
  if (typeof value !== "string") return "must be a string";
  return value.trim() === "" ? "must not be empty; leave it out instead" : undefined;
}

function findMapProblem(spec: PropertySpec, value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "must be a map";
  const isText = (each: unknown): boolean => typeof each === "string";
  const values = Object.values(value as Record<string, unknown>);
  return spec.additionalProperties?.type !== "string" || values.every(isText)
    ? undefined
    : "must hold strings only";
}

function findEnumProblem(ref: string, value: unknown): string | undefined {
  const name = ref.slice(TYPE_PREFIX.length) as
    "ucloud-redis:index:RegionType" | "ucloud-redis:index:OnStale";
  const values = types[name].enum.map((each) => each.value);
  return values.some((each) => each === value) ? undefined : `must be one of ${values.join(", ")}`;
}
