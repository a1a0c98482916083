/**
 * Changes to a database that exists: its name, password, size and backup strategy. Each says what shall hold,
 * not what to do, so sending it again does no harm. That is what tells them from a creation.
 */

import { RedisBackupError } from "../ucloud/errors";
import type { Database } from "../ucloud/databases";
import type { WriteOutcome } from "../ucloud/writeOutcome";
import type { Place } from "./locate";
import { pause } from "../ucloud/pauses";
import { isFailedChange, isLost, isReady } from "./states";
import { type WaitOptions, waitUntilRunning } from "./wait";

/** How often a change is sent whose answers are lost. */
const MAX_SENDINGS = 3;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

/** A change, and how to see that it holds. */
export interface Change extends Place {
  readonly id: string;
  /** By the clock's `elapsed`. */
  readonly deadline: number;
  /** In words that follow "to": "rename it". */
  readonly what: string;
  readonly send: () => Promise<WriteOutcome>;
  /** The database before the change. */
  readonly before?: Database | undefined;
  /** Whether the database shows the change. `undefined` if the API does not show such a thing. */
  readonly holds: (database: Database) => boolean | undefined | Promise<boolean>;
}

/**
 * Sends a change until it holds and the database runs. "Try later" is repeated until the deadline, a lost
 * answer {@link MAX_SENDINGS} times.
 *
 * @throws RedisBackupError what the API refused with, or how the wait for it ended
 */
export async function changeDatabase(change: Change): Promise<Database> {
  const { context, deadline } = change;
  let pauseMs = FIRST_PAUSE_MS;
  for (let lost = 0; ;) {
    const outcome = await change.send();
    if (outcome.kind === "accepted") return waitForChange(change);
    if (outcome.kind === "unknown") {
      lost += 1;
      // Only where the API shows the change can a look replace the answer.
      const seen = await lookForChange(change, SHOW_MS);
      if (seen !== undefined) return seen;
      if (lost >= MAX_SENDINGS) throw outcome.error;
    } else {
      // What was sent before, here or by an interrupted run, may be why this one is refused.
      const seen = await lookForChange(change, lost > 0 ? SHOW_MS : 0);
      if (seen !== undefined) return seen;
      if (!outcome.isTryLater || context.clock.elapsed() >= deadline) throw outcome.error;
    }
    if (context.signal.aborted) throw outcome.error;
    context.reportProgress(`waiting to ${change.what}`);
    await pause(pauseMs, context);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

async function waitForChange(change: Change): Promise<Database> {
  const end = await waitUntilRunning({
    ...change,
    ...acceptFailedChange(change),
    isDone: async (database) => isAsBefore(change, database) && (await change.holds(database)) !== false,
    purpose: `waiting to ${change.what}`,
  });
  if (end.kind === "ready") return end.database;
  const code = end.kind === "cancelled" ? "Cancelled" : end.kind === "timeout" ? "Timeout" : "ApiError";
  throw new RedisBackupError(
    code,
    `${change.id}: the request to ${change.what} was accepted, but did not take effect. ${end.reason}`,
  );
}

/**
 * A database that shows that another change failed before may still take this one. So that state neither ends the
 * wait nor hides that this change holds.
 */
function acceptFailedChange({ before }: Change): Pick<WaitOptions, "isSettled" | "isHopeless"> {
  return {
    isSettled: (state) => isReady(state) || isFailedChange(state),
    isHopeless: (state) => isLost(state) || (isFailedChange(state) && state !== before?.state),
  };
}

/** Whether the database runs, or shows the failure that it showed before the change. Another one is a new failure. */
function isAsBefore({ before }: Change, { state }: Database): boolean {
  return isReady(state) || state === before?.state;
}

/** How long a change whose answer was lost may take to show. */
const SHOW_MS = 15_000;

/** The database if it shows the change within this time; undefined if it does not, or cannot. It looks once at least. */
async function lookForChange(change: Change, withinMs: number): Promise<Database | undefined> {
  const { context, deadline, holds } = change;
  const end = await waitUntilRunning({
    ...change,
    deadline: Math.min(deadline, context.clock.elapsed() + withinMs),
    ...acceptFailedChange(change),
    isDone: async (database) => isAsBefore(change, database) && (await holds(database)) === true,
    purpose: `the answer was lost: looking whether it took effect to ${change.what}`,
  });
  return end.kind === "ready" ? end.database : undefined;
}
