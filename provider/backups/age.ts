/** Durations, times and ages, as users write them and as messages show them. No clock is read here. */

import { quoteText } from "./text";

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const LONGEST_DURATION_SECONDS = 100 * 365.25 * DAY;

/** The last second of the year 9999, after which RFC 3339 cannot write a time. */
const LAST_SECOND = 253_402_300_799;

/** How far a backup may be dated ahead of this machine's clock before the clock is doubted. */
const TOLERATED_LEAD_SECONDS = HOUR;

const DURATION =
  /^(?:(\d+(?:\.\d+)?)w)?(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;
const DURATION_UNITS = [WEEK, DAY, HOUR, MINUTE, SECOND];

const RFC_3339 = new RegExp(
  [
    /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T/,
    /(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d+))?/,
    /(?:Z|(?<zoneSign>[+-])(?<zoneHour>\d\d):(?<zoneMinute>\d\d))$/,
  ]
    .map(({ source }) => source)
    .join(""),
  "i",
);

/**
 * The seconds in a duration such as `26h`, `90m`, `7d`, `1.5h` or `1d12h`: numbers with the units `w`, `d`, `h`, `m`
 * and `s`, each at most once and the larger ones first. Space around it is ignored. Exact to the millisecond.
 *
 * `undefined` when malformed (no unit, a sign, an exponent, space inside), when not above 0, and when above 100 years.
 */
export function parseDuration(text: string): number | undefined {
  const seconds = sumDuration(text);
  return seconds !== undefined && seconds > 0 && seconds <= LONGEST_DURATION_SECONDS ? seconds : undefined;
}

/** Why {@link parseDuration} does not take `text`, in words that follow the argument's name. `undefined` if it does. */
export function findDurationProblem(text: string): string | undefined {
  const seconds = sumDuration(text);
  if (seconds === undefined)
    return `must be a duration such as 26h, 90m, 7d or 1d12h, not ${quoteText(text)}`;
  if (seconds <= 0) return "must be longer than 0 seconds";
  return seconds > LONGEST_DURATION_SECONDS ? "must not be longer than 100 years" : undefined;
}

/** The seconds of a well-formed duration, to the millisecond. */
function sumDuration(text: string): number | undefined {
  const numerals = text.trim() === "" ? undefined : DURATION.exec(text.trim())?.slice(1);
  if (numerals === undefined) return undefined;
  const sum = DURATION_UNITS.reduce((seconds, unit, i) => seconds + Number(numerals[i] ?? 0) * unit, 0);
  return Math.round(sum * 1000) / 1000;
}

/**
 * A duration in its two largest units: `45s`, `12m 30s`, `26h 5m`, `3d 4h`. Cut off, not rounded, so that it never
 * claims more than passed. Hours run up to 47, as a nightly backup's age is asked in hours. Below 0 counts as 0.
 *
 * @param limit if given, as many smaller units follow as it takes to see that `seconds` is more: `6d 0h 57m` for `6d`
 */
export function formatAge(seconds: number, limit?: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const largest = UNITS.findIndex(([unit]) => whole >= (unit === DAY ? 2 * DAY : unit));
  const shown = UNITS.slice(largest);
  let count = 2;
  const cut = (): number => whole - (whole % (shown[count - 1]?.[0] ?? SECOND));
  while (count < shown.length && limit !== undefined && cut() <= limit && whole > limit) count++;

  let rest = cut();
  const parts = shown.slice(0, count).map(([unit, name]) => {
    const number = Math.floor(rest / unit);
    rest -= number * unit;
    return { number, text: `${number}${name}` };
  });
  const last = parts.findLastIndex(({ number }) => number > 0);
  return parts
    .slice(0, Math.max(last, 0) + 1)
    .map(({ text }) => text)
    .join(" ");
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [DAY, "d"],
  [HOUR, "h"],
  [MINUTE, "m"],
  [SECOND, "s"],
];

/**
 * The milliseconds since 1970 of an RFC 3339 date-time with its zone (`Z` or `±hh:mm`). What is finer than a
 * millisecond is rounded up: backups are dated in whole seconds, so that both "at or after" and "before" stay exact.
 *
 * `undefined` when a part is missing, when the day or the time does not exist (31 February, 24:00), and for leap
 * seconds, which JavaScript's time does not have.
 */
export function parseTime(text: string): number | undefined {
  const parts = RFC_3339.exec(text)?.groups;
  if (!parts) return undefined;
  const read = (name: string): number => Number(parts[name] ?? 0);
  if (read("zoneHour") > 23 || read("zoneMinute") > 59) return undefined;

  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(read("year"), read("month") - 1, read("day"));
  date.setUTCHours(read("hour"), read("minute"), read("second"));
  // A part out of its range, such as day 31 of February, has moved the date on.
  const written = `${parts.year ?? ""}-${parts.month ?? ""}-${parts.day ?? ""}`;
  const clock = `${parts.hour ?? ""}:${parts.minute ?? ""}:${parts.second ?? ""}`;
  if (date.toISOString() !== `${written}T${clock}.000Z`) return undefined;

  const zoneMinutes = (read("zoneHour") * 60 + read("zoneMinute")) * (parts.zoneSign === "-" ? -1 : 1);
  return date.getTime() - zoneMinutes * 60_000 + readMilliseconds(parts.fraction ?? "");
}

function readMilliseconds(fraction: string): number {
  const isFiner = /[1-9]/.test(fraction.slice(3));
  return Number(fraction.slice(0, 3).padEnd(3, "0")) + (isFiner ? 1 : 0);
}

/**
 * The API's seconds since 1970 as RFC 3339 in UTC. `undefined` when absent, not above 0 (the API's way to say "not
 * yet"), or past the year 9999, which is what milliseconds taken for seconds look like.
 */
export function formatTime(unixSeconds: number | undefined): string | undefined {
  if (unixSeconds === undefined || !(unixSeconds > 0 && unixSeconds <= LAST_SECOND)) return undefined;
  return new Date(unixSeconds * 1000).toISOString();
}

/** How old something is by a clock. */
export interface Age {
  /** Whole seconds, cut off, never below 0. Absent when it is not known when the thing was made. */
  readonly ageSeconds?: number;
  /** Whether it is dated more than an hour ahead of the clock, so that its age means nothing. */
  readonly isInFuture: boolean;
}

/** The age at `nowMs` (milliseconds since 1970) of what was made at `createdAt` (RFC 3339, as the readers write it). */
export function measureAge(createdAt: string | undefined, nowMs: number): Age {
  const createdMs = createdAt === undefined ? undefined : parseTime(createdAt);
  if (createdMs === undefined) return { isInFuture: false };
  const ageSeconds = Math.floor((nowMs - createdMs) / 1000);
  return {
    ageSeconds: Math.max(0, ageSeconds),
    isInFuture: createdMs - nowMs > TOLERATED_LEAD_SECONDS * 1000,
  };
}

/**
 * The age in words that follow "made": `26h 5m ago`, `in the future`, `at an unknown time`.
 *
 * @param limit seconds that the age is compared with, as in {@link formatAge}
 */
export function describeAge({ ageSeconds, isInFuture }: Age, limit?: number): string {
  if (ageSeconds === undefined) return "at an unknown time";
  return isInFuture ? "in the future" : `${formatAge(ageSeconds, limit)} ago`;
}
