/** The one backup to restore from, or a failure that says what there was and what to do next. */
import type { SkippedBackup } from "../../sdk/nodejs/types/output";
import { RedisBackupError } from "../ucloud/errors";
import { type Age, describeAge, measureAge } from "./age";
import type { Filterable, Selectable, Selection } from "./selection";
import { listTexts, maskUnprintable, quoteText } from "./text";

/** How many backups, types or states a message names. */
const MOST_NAMED = 5;

/** What to choose by. */
export interface ChoiceOptions {
  /** What was asked, in words that follow "of", such as "group `uredis-abc123` in region `cn-bj2`". */
  readonly source: string;
  /** How many backups there were before the filters. */
  readonly total: number;
  /** The backups before the filters; with them, a failure of the filters names the types and states there are. */
  readonly unfiltered?: Iterable<Filterable>;
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
  /** What to show the user when `stale`. */
  readonly warning?: string;
}

/**
 * The newest usable backup of `selection`. A backup exactly `maxAge` old is not stale, by the second. With `maxAge`,
 * one whose time is unknown, or more than an hour ahead of `now`, is stale: its age cannot be trusted.
 *
 * @throws RedisBackupError `[NoBackups]` when there is none or the filters left none, `[NoUsableBackup]` when none can
 * be restored, `[StaleBackup]` when the newest that can is stale and `onStale` is not `warn`.
 */
export function chooseLatest<T extends Selectable>(
  selection: Selection<T>,
  options: ChoiceOptions,
): Choice<T> {
  const { latest: backup, skipped } = selection;
  if (selection.backups.length === 0) throw new RedisBackupError("NoBackups", describeNothing(options));
  if (backup === undefined) throw new RedisBackupError("NoUsableBackup", describeUnusable(skipped, options));

  const age = measureAge(backup.createdAt, options.now.getTime());
  const known = age.ageSeconds === undefined ? {} : { ageSeconds: age.ageSeconds };
  const fault = findFault(backup, age, options);
  if (fault === undefined) return { backup, ...known, stale: false, skipped };

  const facts = `${fault.text}${describeNewer(skipped, options)}`;
  if (options.onStale === "warn") {
    const warning = `${facts} It is used all the same, as onStale is \`warn\`; ${fault.remedy}.`;
    return { backup, ...known, stale: true, skipped, warning };
  }
  const nextStep = `To go on, ${fault.remedy}, or set onStale to \`warn\`.`;
  throw new RedisBackupError("StaleBackup", `${facts} ${nextStep}`);
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
  const text = `${subject} was made at ${backup.createdAt}, ${describeAge(age)}; ${limit}.`;
  return { text, remedy: "make a new backup or raise maxAge" };
}

function describeNothing({ source, total, unfiltered }: ChoiceOptions): string {
  const shown = maskUnprintable(source);
  if (total === 0) {
    return `There is no backup of ${shown}. Make one, or check the region, the project and the ids asked for.`;
  }
  const claim =
    total === 1
      ? `The one backup of ${shown} does not pass the filters.`
      : `None of the ${total} backups of ${shown} passes the filters.`;
  const kinds = unfiltered === undefined ? "" : describeKinds([...unfiltered]);
  return `${claim}${kinds} Loosen the filters, or make a backup that passes them.`;
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
  const parts = [types && `types ${types}`, states && `states ${states}`].filter((part) => part !== "");
  return parts.length === 0 ? "" : ` There are the ${parts.join(" and the ")}.`;
}

/** Without a usable backup all that the filters left are skipped. */
function describeUnusable(skipped: readonly SkippedBackup[], options: ChoiceOptions): string {
  const source = maskUnprintable(options.source);
  const claim =
    skipped.length === 1
      ? `The one backup of ${source} cannot be restored`
      : `None of the ${skipped.length} backups of ${source} can be restored`;
  const filtered =
    options.total > skipped.length ? ` (the filters left ${skipped.length} of ${options.total})` : "";
  const nextStep = `Wait for a running backup to finish${filtered === "" ? "" : ", loosen the filters"}, or make a new one.`;
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
