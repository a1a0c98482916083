/** From a database that was made to one that can be used: running, with its password, under its own name. */

import { quoteText } from "../backups/text";
import type { Database, DatabaseAddress } from "../ucloud/databases";
import { RedisBackupError, stripCode } from "../ucloud/errors";
import { formatId } from "./addresses";
import { announceRestore } from "./announcement";
import { changeDatabase } from "./change";
import type { RestoreKind } from "./kinds";
import type { Place } from "./locate";
import { isImported, keepAccount, markReady, mayBeReplaced, readTime, updateOutputs } from "./outputs";
import { type ResourceOutputs, UnfinishedError } from "./resource";
import { hasPasswordFailed, isReady } from "./states";
import { type WaitEnd, waitUntilRunning } from "./wait";

/** What a database that was made shall become. */
export interface Wanted {
  readonly name: string;
  /** `""` for none; undefined where the program does not say. */
  readonly password: string | undefined;
}

/** A database that is not ready yet. */
export interface Unready extends Place {
  readonly kind: RestoreKind;
  readonly address: DatabaseAddress;
  readonly wanted: Wanted;
  /** What state keeps of it so far. */
  readonly outputs: ResourceOutputs;
  /** By the clock's `elapsed`. */
  readonly deadline: number;
}

/**
 * Waits until the database runs, sets its password if it lacks it, and gives it its name, in this order: the
 * name of the attempt is what an interrupted creation is found by, so it goes last.
 *
 * @returns the outputs, with `readyAt`
 * @throws UnfinishedError with all that is known, if it does not get there
 */
export async function finishDatabase(unready: Unready): Promise<ResourceOutputs> {
  const { kind, address, wanted, deadline, context, outputs } = unready;
  const startedAt = readTime(outputs, "requestedAt") ?? context.clock.now();
  const place = { scope: unready.scope, context, id: address.id, deadline };
  // A password that could not be set is set below.
  const end = await waitUntilRunning({
    ...place,
    isSettled: (state) => isReady(state) || (wanted.password !== undefined && hasPasswordFailed(state)),
  });
  if (end.kind !== "ready") throw await giveUp(unready, end);

  let database = end.database;
  try {
    database = await settlePassword(unready, database);
    if (database.name !== wanted.name) database = await rename(unready, database);
  } catch (error) {
    throw createUnfinished(unready, { database, error });
  }
  const now = context.clock.now();
  const updated = updateOutputs(kind, outputs, database);
  if (outputs["backup"] !== undefined)
    announceRestore(kind, { outputs: updated, elapsedMs: now - startedAt }, context);
  return keepAccount(markReady(updated, now), context.account);
}

/** Sets the password where the database does not show that it has the one that it was made with. */
async function settlePassword(unready: Unready, database: Database): Promise<Database> {
  const { wanted, address, context } = unready;
  const { password } = wanted;
  if (password === undefined) {
    if (database.hasPassword === true) {
      context.warn(
        `${address.id} has a password, and the program gives none: it is not known here. Give \`password\` to set another one.`,
      );
    }
    return database;
  }
  const shallHave = password !== "";
  const hasFailed = hasPasswordFailed(database.state);
  if (shallHave === (database.hasPassword ?? false) && !hasFailed) return database;
  return changeDatabase({
    ...unready,
    id: address.id,
    before: database,
    what: shallHave ? "set its password" : "remove its password",
    send: () => context.openDatabases().writer.setPassword(locateNow(address, database), password),
    holds: ({ hasPassword, state }) => {
      if (hasPasswordFailed(state)) return false;
      return hasPassword === undefined ? undefined : hasPassword === shallHave;
    },
  });
}

async function rename(unready: Unready, database: Database): Promise<Database> {
  const { wanted, address, context } = unready;
  return changeDatabase({
    ...unready,
    id: address.id,
    before: database,
    what: `give it the name ${quoteText(wanted.name)}`,
    send: () => context.openDatabases().writer.rename(locateNow(address, database), wanted.name),
    holds: ({ name }) => (name === undefined ? undefined : name === wanted.name),
  });
}

/** The address with the zone that the database is in now: a failover may have moved it. */
export function locateNow(address: DatabaseAddress, database: Database): DatabaseAddress {
  return { ...address, zone: database.zone ?? address.zone };
}

/**
 * The error for a wait that failed. The database gets its name nevertheless, unless the user cancelled: then
 * the engine may end before state is written, and the attempt's name is what finds it again.
 */
async function giveUp(unready: Unready, end: Exclude<WaitEnd, { kind: "ready" }>): Promise<UnfinishedError> {
  const { wanted, address, context } = unready;
  let database = end.database;
  const notes: string[] = [];
  if (
    end.kind !== "cancelled" &&
    end.kind !== "vanished" &&
    database !== undefined &&
    database.name !== wanted.name
  ) {
    const outcome = await context.openDatabases().writer.rename(locateNow(address, database), wanted.name);
    if (outcome.kind === "accepted") database = { ...database, name: wanted.name };
    else notes.push(`It is still called ${quoteText(database.name ?? "")}: ${outcome.error.message}`);
  }
  const code =
    end.kind === "failed" || end.kind === "vanished"
      ? "CreateFailed"
      : end.kind === "timeout"
        ? "Timeout"
        : end.kind === "cancelled"
          ? "Cancelled"
          : "Unavailable";
  const isReplaced =
    end.kind === "vanished"
      ? !isImported(unready.outputs)
      : end.kind === "failed" && mayBeReplaced(unready.outputs, database?.state);
  const next = isReplaced
    ? "The next `pulumi up` makes another one in its place, and deletes this one."
    : "The next `pulumi up` goes on with it; `pulumi destroy` deletes it.";
  return createUnfinished(unready, {
    database,
    error: new RedisBackupError(
      code,
      `${describe(unready)} was created, and is not ready. ${end.reason} ${next}`,
    ),
    notes,
  });
}

function createUnfinished(
  unready: Unready,
  failure: { database: Database | undefined; error: unknown; notes?: readonly string[] },
): UnfinishedError {
  const { kind, address, outputs, context } = unready;
  const { database, error, notes = [] } = failure;
  if (!(error instanceof RedisBackupError)) throw error;
  const known = { ...outputs, [kind.idProperty]: address.id };
  const updated = database === undefined ? known : updateOutputs(kind, known, database);
  const now = database === undefined ? address : locateNow(address, database);
  const text = stripCode(error);
  return new UnfinishedError(
    error.code,
    text.includes(address.id) ? text : `${describe(unready)}: ${text}`,
    { id: formatId(kind, now), outputs: keepAccount(updated, context.account) },
    notes,
  );
}

function describe({ kind, address }: Unready): string {
  return `${kind.noun} ${address.id}`;
}
