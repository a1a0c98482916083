import { RedisBackupError } from "../ucloud/errors";
import type { RestoreContext } from "./resource";

/** Waits, unless the user cancels: then it ends at once, without an error, and `context.signal` says so. */
export async function pause(
  ms: number,
  { clock, signal }: Pick<RestoreContext, "clock" | "signal">,
): Promise<void> {
  if (signal.aborted) return;
  await clock.sleep(ms, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** @throws RedisBackupError `Cancelled` if the user cancelled */
export function refuseIfCancelled({ signal }: Pick<RestoreContext, "signal">): void {
  if (signal.aborted) throw new RedisBackupError("Cancelled", "The deployment was cancelled.");
}

/** A duration in words for progress: `95 s`. */
export function formatSeconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
