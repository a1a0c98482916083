/** Pauses that cancelling ends. */

import type { Clock } from "./clock";
import { RedisBackupError } from "./errors";
import { sleepWatched, type Watch } from "./watch";

/** By which clock to pause, and what ends it. */
interface Pausing {
  readonly clock: Clock;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
  /** @default nobody follows the wait */
  readonly onWait?: Watch["onWait"];
}

/** Waits, unless the user cancels: then it ends at once, without an error, and `signal` says so. */
export async function pause(ms: number, { signal, ...watched }: Pausing): Promise<void> {
  if (signal.aborted) return;
  await sleepWatched({ kind: "look", delayMs: ms }, signal, watched).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** @throws RedisBackupError `Cancelled` if the user cancelled */
export function refuseIfCancelled({ signal }: Pick<Pausing, "signal">): void {
  if (signal.aborted) throw new RedisBackupError("Cancelled", "The deployment was cancelled.");
}

/** A duration in words for progress: `95 s`. */
export function formatSeconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
