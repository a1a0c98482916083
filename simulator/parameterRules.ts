import { bad, missing } from "./refusals";
import type { RequestParameters } from "./signature";

/** How the text of one parameter is checked and read. */
export interface Rule<Value, Required extends boolean = boolean> {
  readonly isRequired: Required;
  /** Whether an empty text is a value. Otherwise it counts as absent. */
  readonly takesEmpty: boolean;
  /** Returns undefined for a value that the API refuses. */
  readonly read: (text: string, region: string) => Value | undefined;
}

/** The parameters of an action, by name. */
export type Rules = Readonly<Record<string, Rule<unknown>>>;

/** The values of an action's parameters: those that are not required may be undefined. */
export type Arguments<Each extends Rules> = {
  readonly [Name in keyof Each]: Each[Name] extends Rule<infer Value, infer Required>
    ? Required extends true
      ? Value
      : Value | undefined
    : never;
};

type Reader<Value> = Rule<Value, true>["read"];

/** Parameters of every request. They are checked before those of an action. */
const COMMON: readonly string[] = [
  "Action",
  "PublicKey",
  "Signature",
  "SecurityToken",
  "Region",
  "ProjectId",
];

/**
 * Reads the parameters of an action. A parameter that the action does not have is refused, so that a
 * misspelt one is noticed.
 *
 * @throws Refusal
 */
export function readArguments<Each extends Rules>(
  parameters: RequestParameters,
  { rules, region }: { readonly rules: Each; readonly region: string },
): Arguments<Each> {
  for (const name of Object.keys(parameters)) {
    if (!COMMON.includes(name) && !Object.hasOwn(rules, name)) throw bad(name);
  }
  const values: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const text = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (text === undefined || (text === "" && !rule.takesEmpty)) {
      if (rule.isRequired) throw missing(name);
      continue;
    }
    const value = rule.read(text, region);
    if (value === undefined) throw bad(name);
    values[name] = value;
  }
  // The type follows from the rules, which the loop above has applied.
  return values as Arguments<Each>;
}

/** A parameter that must be sent. */
export function required<Value>(read: Reader<Value>): Rule<Value, true> {
  return { isRequired: true, takesEmpty: false, read };
}

/** A parameter that may be absent. */
export function optional<Value>(read: Reader<Value>): Rule<Value, false> {
  return { isRequired: false, takesEmpty: false, read };
}

/** A parameter that must be sent, and may be empty. */
export function requiredOrEmpty<Value>(read: Reader<Value>): Rule<Value, true> {
  return { isRequired: true, takesEmpty: true, read };
}

/** Any text. */
export const text: Reader<string> = (value) => value;

/** A whole number. */
export function whole(least: number, most = 1_000_000_000): Reader<number> {
  return (value) => {
    const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
    return number >= least && number <= most ? number : undefined;
  };
}

/** One of these texts. */
export function oneOf<Choice extends string>(...choices: readonly Choice[]): Reader<Choice> {
  return (value) => choices.find((choice) => choice === value);
}

/** `true` or `false`. */
export const flag: Reader<boolean> = (value) =>
  value === "true" ? true : value === "false" ? false : undefined;

/** A zone of the request's region. */
export const zone: Reader<string> = (value, region) => (value.startsWith(`${region}-`) ? value : undefined);

/** The name of a database or backup. */
export const name: Reader<string> = (value) => (/^[A-Za-z0-9_-]{6,63}$/.test(value) ? value : undefined);

/** A password, in Base64. The value is the password itself; it is empty for an empty text. */
export const password: Reader<string> = (value) => {
  if (value === "") return "";
  const decoded = Buffer.from(value, "base64");
  // Buffer skips what is not Base64.
  if (decoded.toString("base64") !== value) return undefined;
  const plain = decoded.toString("utf8");
  return /^[A-Za-z0-9_-]{6,36}$/.test(plain) ? plain : undefined;
};

/** How a database is paid for. */
export const chargeType = oneOf("Year", "Month", "Dynamic", "Trial");

/** `enable` or `disable`. */
export const toggle = oneOf("enable", "disable");

/** Offset and Limit of a listing. */
export const pages = { Offset: optional(whole(0)), Limit: optional(whole(1)) };
