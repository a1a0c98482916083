/** Finding databases: by id, by the name of an attempt, and proving that one is gone. */

import type { Database, DatabaseListing, DatabaseReader, DatabaseScope } from "../ucloud/databases";
import { RedisBackupError } from "../ucloud/errors";
import { pause } from "../ucloud/pauses";
import type { RestoreContext } from "./resource";

/** How long after a write whose answer was lost its effect is looked for. */
export const SETTLE_MS = 120_000;
/** How long a creation whose answer was lost may still appear. After that, another one is made. */
export const GIVE_UP_MS = 30 * 60 * 1000;
/** How far the clocks of this machine and of the API may differ, in milliseconds. */
export const CLOCK_SKEW_MS = 10 * 60 * 1000;
/** How far apart two looks are that prove an absence. */
const PROOF_GAP_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** Where and how databases are looked for. */
export interface Place {
  readonly scope: DatabaseScope;
  readonly context: RestoreContext;
}

/** The reader to use now: after a cancellation, the one that it did not abort. */
export function getReader(context: RestoreContext): DatabaseReader {
  const { reader, lastLook } = context.openDatabases();
  return context.signal.aborted ? lastLook : reader;
}

/** All databases of a scope. @throws RedisBackupError if they cannot be listed completely */
export async function listAll(
  scope: DatabaseScope,
  reader: Pick<DatabaseReader, "list">,
): Promise<DatabaseListing> {
  const listing = await reader.list(scope);
  if (listing.isComplete) return listing;
  throw new RedisBackupError(
    "BadResponse",
    `The databases in ${scope.region} could not be listed completely: the list kept changing, or rows without an id. Try again in a minute.`,
  );
}

/**
 * The database of a listing with this name, which only one attempt uses.
 *
 * @throws RedisBackupError `OutcomeUnknown` if several have it
 */
export function pickNamed(
  { databases }: DatabaseListing,
  { name, scope }: { readonly name: string; readonly scope: DatabaseScope },
): Database | undefined {
  const named = databases.filter((each) => each.name === name && !each.isReplica);
  if (named.length <= 1) return named[0];
  const ids = named.map(({ id }) => id).join(", ");
  throw new RedisBackupError(
    "OutcomeUnknown",
    `${name}: one request made several databases in ${scope.region}: ${ids}. Delete all but one of them in the console, then run again.`,
  );
}

/**
 * Looks for the database of an attempt whose answer was lost, at least {@link SETTLE_MS} long, because a new row
 * may appear late. After a cancellation it looks once.
 */
export async function settleName(name: string, { scope, context }: Place): Promise<Database | undefined> {
  const until = context.clock.elapsed() + SETTLE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(1.5 * pauseMs, LONGEST_PAUSE_MS)) {
    const wasCancelled = context.signal.aborted;
    const found = await lookForName(name, { scope, context });
    if (found !== undefined) return found;
    if (wasCancelled || context.clock.elapsed() >= until) return undefined;
    context.reportProgress("the answer was lost: looking for what the request made");
    await pause(pauseMs, context);
  }
}

/** A single look. A list that cannot be read shows nothing, and is looked at again by the caller. */
async function lookForName(name: string, { scope, context }: Place): Promise<Database | undefined> {
  try {
    // What is found counts, also in a list that may not be complete.
    return pickNamed(await getReader(context).list(scope), { name, scope });
  } catch (error) {
    if (error instanceof RedisBackupError && error.code !== "OutcomeUnknown") return undefined;
    throw error;
  }
}

/** Whether a database exists. */
export type Presence =
  | { readonly kind: "present"; readonly database: Database }
  | { readonly kind: "gone" }
  /** It is not listed, and yet not certainly gone; `why` says so in words that follow its name. */
  | { readonly kind: "uncertain"; readonly why: string };

/**
 * Whether the database with this id is there. It is gone only if two complete lists, some seconds apart, lack
 * it, and something shows that this is the right place: other databases in it, or the database's own backups.
 * Keys of another account, and another project, list nothing of it either. For one that never ran, the same
 * account is enough: in a region that was lost, nothing else may be listed.
 *
 * @param options.listsBackups whether backups of this database are still listed
 * @param options.isSameAccount whether the keys are those that the database was last seen with
 * @throws RedisBackupError if a list cannot be read
 */
export async function locate(
  id: string,
  options: Place & {
    readonly listsBackups: () => Promise<boolean>;
    readonly isSameAccount: boolean;
    /** Whether the database may hold data, so that the place needs a proof of its own. */
    readonly mayHoldData: boolean;
  },
): Promise<Presence> {
  const { scope, context, isSameAccount, mayHoldData } = options;
  const reader = getReader(context);
  const found = await reader.find(scope, id);
  if (found !== undefined) return { kind: "present", database: found };

  let others = 0;
  for (const isSecond of [false, true]) {
    if (isSecond) await pause(PROOF_GAP_MS, context);
    const { databases } = await listAll(scope, reader);
    const listed = databases.find((each) => each.id === id);
    if (listed !== undefined) return { kind: "present", database: listed };
    others = databases.length;
  }
  // The project of a database is fixed, and the API refuses one that the account does not have.
  const isRightPlace =
    (others > 0 && (isSameAccount || scope.projectId !== undefined)) || (isSameAccount && !mayHoldData);
  if (isRightPlace || (await options.listsBackups())) return { kind: "gone" };
  return {
    kind: "uncertain",
    why:
      others > 0
        ? "is not listed, and the keys are others than those it was last seen with"
        : "is not listed, and neither is anything else there",
  };
}
