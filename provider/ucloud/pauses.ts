/** Pauses that cancelling ends. */

import type { Clock } from "./clock";
import { RedisBackupError } from "./errors";

/** By which clock to pause, and what ends it. */
interface Pausing {
  readonly clock: Clock;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
}

/** Waits, unless the user cancels: then it ends at once, without an error, and `signal` says so. */
export async function pause(ms: number, { clock, signal }: Pausing): Promise<void> {
  if (signal.aborted) return;
  await clock.sleep(ms, signal).catch((error: unknown) => {
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
