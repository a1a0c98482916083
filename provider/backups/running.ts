/** Backups that are still running: which ones are waited for. */

import { measureAge } from "./age";
import { compareTexts } from "./order";
import { type BackupList, type Filterable, type Selectable, selectBackups } from "./selection";

/** The states of backups that may become usable, of URedis and of UMem. */
const RUNNING_STATES: ReadonlySet<string> = new Set(["Backuping", "Starting"]);

/** The API has no failed state for a UMem backup. One that runs for longer than a day never ends. */
const LONGEST_RUN_SECONDS = 24 * 3600;

/** Whether a backup that is not usable may still become so. */
export function isRunningState(state: string | undefined): boolean {
  return state !== undefined && RUNNING_STATES.has(state);
}

/**
 * The running backups that are worth waiting for, the newest first: newer than the newest usable one that the filters
 * keep, dated, not more than a day old nor more than an hour ahead, and such that the filters will keep them once they
 * are done.
 */
export function findRunning<Backup extends Selectable>(
  list: BackupList<Backup>,
  options: {
    readonly keep: (backup: Filterable) => boolean;
    /** The state of a backup that is done. */
    readonly finishedState: string;
    readonly now: Date;
  },
): Backup[] {
  const { keep, finishedState, now } = options;
  const since = selectBackups(list, keep).latest?.createdAt ?? "";
  const isAwaited = (backup: Backup): boolean => {
    const { usable, state, createdAt = "" } = backup;
    // The row readers write times in a form of fixed width, so that their text order is their order in time.
    if (usable || !isRunningState(state) || createdAt <= since) return false;
    const { ageSeconds, isInFuture } = measureAge(createdAt, now.getTime());
    if (ageSeconds === undefined || ageSeconds > LONGEST_RUN_SECONDS || isInFuture) return false;
    return keep({ ...backup, state: finishedState });
  };
  const running = list.backups.filter(isAwaited);
  return running.sort(
    (a, b) => compareTexts(b.createdAt ?? "", a.createdAt ?? "") || compareTexts(a.backupId, b.backupId),
  );
}
