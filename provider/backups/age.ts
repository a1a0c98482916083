/** Durations, times and ages: parsing what users write, and formatting for messages. No clock is read here. */

import { quoteText } from "./text";

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const LONGEST_DURATION_SECONDS = 100 * 365.25 * DAY;

/** The last second of the year 9999, the last year that RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799;

/** How far ahead of this machine's clock a backup's time may be and still count as valid. */
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
 * and `s`, each at most once, larger units first. Surrounding space is ignored. Exact to the millisecond.
 *
 * `undefined` if the text is malformed (no unit, a sign, an exponent, space inside), 0, or above 100 years.
 */
export function parseDuration(text: string): number | undefined {
  const seconds = sumDuration(text);
  return seconds !== undefined && seconds > 0 && seconds <= LONGEST_DURATION_SECONDS ? seconds : undefined;
}

/** Why {@link parseDuration} refuses `text`, in words that follow the argument's name. `undefined` if it does not. */
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
 * A duration in its two largest units: `45s`, `12m 30s`, `26h 5m`, `3d 4h`. Truncated, not rounded, so that it never
 * exceeds the real duration. Hours run up to 47, because limits on nightly backups are usually set in hours. Below 0
 * counts as 0.
 *
 * @param limit a duration in seconds. Where `seconds` is above it, smaller units are added until the text shows that:
 * `6d 0h 57m` for a limit of 6 days
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
 * The milliseconds since 1970 of an RFC 3339 date-time with its zone (`Z` or `±hh:mm`). Fractions of a millisecond are
 * rounded up: backups are dated in whole seconds, so both "at or after" and "before" stay exact.
 *
 * `undefined` if a part is missing, if the day or the time does not exist (31 February, 24:00), and for leap seconds,
 * which JavaScript does not support.
 */
export function parseTime(text: string): number | undefined {
  const parts = RFC_3339.exec(text)?.groups;
  if (!parts) return undefined;
  const read = (name: string): number => Number(parts[name] ?? 0);
  if (read("zoneHour") > 23 || read("zoneMinute") > 59) return undefined;

  const date = new Date(0);
  // Date.UTC would read the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(read("year"), read("month") - 1, read("day"));
  date.setUTCHours(read("hour"), read("minute"), read("second"));
  // A part out of its range, such as 31 February, moves the date to another day.
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
 * The API's seconds since 1970 as RFC 3339 in UTC. `undefined` if absent, not above 0 (which the API returns for "not
 * yet"), or past the year 9999 (which is what milliseconds look like when read as seconds).
 */
export function formatTime(unixSeconds: number | undefined): string | undefined {
  if (unixSeconds === undefined || !(unixSeconds > 0 && unixSeconds <= LAST_SECOND)) return undefined;
  return new Date(unixSeconds * 1000).toISOString();
}

/** The age of a backup at a given time. */
export interface Age {
  /** Whole seconds, truncated, never below 0. Absent if the backup has no known time. */
  readonly ageSeconds?: number;
  /** Whether the backup is dated more than an hour ahead of the given time, so that its age is meaningless. */
  readonly isInFuture: boolean;
}

/** The age at `nowMs` (milliseconds since 1970) of a backup made at `createdAt` (RFC 3339, as the row readers write it). */
export function measureAge(createdAt: string | undefined, nowMs: number): Age {
  const createdMs = createdAt === undefined ? undefined : parseTime(createdAt);
  if (createdMs === undefined) return { isInFuture: false };
  const ageSeconds = Math.floor((nowMs - createdMs) / 1000);
  return {
    ageSeconds: Math.max(0, ageSeconds),
    isInFuture: createdMs - nowMs > TOLERATED_LEAD_SECONDS * 1000,
  };
}

/** When a backup was made, in words that follow "made": `at 2026-01-31T00:00:00.000Z, 26h 5m ago`, `at an unknown time`. */
export function describeTime(createdAt: string | undefined, now: Date): string {
  const { ageSeconds, isInFuture } = measureAge(createdAt, now.getTime());
  if (createdAt === undefined || ageSeconds === undefined) return "at an unknown time";
  return `at ${createdAt}, ${isInFuture ? "in the future" : `${formatAge(ageSeconds)} ago`}`;
}
