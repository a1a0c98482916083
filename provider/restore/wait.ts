/** Waiting for a database to run. */

import { formatAge } from "../backups/age";
import { quoteText } from "../backups/text";
import type { Database } from "../ucloud/databases";
import { type ErrorCode, RedisBackupError } from "../ucloud/errors";
import { getReader, listAll, type Place } from "./locate";
import { formatSeconds, pause } from "../ucloud/pauses";
import { isReady, isStuck } from "./states";

/** How long an operation may take unless the user's `customTimeouts` say otherwise. */
const DEFAULT_TIMEOUT_SECONDS = 3600;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** In how many looks in succession a database that was seen has to be missing before it counts as vanished. */
const MISSING_LOOKS = 3;
/** Failures of a look that pass. Others end the wait. */
const PASSING: ReadonlySet<ErrorCode> = new Set(["Unavailable", "Timeout", "Throttled", "BadResponse"]);

/** How a wait ended. */
export type WaitEnd =
  | { readonly kind: "ready"; readonly database: Database }
  /** `reason` is a sentence without the database's name; `database` is as it was last seen. */
  | {
      readonly kind: "failed" | "vanished" | "timeout" | "cancelled" | "unreadable";
      readonly database: Database | undefined;
      readonly reason: string;
    };

/** What to wait for. */
export interface WaitOptions extends Place {
  readonly id: string;
  /** By the clock's `elapsed`. */
  readonly deadline: number;
  /** Whether the database is as it should be, once it is in a state to be asked. @default always */
  readonly isDone?: (database: Database) => boolean | Promise<boolean>;
  /** States in which it is asked whether the database is done. @default `Running` */
  readonly isSettled?: (state: string | undefined) => boolean;
  /** States that end the wait. @default those from which no database comes to run */
  readonly isHopeless?: (state: string | undefined) => boolean;
  /** What is waited for, in words that follow the time. */
  readonly purpose?: string;
}

/** When an operation that starts now has to end. */
export function getDeadline({ context }: Pick<Place, "context">): number {
  return context.clock.elapsed() + (context.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
}

/** Waits until the database runs and is done. Never throws for what the API or the user does. */
export async function waitUntilRunning(options: WaitOptions): Promise<WaitEnd> {
  const { id, context, deadline, isDone = () => true, isSettled = isReady, isHopeless = isStuck } = options;
  const { clock, signal } = context;
  const startedAt = clock.elapsed();
  let last: Database | undefined;
  let missing = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(1.5 * pauseMs, LONGEST_PAUSE_MS)) {
    const look = await lookAt(id, options);
    const waited = clock.elapsed() - startedAt;
    if (look.error !== undefined && !isPassing(look.error) && !signal.aborted) {
      return {
        kind: "unreadable",
        database: last,
        reason: `It could not be looked at: ${look.error.message}`,
      };
    }
    if (look.database !== undefined) {
      last = look.database;
      missing = 0;
      if (isSettled(last.state) && (await isDone(last))) return { kind: "ready", database: last };
      if (isHopeless(last.state)) {
        return { kind: "failed", database: last, reason: `Its state is ${quoteText(last.state ?? "")}.` };
      }
    } else if (look.error === undefined && last !== undefined && ++missing >= MISSING_LOOKS) {
      if (await isUnlisted(id, options)) {
        return { kind: "vanished", database: last, reason: "It is no longer listed." };
      }
    }
    const state = last?.state === undefined ? "not listed yet" : quoteText(last.state);
    if (signal.aborted) {
      return {
        kind: "cancelled",
        database: last,
        reason: `The deployment was cancelled while it was ${state}.`,
      };
    }
    if (clock.elapsed() >= deadline) {
      const reason = `It was still ${state} after ${formatAge(waited / 1000)}. Run \`pulumi up\` again to go on waiting, or set a longer \`customTimeouts\`.`;
      return { kind: "timeout", database: last, reason };
    }
    context.reportProgress(
      `${options.purpose ?? "restoring"}: ${last?.state ?? "not listed yet"}, ${formatSeconds(waited)}`,
    );
    await pause(Math.min(pauseMs, Math.max(0, deadline - clock.elapsed())), context);
  }
}

async function lookAt(
  id: string,
  { scope, context }: Place,
): Promise<{ readonly database?: Database | undefined; readonly error?: RedisBackupError }> {
  try {
    return { database: await getReader(context).find(scope, id) };
  } catch (error) {
    if (error instanceof RedisBackupError) return { error };
    throw error;
  }
}

/** Whether a failed look may succeed later. */
export function isPassing({ code }: RedisBackupError): boolean {
  return PASSING.has(code);
}

/** Whether a complete list lacks the database. A list that cannot be read proves nothing. */
async function isUnlisted(id: string, { scope, context }: Place): Promise<boolean> {
  try {
    const { databases } = await listAll(scope, getReader(context));
    return !databases.some((each) => each.id === id);
  } catch (error) {
    if (error instanceof RedisBackupError) return false;
    throw error;
  }
}
