/** Chooses the one backup to restore from, or fails with what was found and what to do next. */
import type { SkippedBackup } from "../schemaTypes";
import { RedisBackupError } from "../ucloud/errors";
import { type Age, measureAge } from "./age";
import {
  type ChoiceFacts,
  describeFutureTime,
  describeNoBackups,
  describeNoKnownTime,
  describeNoneUsable,
  describeStale,
  describeUndatedOthers,
  describeUnknownTime,
  type MaxAge,
  type OnStale,
} from "./latestMessages";
import type { Selectable, Selection } from "./selection";
import type { Subject } from "./subject";

/** What to choose by. */
export interface ChoiceOptions extends ChoiceFacts {
  /** How old the backup may be. Absent: any age. */
  readonly maxAge?: MaxAge;
  /** What to do if the backup is older. @default "error" */
  readonly onStale?: OnStale;
}

/** The backup chosen. */
export interface Choice<T> {
  readonly backup: T;
  /** Whole seconds, never below 0. Absent if the backup has no known time. */
  readonly ageSeconds?: number;
  /**
   * Whether the backup is older than `maxAge`, or its age is not known. Only ever true with `onStale: warn`, or in a
   * preview of an update that waits for another one.
   */
  readonly stale: boolean;
  /** The newer backups, none of them usable. */
  readonly skipped: readonly SkippedBackup[];
  /** What to show the user: that the backup is `stale`, or why it may not be the newest. */
  readonly warnings: readonly string[];
}

/**
 * The newest usable backup of `selection`. A backup exactly `maxAge` old, by the second, is not stale. With `maxAge`, a
 * backup without a known time, or dated more than an hour ahead of `now`, is stale: its age is not known.
 *
 * @throws RedisBackupError `NoBackups` if there is none or the filters left none, `NoUsableBackup` if none can be
 * restored, `AmbiguousSource` if several can be restored and none has a known time, `StaleBackup` if the newest usable
 * one is stale, `onStale` is not `warn` and no running backup is awaited.
 */
export function chooseLatest<T extends Selectable>(
  selection: Selection<T>,
  options: ChoiceOptions,
): Choice<T> {
  const { backups, latest, skipped } = selection;
  if (backups.length === 0) throw new RedisBackupError("NoBackups", describeNoBackups(options));
  if (latest === undefined) {
    const usable = backups.filter((each) => each.usable);
    throw usable.length === 0
      ? new RedisBackupError("NoUsableBackup", describeNoneUsable(skipped, options))
      : new RedisBackupError("AmbiguousSource", describeNoKnownTime(usable, options));
  }

  const { maxAge, onStale, awaited, now } = options;
  const age = measureAge(latest.createdAt, now.getTime());
  const choice = {
    backup: latest,
    ...(age.ageSeconds === undefined ? {} : { ageSeconds: age.ageSeconds }),
    skipped,
  };
  if (maxAge === undefined || !isStale(age, maxAge)) {
    return { ...choice, stale: false, warnings: findDoubts(selection, options) };
  }
  const text = describeStale({ ...options, backup: latest, age, maxAge, skipped });
  if (onStale !== "warn" && awaited === undefined) throw new RedisBackupError("StaleBackup", text);
  const warnings = [`[StaleBackup] ${text}`, ...findUndatedOthers(selection, options.subject)];
  return { ...choice, stale: true, warnings };
}

function isStale({ ageSeconds, isInFuture }: Age, maxAge: MaxAge): boolean {
  return ageSeconds === undefined || isInFuture || ageSeconds > maxAge.seconds;
}

/** Why the newest usable backup may not be the newest: its time, or that of other usable ones, is unknown or wrong. */
export function findDoubts<T extends Selectable>(
  selection: Selection<T>,
  options: Pick<ChoiceOptions, "subject" | "now">,
): string[] {
  const { latest } = selection;
  if (latest === undefined) return [];
  // Without a known time it was only chosen because it is the only usable one.
  if (latest.createdAt === undefined) return [describeUnknownTime(latest, options.subject)];
  const { isInFuture } = measureAge(latest.createdAt, options.now.getTime());
  return [
    ...(isInFuture ? [describeFutureTime(latest, options)] : []),
    ...findUndatedOthers(selection, options.subject),
  ];
}

/** A warning if other usable backups have no known time. */
function findUndatedOthers<T extends Selectable>(
  { backups, latest }: Selection<T>,
  subject: Subject,
): string[] {
  const undated = backups.filter((each) => each.usable && each.createdAt === undefined && each !== latest);
  return undated.length === 0 ? [] : [describeUndatedOthers(undated, subject)];
}
