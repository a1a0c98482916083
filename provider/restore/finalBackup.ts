/** The last backup of a database before it is deleted. */

import { quoteText } from "../backups/text";
import type { Database } from "../ucloud/databases";
import { RedisBackupError, stripCode } from "../ucloud/errors";
import { LONGEST_NAME } from "./rules";
import {
  beginBackup,
  type BackupSite,
  isRunningBackup,
  type ListedBackup,
  listOwnBackups,
  readBackupTime,
  RefusedBackupError,
  TOO_MANY_BACKUPS,
  waitForBackup,
} from "./takenBackups";

/**
 * How old a final backup may be to count for this deletion: one that was taken by a deletion that failed or was
 * interrupted shortly before. What was written since an older one would be lost.
 */
const REUSE_MS = 5 * 60 * 1000;

/** Databases that may be deleted without a final backup, by their ids, separated by commas. */
export const SKIP_VARIABLE = "UCLOUD_REDIS_SKIP_FINAL_BACKUP";

/**
 * Takes the final backup of a database, or waits for the one that an earlier deletion began.
 *
 * @throws RedisBackupError `FinalBackupFailed`, with the way to delete without one; nothing was deleted then
 */
export async function takeFinalBackup(
  site: BackupSite & { readonly deadline: number },
  database: Database,
): Promise<void> {
  const { context, address } = site;
  const name = `final-${database.id}`.slice(0, LONGEST_NAME);
  try {
    const known = await findEarlier(name, site);
    const backupId = known?.backupId ?? (await beginBackup({ ...site, name }));
    const backup = await waitForBackup(backupId, site);
    context.inform(
      `Final backup of ${address.id}: ${quoteText(backup.backupId)}, named ${quoteText(name)}. Note its id: restores from it need it.`,
    );
  } catch (error) {
    if (error instanceof RedisBackupError) throw describeFailure(site, error);
    throw error;
  }
}

async function findEarlier(name: string, site: BackupSite): Promise<ListedBackup | undefined> {
  const backups = (await listOwnBackups(site)).filter(
    (each) => each.backupName === name && each.backupId !== "",
  );
  const isRecent = (backup: ListedBackup): boolean => {
    const madeAt = readBackupTime(backup);
    return madeAt !== undefined && site.context.clock.now() - madeAt <= REUSE_MS;
  };
  return backups.find(isRunningBackup) ?? backups.find((each) => each.usable && isRecent(each));
}

function describeFailure({ address }: BackupSite, error: RedisBackupError): RedisBackupError {
  const isFull = error instanceof RefusedBackupError && error.retCode === TOO_MANY_BACKUPS;
  const advice = isFull
    ? "The database has as many backups by hand as it may have: delete one in the console, then run again."
    : "Run again to try once more.";
  return new RedisBackupError(
    "FinalBackupFailed",
    [
      `${address.id}: its final backup failed, so it was not deleted.`,
      stripCode(error),
      `${advice} To delete it without a final backup, whatever its resource says:`,
      `${SKIP_VARIABLE}=${address.id} pulumi up (or pulumi destroy)`,
    ].join("\n"),
  );
}
