/** Taking a backup by hand, and waiting until it can be restored. */

import { formatAge, parseTime } from "../backups/age";
import { dropUndefined } from "../backups/fields";
import { listBackups } from "../backups/lookup";
import { umemService, type URedisArgs, uredisService } from "../backups/services";
import { quoteText } from "../backups/text";
import type { UMemBackup, URedisBackup } from "../schemaTypes";
import type { DatabaseAddress } from "../ucloud/databases";
import { RedisBackupError, stripCode } from "../ucloud/errors";
import type { WriteOutcome } from "../ucloud/writeOutcome";
import { SETTLE_MS } from "./locate";
import { formatSeconds, pause } from "./pauses";
import type { RestoreContext } from "./resource";

/** "Too many backups by hand": no wait helps. */
export const TOO_MANY_BACKUPS = 20208;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** States of a backup that will not become usable. */
const FAILED: ReadonlySet<string> = new Set(["Error", "Expired"]);

/** A backup of either kind. */
export type ListedBackup = URedisBackup | UMemBackup;

/** The database whose backups are listed or taken. */
export interface BackupSite {
  readonly address: DatabaseAddress;
  /** Of a group that spans two zones. */
  readonly slaveZone?: string | undefined;
  readonly context: RestoreContext;
}

/** All backups that are listed for a database, in no order that matters. */
export async function listOwnBackups({
  address,
  slaveZone,
  context,
}: BackupSite): Promise<readonly ListedBackup[]> {
  const { kind, id, zone = "", region, projectId } = address;
  const scope = { region, projectId };
  const { backups } =
    kind === "uredis"
      ? await listBackups(
          {
            service: uredisService,
            query: {
              args: dropUndefined<Pick<URedisArgs, "groupId" | "slaveZone">>({ groupId: id, slaveZone }),
              scope,
            },
          },
          context,
        )
      : await listBackups({ service: umemService, query: { args: { zone, spaceId: id }, scope } }, context);
  return backups;
}

/** Whether a backup was begun and can still become usable. */
export function isRunningBackup({ state, usable }: ListedBackup): boolean {
  return !usable && !FAILED.has(state ?? "");
}

/** When a backup was made, in milliseconds since 1970. */
export function readBackupTime({ createdAt }: ListedBackup): number | undefined {
  return createdAt === undefined ? undefined : parseTime(createdAt);
}

/** A backup to take. */
export interface BackupOrder extends BackupSite {
  readonly name: string;
  /** By the clock's `elapsed`. */
  readonly deadline: number;
  /** Whether backups that have this name already are named in a warning. @default false */
  readonly warnsOfTwins?: boolean;
}

/** A backup was sent for, and what became of it is not known. */
export class LostBackupError extends RedisBackupError {
  constructor(
    text: string,
    /** The ids of older backups with the same name, none of which is the one. */
    readonly older: readonly string[],
  ) {
    super("OutcomeUnknown", text);
  }
}

/** The API refused to take a backup. */
export class RefusedBackupError extends RedisBackupError {
  constructor(
    cause: RedisBackupError,
    readonly retCode: number | undefined,
  ) {
    super(cause.code, stripCode(cause), cause);
  }
}

/**
 * Begins a backup.
 *
 * @returns its id
 * @throws RefusedBackupError if none was begun
 * @throws LostBackupError if one may have been begun, but is not listed
 */
export async function beginBackup(order: BackupOrder): Promise<string> {
  const { address, slaveZone, name, context, deadline } = order;
  // The name may be the user's, and older backups may have it.
  const listed = (await listOwnBackups(order)).filter(({ backupName }) => backupName === name);
  if (order.warnsOfTwins === true) warnOfTwins(listed, order);
  const older = listed.map(({ backupId }) => backupId);
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const outcome: WriteOutcome & { readonly backupId?: string } = await context
      .openDatabases()
      .writer.backUp(address, { name, slaveZone });
    if (outcome.kind === "accepted" && outcome.backupId !== undefined) return outcome.backupId;
    if (outcome.kind !== "refused") {
      const found = await settleBackup(order, older);
      if (found !== undefined) return found;
      const why = outcome.kind === "unknown" ? ` ${stripCode(outcome.error)}` : "";
      const text = `${address.id}: a backup named ${quoteText(name)} was requested, and none is listed.${why}`;
      throw new LostBackupError(text, older);
    }
    if (!outcome.isTryLater || context.signal.aborted || context.clock.elapsed() >= deadline) {
      throw new RefusedBackupError(outcome.error, outcome.retCode);
    }
    context.reportProgress("waiting to take a backup");
    await pause(pauseMs, context);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

/** An interrupted run may have taken one that no state knows. It counts among the few that a database may have. */
function warnOfTwins(twins: readonly ListedBackup[], { name, address, context }: BackupOrder): void {
  const { attempts, urn } = context;
  const ids = twins.map(({ backupId }) => backupId).filter((id) => !attempts.isHeldInState(urn, id));
  if (ids.length === 0) return;
  context.warn(
    `${address.id} has a backup named ${quoteText(name)} already: ${ids.join(", ")}. It is left alone. ` +
      "If an interrupted run took it, it can be imported instead of taking another one.",
  );
}

/** Looks for a new backup with this name. */
async function settleBackup(order: BackupOrder, older: readonly string[]): Promise<string | undefined> {
  const { name, context } = order;
  const until = context.clock.elapsed() + SETTLE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(1.5 * pauseMs, LONGEST_PAUSE_MS)) {
    const found = await lookForBackup(order, ({ backupId, backupName }) => {
      return backupId !== "" && backupName === name && !older.includes(backupId);
    });
    if (found !== undefined) return found.backupId;
    if (context.signal.aborted || context.clock.elapsed() >= until) return undefined;
    context.reportProgress("the answer was lost: looking for the backup");
    await pause(pauseMs, context);
  }
}

async function lookForBackup(
  site: BackupSite,
  isWanted: (backup: ListedBackup) => boolean,
): Promise<ListedBackup | undefined> {
  try {
    return (await listOwnBackups(site)).find(isWanted);
  } catch (error) {
    if (error instanceof RedisBackupError) return undefined;
    throw error;
  }
}

/**
 * Waits until a backup can be restored.
 *
 * @throws RedisBackupError if it fails, or is not done by the deadline or when the user cancels
 */
export async function waitForBackup(
  backupId: string,
  { deadline, ...site }: BackupSite & { readonly deadline: number },
): Promise<ListedBackup> {
  const { context, address } = site;
  const startedAt = context.clock.elapsed();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(1.5 * pauseMs, LONGEST_PAUSE_MS)) {
    const found = await lookForBackup(site, (each) => each.backupId === backupId);
    if (found?.usable === true) return found;
    const state = found === undefined ? "not listed yet" : quoteText(found.state ?? "");
    const subject = `Backup ${quoteText(backupId)} of ${address.id}`;
    if (found !== undefined && !isRunningBackup(found)) {
      throw new RedisBackupError("ApiError", `${subject} failed: its state is ${state}.`);
    }
    const waited = context.clock.elapsed() - startedAt;
    if (context.signal.aborted) {
      throw new RedisBackupError("Cancelled", `${subject} was ${state} when the deployment was cancelled.`);
    }
    if (context.clock.elapsed() >= deadline) {
      throw new RedisBackupError(
        "Timeout",
        `${subject} was still ${state} after ${formatAge(waited / 1000)}.`,
      );
    }
    context.reportProgress(`backup: ${found?.state ?? "not listed yet"}, ${formatSeconds(waited)}`);
    await pause(Math.min(pauseMs, Math.max(0, deadline - context.clock.elapsed())), context);
  }
}
