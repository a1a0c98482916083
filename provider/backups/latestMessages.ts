/** The messages about the choice of a backup: why it failed, or why the backup chosen may not be the newest. */
import type { SkippedBackup } from "../schemaTypes";
import { type Age, describeTime, formatAge } from "./age";
import type { Filterable, Selectable } from "./selection";
import { composeFailure, composeWarning, type Subject } from "./subject";
import { listTexts, quoteText, shortenText } from "./text";

/** The states of backups that may become usable, of URedis and of UMem. */
export const RUNNING_STATES: ReadonlySet<string> = new Set(["Backuping", "Starting"]);

/** How many backups, types or states a message names. */
const MOST_NAMED = 5;

/** What messages say about a choice besides the backups. */
export interface ChoiceFacts {
  readonly subject: Subject;
  /** What to check if there is no backup, in words that follow "check". */
  readonly suspects: string;
  /** The backups before the filters. If the filters leave none, the failure names their types, states and times. */
  readonly unfiltered: readonly Filterable[];
  /** The time that ages are measured at. */
  readonly now: Date;
}

/** A limit on the age of a backup. */
export interface MaxAge {
  readonly seconds: number;
  /** The duration as the user wrote it. */
  readonly text: string;
}

/** What to do if a backup is older than its limit. */
export type OnStale = "error" | "warn";

/** For `NoBackups`: there is no backup at all, or the filters left none. */
export function describeNoBackups({ subject, suspects, unfiltered }: ChoiceFacts): string {
  if (unfiltered.length === 0) {
    return composeFailure({
      subject,
      verdict: "no backup found.",
      details: [],
      nextStep: `Check ${suspects}, or make a backup.`,
    });
  }
  return composeFailure({
    subject,
    verdict:
      unfiltered.length === 1
        ? "the only backup does not pass the filters."
        : `none of the ${unfiltered.length} backups passes the filters.`,
    details: describeKinds(unfiltered),
    nextStep: "Loosen the filters, or make a backup that passes them.",
  });
}

/** For `NoUsableBackup`: every backup was skipped. */
export function describeNoneUsable(
  skipped: readonly SkippedBackup[],
  { subject, unfiltered, now }: ChoiceFacts,
): string {
  const isFiltered = unfiltered.length > skipped.length;
  const [one, many] = isFiltered
    ? ["backup that passes the filters", "backups that pass the filters"]
    : ["backup", "backups"];
  const isRunning = skipped.some(({ state }) => RUNNING_STATES.has(state ?? ""));
  return composeFailure({
    subject,
    verdict:
      skipped.length === 1
        ? `the only ${one} cannot be restored.`
        : `none of the ${skipped.length} ${many} can be restored.`,
    details: [
      ...(isFiltered ? [`The filters left ${skipped.length} of ${unfiltered.length} backups.`] : []),
      "Skipped:",
      ...listSkipped(skipped, now),
    ],
    nextStep: listSteps([
      ...(isRunning ? ["wait for a running backup"] : []),
      ...(isFiltered ? ["loosen the filters"] : []),
      "make a new backup",
    ]),
  });
}

/** For `AmbiguousSource`: several backups are usable and none has a known time. */
export function describeNoKnownTime(usable: readonly Selectable[], subject: Subject): string {
  return composeFailure({
    subject,
    verdict: `none of the ${usable.length} usable backups has a known time, so the newest is not known.`,
    details: [`Usable: ${listIds(usable)}.`],
    nextStep: "Keep one of them with a filter such as nameRegex, or make a new backup.",
  });
}

/** For `StaleBackup`, as a failure or as a warning: the newest usable backup is too old, or its age is not known. */
export function describeStale(options: {
  subject: Subject;
  backup: Selectable;
  age: Age;
  maxAge: MaxAge;
  onStale?: OnStale;
  skipped: readonly SkippedBackup[];
  now: Date;
}): string {
  const { subject, backup, age, maxAge, onStale, skipped, now } = options;
  const { verdict, steps } = judgeAge(age, maxAge);
  return composeFailure({
    subject,
    verdict: `newest usable backup ${verdict}, maxAge ${shortenText(maxAge.text.trim())}.`,
    details: [
      `Newest usable: ${quoteText(backup.backupId)}, made ${describeMoment(backup.createdAt, { age, now })}.`,
      ...(skipped.length === 0 ? [] : ["Newer but skipped:", ...listSkipped(skipped, now)]),
    ],
    nextStep:
      onStale === "warn"
        ? `It is used because onStale is \`warn\`. ${listSteps(steps)}`
        : listSteps([...steps, "set onStale to `warn`"]),
  });
}

/** A warning: the newest usable backup has no known time. */
export function describeUnknownTime({ backupId }: Selectable, subject: Subject): string {
  const claim = `newest usable backup ${quoteText(backupId)} has no known time.`;
  return composeWarning(subject, `${claim} It is the only usable one; others may be newer.`);
}

/** A warning: the newest usable backup is dated in the future. */
export function describeFutureTime(
  { backupId, createdAt = "" }: Selectable,
  { subject, now }: { subject: Subject; now: Date },
): string {
  const claim = `newest usable backup ${quoteText(backupId)} is dated in the future, so it may not be the newest.`;
  const times = `It was made at ${createdAt}, while it is ${now.toISOString()} here.`;
  return composeWarning(subject, `${claim} ${times} Check this machine's clock.`);
}

/** A warning: usable backups were skipped because they have no known time. */
export function describeUndatedOthers(undated: readonly Selectable[], subject: Subject): string {
  const claim = "usable backups without a known time were skipped and may be newer:";
  return composeWarning(subject, `${claim} ${listIds(undated)}.`);
}

/** What is wrong with the age, in words that follow "backup", and what to do about it. */
function judgeAge({ ageSeconds, isInFuture }: Age, maxAge: MaxAge): { verdict: string; steps: string[] } {
  if (ageSeconds === undefined) {
    return {
      verdict: "has no known time, so its age is not known",
      steps: ["make a new backup", "leave maxAge out"],
    };
  }
  if (isInFuture) {
    return {
      verdict: "is dated in the future, so its age is not known",
      steps: ["check this machine's clock", "make a new backup", "leave maxAge out"],
    };
  }
  return {
    verdict: `is ${formatAge(ageSeconds, maxAge.seconds)} old`,
    steps: ["make a new backup", "raise maxAge"],
  };
}

function describeMoment(createdAt: string | undefined, { age, now }: { age: Age; now: Date }): string {
  if (createdAt === undefined || age.ageSeconds === undefined) return "at an unknown time";
  return age.isInFuture ? `at ${createdAt}, while it is ${now.toISOString()} here` : `at ${createdAt}`;
}

/** The types, states and times of backups, as a sentence if any are known. */
function describeKinds(backups: readonly Filterable[]): string[] {
  const types = backups.flatMap(({ backupType }) => backupType ?? []);
  const states = backups.flatMap(({ state }) => state ?? []);
  const times = backups.flatMap(({ createdAt }) => createdAt ?? []).sort();
  const [first, last] = [times[0], times.at(-1)];
  const parts = [
    ...(types.length === 0 ? [] : [`the types ${listTexts(types, MOST_NAMED)}`]),
    ...(states.length === 0 ? [] : [`the states ${listTexts(states, MOST_NAMED)}`]),
    ...(first === undefined || last === undefined
      ? []
      : [first === last ? `the time ${first}` : `times from ${first} to ${last}`]),
  ];
  return parts.length === 0 ? [] : [`There are ${parts.join(", and ")}.`];
}

/** One line for each of the first few backups, and one for how many more there are. */
function listSkipped(skipped: readonly SkippedBackup[], now: Date): string[] {
  const lines = skipped.slice(0, MOST_NAMED).map(({ backupId, state, createdAt, reason }) => {
    const id = backupId === "" ? "one without an id" : quoteText(backupId);
    const shownState = state === undefined ? "no state" : `state ${quoteText(state)}`;
    return `  ${id} (${shownState}, made ${describeTime(createdAt, now)}): ${reason}`;
  });
  const rest = skipped.length - lines.length;
  return rest > 0 ? [...lines, `  and ${rest} more`] : lines;
}

function listIds(backups: readonly Selectable[]): string {
  return listTexts(
    backups.map(({ backupId }) => backupId),
    MOST_NAMED,
  );
}

/** The alternatives as one sentence: `Wait for a running backup, or make a new backup.` */
function listSteps(steps: readonly string[]): string {
  const last = `${steps.length > 1 ? "or " : ""}${steps.at(-1) ?? ""}`;
  const sentence = [...steps.slice(0, -1), last].join(", ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
