/** Deletes a restored database, after its final backup, and returns when it is no longer listed. */

import { quoteText } from "../backups/text";
import type { Database, DatabaseAddress } from "../ucloud/databases";
import { isBeforeRunning } from "../ucloud/databaseStates";
import { RedisBackupError, stripCode } from "../ucloud/errors";
import { type KeptDatabase, readKept } from "./addresses";
import { SKIP_VARIABLE, takeFinalBackup } from "./finalBackup";
import { locateNow } from "./finish";
import type { RestoreKind } from "./kinds";
import { getReader, listAll, pickNamed } from "./locate";
import { didRun, isImported, readAccount, readBoolean, wasListed } from "./outputs";
import { formatSeconds, pause, refuseIfCancelled } from "../ucloud/pauses";
import { locateKept } from "./presence";
import type { ResourceOutputs, ResourceRecord, RestoreContext } from "./resource";
import { isLost } from "./states";
import { getDeadline, isPassing } from "./wait";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

/** @throws RedisBackupError if it was not deleted; state keeps it then */
export async function deleteDatabase(
  kind: RestoreKind,
  record: ResourceRecord,
  context: RestoreContext,
): Promise<void> {
  const kept = readKept(kind, record);
  const { outputs } = record;
  refuseIfBarred(kept, context);
  const deadline = getDeadline({ context });
  const database = await findExisting({ kind, kept, outputs, context });
  if (database === undefined) return;

  const address = locateNow({ ...kept.scope, kind: kind.kind, id: database.id, zone: kept.zone }, database);
  // Somebody may have deleted it in the console, or an earlier run was interrupted.
  if (database.state !== DELETING) {
    if (isFinalBackupWanted({ kind, outputs, database, context })) {
      await takeFinalBackup({ address, slaveZone: readSlaveZone(database), context, deadline }, database);
    }
    refuseIfCancelled(context);
    await sendDeletion(address, { context, deadline });
  }
  await waitUntilUnlisted(address, { context, deadline });
}

/**
 * The engine deletes what a replacement replaced even if the replacement failed, under `--continue-on-error`.
 * That would delete the data that is being restored.
 */
function refuseIfBarred({ id = "" }: KeptDatabase, { urn, attempts }: RestoreContext): void {
  if (attempts.wasCreated(id)) {
    throw new RedisBackupError(
      "AlreadyExists",
      `${id} was created in this very run, so it is not deleted as the one that was replaced.`,
    );
  }
  if (attempts.hasFailed(urn)) {
    throw new RedisBackupError(
      "CreateFailed",
      `${id === "" ? "The database" : id} is kept: the one that should replace it failed in this run. The next \`pulumi up\` goes on with the replacement, and deletes this one after it.`,
    );
  }
}

/**
 * The database to delete. Undefined if there is none.
 *
 * @throws RedisBackupError `NotFound` if it is not listed, and the account is another one than it was last seen in
 */
async function findExisting(options: {
  readonly kind: RestoreKind;
  readonly kept: KeptDatabase;
  readonly outputs: ResourceOutputs;
  readonly context: RestoreContext;
}): Promise<Database | undefined> {
  const { kind, kept, outputs, context } = options;
  const { scope, id, attemptName } = kept;
  if (id === undefined) {
    const listing = await listAll(scope, getReader(context));
    const found = pickNamed(listing, { name: attemptName ?? "", scope });
    if (found === undefined) {
      // Whatever its age: nothing else names it from now on.
      context.warn(
        `Nothing named ${quoteText(attemptName ?? "")} is listed in ${scope.region}, so nothing was deleted. ` +
          "What became of its creation was never known: if it appears, delete it in the console.",
      );
    }
    return found;
  }
  const presence = await locateKept({ kind, kept, outputs, context });
  if (presence.kind === "present") return presence.database;
  if (presence.kind === "gone" && wasListed(outputs)) return undefined;
  const why = presence.kind === "gone" ? "was never listed" : presence.why;
  if (presence.kind === "gone" || readAccount(outputs) === context.account) {
    context.warn(
      `${id} ${why}. Two complete lists of ${scope.region} lack it, so it is taken for deleted. If it ever appears again, delete it in the console.`,
    );
    return undefined;
  }
  throw new RedisBackupError(
    "NotFound",
    `${id} ${why}, so nothing was deleted. Check the keys. If it is gone for certain, remove it from state: pulumi state delete.`,
  );
}

function isFinalBackupWanted(options: {
  readonly kind: RestoreKind;
  readonly outputs: ResourceOutputs;
  readonly database: Database;
  readonly context: RestoreContext;
}): boolean {
  const { kind, outputs, database, context } = options;
  const { id, state } = database;
  const isWanted = readBoolean(outputs, "finalBackup") ?? kind.finalBackupByDefault;
  if (!isWanted || !mayHoldData(outputs, state)) return false;
  if (!context.skipFinalBackup.has(id)) return true;
  context.warn(`${id} is deleted without a final backup, as ${SKIP_VARIABLE} says.`);
  return false;
}

/** What never ran holds nothing. It may have run since, although no run of the program saw it. */
function mayHoldData(outputs: ResourceOutputs, state: string | undefined): boolean {
  if (didRun(outputs)) return true;
  if (isBeforeRunning(state)) return false;
  // A creation may end in these states, too. What was imported may have come to them later.
  return isImported(outputs) || !isLost(state);
}

function readSlaveZone(database: Database): string | undefined {
  return database.slaveZone === database.zone ? undefined : database.slaveZone;
}

/** What a loop of this file needs. */
interface Patience {
  readonly context: RestoreContext;
  /** By the clock's `elapsed`. */
  readonly deadline: number;
}

/** The state of a database whose deletion was accepted. */
const DELETING = "Deleting";
/** RetCode of an expired database. */
const EXPIRED = 20104;

/** Sends the deletion until it is accepted. To send it again does no harm: the id is never used again. */
async function sendDeletion(address: DatabaseAddress, { context, deadline }: Patience): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const outcome = await context.openDatabases().writer.delete(address);
    if (outcome.kind === "accepted") return;
    const database = await findListed(address, context);
    // An answer was lost, or somebody else deletes it: another deletion may be refused.
    if (database === undefined || database.state === DELETING) return;
    const isFinal = outcome.kind === "refused" && !outcome.isTryLater;
    if (isFinal || context.signal.aborted || context.clock.elapsed() >= deadline) {
      const isExpired = outcome.kind === "refused" && outcome.retCode === EXPIRED;
      const advice = isExpired ? " It has expired: renew it in the console, then run again." : "";
      throw new RedisBackupError(
        outcome.error.code,
        `${address.id} was not deleted. ${stripCode(outcome.error)}${advice}`,
      );
    }
    context.reportProgress("waiting to delete it");
    await pause(pauseMs, context);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

/** Waits until the list lacks the database, so that its subnet can be deleted next. */
async function waitUntilUnlisted(address: DatabaseAddress, { context, deadline }: Patience): Promise<void> {
  const startedAt = context.clock.elapsed();
  for (let pauseMs = 250; ; pauseMs = Math.min(1.5 * pauseMs, 10_000)) {
    const database = await findListed(address, context);
    if (database === undefined) return;
    const state = database.state ?? "listed";
    if (state === "DeleteFail") {
      throw new RedisBackupError(
        "ApiError",
        `${address.id}: the API accepted the deletion, and then it failed (state ${quoteText(state)}). Run again, or delete it in the console.`,
      );
    }
    const waited = context.clock.elapsed() - startedAt;
    if (context.signal.aborted || context.clock.elapsed() >= deadline) {
      throw new RedisBackupError(
        context.signal.aborted ? "Cancelled" : "Timeout",
        `${address.id}: the deletion was accepted, and it is still ${quoteText(state)} after ${formatSeconds(waited)}. Run again to go on.`,
      );
    }
    context.reportProgress(`deleting: ${state}, ${formatSeconds(waited)}`);
    await pause(pauseMs, context);
  }
}

/** The database as it is listed; undefined only if a complete list lacks it. */
async function findListed(address: DatabaseAddress, context: RestoreContext): Promise<Database | undefined> {
  const { region, projectId, id } = address;
  const scope = { region, projectId };
  const unread: Database = { id, isReplica: false };
  try {
    const reader = getReader(context);
    const found = await reader.find(scope, id);
    if (found !== undefined) return found;
    return (await listAll(scope, reader)).databases.find((each) => each.id === id);
  } catch (error) {
    // A list that cannot be read for now proves nothing, and the wait goes on.
    if (error instanceof RedisBackupError && isPassing(error)) return unread;
    throw error;
  }
}
