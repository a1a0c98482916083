/** The one backup to restore from, or a failure that says what there was and what to do next. */
import type { SkippedBackup } from "../schemaTypes";
import { RedisBackupError } from "../ucloud/errors";
import { type Age, describeAge, measureAge } from "./age";
import type { Filterable, Selectable, Selection } from "./selection";
import { listTexts, maskUnprintable, quoteText } from "./text";

/** The states of backups that may become usable, of URedis and of UMem. */
const RUNNING_STATES: ReadonlySet<string> = new Set(["Backuping", "Starting"]);

/** How many backups, types or states a message names. */
const MOST_NAMED = 5;

/** What to choose by. */
export interface ChoiceOptions {
  /** What was asked, in words that follow "of", such as "group `uredis-abc123` in region `cn-bj2`". */
  readonly source: string;
  /** What to check where there is no backup, in words that follow "check". */
  readonly suspects: string;
  /** The backups before the filters. A failure of the filters names their types, states and times. */
  readonly unfiltered: readonly Filterable[];
  /** How old the backup may be: in seconds, and as the user wrote it. Absent: any age will do. */
  readonly maxAge?: { readonly seconds: number; readonly text: string };
  /** What to do when it is older. @default "error" */
  readonly onStale?: "error" | "warn";
  /** The time to measure ages at. */
  readonly now: Date;
}

/** The backup chosen. */
export interface Choice<T> {
  readonly backup: T;
  /** Whole seconds, never below 0. Absent when it is not known when the backup was made. */
  readonly ageSeconds?: number;
  /** Whether it is older than `maxAge` or its age is not known. Only ever true with `onStale: warn`. */
  readonly stale: boolean;
  /** The newer ones that were passed over. */
  readonly skipped: readonly SkippedBackup[];
  /** What to show the user: that it is `stale`, or why it may not be the newest. */
  readonly warnings: readonly string[];
}

/**
 * The newest usable backup of `selection`. A backup exactly `maxAge` old is not stale, by the second. With `maxAge`,
 * one whose time is unknown, or more than an hour ahead of `now`, is stale: its age cannot be trusted.
 *
 * @throws RedisBackupError `[NoBackups]` when there is none or the filters left none, `[NoUsableBackup]` when none can
 * be restored, `[AmbiguousSource]` when several can and none has a known time, `[StaleBackup]` when the newest that can
 * is stale and `onStale` is not `warn`.
 */
export function chooseLatest<T extends Selectable>(
  selection: Selection<T>,
  options: ChoiceOptions,
): Choice<T> {
  const { backups, latest: backup, skipped } = selection;
  if (backups.length === 0) throw new RedisBackupError("NoBackups", describeNothing(options));
  if (backup === undefined) {
    const usable = backups.filter((each) => each.usable);
    if (usable.length > 0) throw new RedisBackupError("AmbiguousSource", describeUndated(usable, options));
    throw new RedisBackupError("NoUsableBackup", describeUnusable(skipped, options));
  }

  const age = measureAge(backup.createdAt, options.now.getTime());
  const known = age.ageSeconds === undefined ? {} : { ageSeconds: age.ageSeconds };
  const fault = findFault(backup, age, options);
  if (fault === undefined) {
    return { backup, ...known, stale: false, skipped, warnings: findDoubts(selection, options) };
  }

  const facts = `${fault.text}${describeNewer(skipped, options)}`;
  if (options.onStale === "warn") {
    const warning = `[StaleBackup] ${facts} It is used all the same, as onStale is \`warn\`; ${fault.remedy}.`;
    return {
      backup,
      ...known,
      stale: true,
      skipped,
      warnings: [warning, ...describeUndatedOthers(selection, options)],
    };
  }
  const nextStep = `To go on, ${fault.remedy}, or set onStale to \`warn\`.`;
  throw new RedisBackupError("StaleBackup", `${facts} ${nextStep}`);
}

/** Why the newest usable backup may not be the newest: its time is not known or wrong, or that of others is not known. */
export function findDoubts<T extends Selectable>(
  { backups, latest }: Selection<T>,
  { source, now }: Pick<ChoiceOptions, "source" | "now">,
): string[] {
  if (latest === undefined) return [];
  const of = `of ${maskUnprintable(source)}`;
  const subject = `The newest usable backup ${of}, ${quoteText(latest.backupId)},`;
  if (latest.createdAt === undefined) {
    return [`${subject} has no known time. It is the only usable one; others may be newer.`];
  }
  const others = describeUndatedOthers({ backups, latest }, { source });
  if (!measureAge(latest.createdAt, now.getTime()).isInFuture) return others;
  const times = `${latest.createdAt}, while it is ${now.toISOString()} here`;
  return [
    `${subject} is dated in the future (${times}), so it may not be the newest. Check this machine's clock.`,
    ...others,
  ];
}

/** A warning where usable backups were passed over because their time is not known. */
function describeUndatedOthers<T extends Selectable>(
  { backups, latest }: Pick<Selection<T>, "backups" | "latest">,
  { source }: Pick<ChoiceOptions, "source">,
): string[] {
  const undated = backups.filter((each) => each.usable && each.createdAt === undefined && each !== latest);
  if (undated.length === 0) return [];
  const ids = listTexts(
    undated.map(({ backupId }) => backupId),
    MOST_NAMED,
  );
  const of = `of ${maskUnprintable(source)}`;
  return [`Usable backups ${of} without a known time were passed over and may be newer: ${ids}.`];
}

/** Why the backup does not satisfy `maxAge`, as a sentence, and what to do about it. */
function findFault(
  backup: Selectable,
  age: Age,
  { source, maxAge, now }: ChoiceOptions,
): { text: string; remedy: string } | undefined {
  if (maxAge === undefined) return undefined;
  const subject = `The newest usable backup of ${maskUnprintable(source)}, ${quoteText(backup.backupId)},`;
  const limit = `maxAge allows ${quoteText(maxAge.text)}`;
  if (backup.createdAt === undefined || age.ageSeconds === undefined) {
    const text = `${subject} has no known time, so its age is not known; ${limit}.`;
    return { text, remedy: "make a new backup or leave maxAge out" };
  }
  if (age.isInFuture) {
    const times = `${backup.createdAt}, while it is ${now.toISOString()} here`;
    const text = `${subject} is dated in the future (${times}), so its age is not known; ${limit}.`;
    return { text, remedy: "check this machine's clock, make a new backup or leave maxAge out" };
  }
  if (age.ageSeconds <= maxAge.seconds) return undefined;
  const text = `${subject} was made at ${backup.createdAt}, ${describeAge(age, maxAge.seconds)}; ${limit}.`;
  return { text, remedy: "make a new backup or raise maxAge" };
}

function describeNothing({ source, unfiltered, suspects }: ChoiceOptions): string {
  const shown = maskUnprintable(source);
  if (unfiltered.length === 0) return `There is no backup of ${shown}. Make one, or check ${suspects}.`;
  const claim =
    unfiltered.length === 1
      ? `The one backup of ${shown} does not pass the filters.`
      : `None of the ${unfiltered.length} backups of ${shown} passes the filters.`;
  return `${claim}${describeKinds(unfiltered)} Loosen the filters, or make a backup that passes them.`;
}

function describeKinds(backups: readonly Filterable[]): string {
  const types = listTexts(
    backups.flatMap(({ backupType }) => backupType ?? []),
    MOST_NAMED,
  );
  const states = listTexts(
    backups.flatMap(({ state }) => state ?? []),
    MOST_NAMED,
  );
  const times = backups.flatMap(({ createdAt }) => createdAt ?? []).sort();
  const [first, last] = [times[0], times.at(-1)];
  const parts = [types && `the types ${types}`, states && `the states ${states}`].filter(
    (part) => part !== "",
  );
  if (first !== undefined && last !== undefined) {
    parts.push(first === last ? `the time ${first}` : `times from ${first} to ${last}`);
  }
  return parts.length === 0 ? "" : ` There are ${parts.join(", and ")}.`;
}

function describeUndated(usable: readonly Selectable[], { source }: ChoiceOptions): string {
  const ids = listTexts(
    usable.map(({ backupId }) => backupId),
    MOST_NAMED,
  );
  return (
    `None of the ${usable.length} usable backups of ${maskUnprintable(source)} has a known time, so which one is the ` +
    `newest is not known: ${ids}. Leave one of them with a filter such as nameRegex, or make a new backup.`
  );
}

/** Without a usable backup all that the filters left are skipped. */
function describeUnusable(skipped: readonly SkippedBackup[], options: ChoiceOptions): string {
  const source = maskUnprintable(options.source);
  const claim =
    skipped.length === 1
      ? `The one backup of ${source} cannot be restored`
      : `None of the ${skipped.length} backups of ${source} can be restored`;
  const filtered =
    options.unfiltered.length > skipped.length
      ? ` (the filters left ${skipped.length} of ${options.unfiltered.length})`
      : "";
  const steps = [
    ...(skipped.some(({ state }) => RUNNING_STATES.has(state ?? "")) ? ["wait for a running backup"] : []),
    ...(filtered === "" ? [] : ["loosen the filters"]),
    "make a new one",
  ];
  const nextStep = `To go on, ${steps.join(", or ")}.`;
  return `${claim}${filtered}: ${describeSome(skipped, options)}. ${nextStep}`;
}

function describeNewer(skipped: readonly SkippedBackup[], options: ChoiceOptions): string {
  if (skipped.length === 0) return "";
  return ` Newer, but passed over: ${describeSome(skipped, options)}.`;
}

/** The first few, which are the newest, and how many more there are. */
function describeSome(skipped: readonly SkippedBackup[], { now }: ChoiceOptions): string {
  const shown = skipped.slice(0, MOST_NAMED).map((each) => describeOne(each, now));
  const rest = skipped.length - shown.length;
  return shown.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

function describeOne({ backupId, state, createdAt, reason }: SkippedBackup, now: Date): string {
  const id = backupId === "" ? "one without an id" : quoteText(backupId);
  const age = describeAge(measureAge(createdAt, now.getTime()));
  const made = createdAt === undefined ? age : `at ${createdAt}, ${age}`;
  return `${id} (${state === undefined ? "no state" : `state ${quoteText(state)}`}, made ${made}): ${reason}`;
}
