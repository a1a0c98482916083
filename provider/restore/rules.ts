/** Rules for single arguments that the API's pages state. The schema cannot express them. */

import type { InputFailure } from "../ucloud/errors";
import type { RestoreValues } from "./restoreArguments";

/** The longest name that the API accepts. */
export const LONGEST_NAME = 63;
const NAME = /^[A-Za-z0-9_-]{6,63}$/;
const PASSWORD = /^[A-Za-z0-9_-]{6,36}$/;

/** What is wrong with a name, in words that follow the argument's name. */
export function findNameProblem(name: string): string | undefined {
  return NAME.test(name)
    ? undefined
    : `must have 6 to ${LONGEST_NAME} characters, only letters, digits, - and _`;
}

/** A name that obeys the rule, made of any text. `suffix` tells it from names made of similar texts. */
export function makeName(text: string, suffix: string): string {
  const cleaned = text.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, LONGEST_NAME - 1 - suffix.length);
  return `${cleaned === "" ? "redis" : cleaned}-${suffix}`;
}

/** What is wrong with the form of arguments. The password is never quoted. */
export function findRuleFailures(values: RestoreValues): InputFailure[] {
  const { name, password, size, backupHour, port, proxyPort, blockCount, quantity, proxySize } = values;
  const nameProblem = name === undefined ? undefined : findNameProblem(name);
  const isBadPassword = password !== undefined && password !== "" && !PASSWORD.test(password);
  return [
    ...(nameProblem === undefined ? [] : [{ property: "name", reason: nameProblem }]),
    ...(isBadPassword ? [{ property: "password", reason: PASSWORD_PROBLEM }] : []),
    ...findRangeFailures([
      ["size", size, 1, Infinity],
      ["backupHour", backupHour, 0, 23],
      ["port", port, 1, 65_535],
      ["proxyPort", proxyPort, 1, 65_535],
      ["blockCount", blockCount, 1, Infinity],
      ["quantity", quantity, 0, Infinity],
      ["proxySize", proxySize, 0, Infinity],
    ]),
  ];
}

const PASSWORD_PROBLEM =
  "must have 6 to 36 characters, only letters, digits, - and _; an empty one means none";

type Range = readonly [property: string, value: number | undefined, least: number, most: number];

function findRangeFailures(ranges: readonly Range[]): InputFailure[] {
  return ranges.flatMap(([property, value, least, most]) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
    const bounds = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    return [{ property, reason: `must be a whole number ${bounds}` }];
  });
}
