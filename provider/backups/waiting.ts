/** Waiting for a backup that is still running. */

import type { Clock } from "../ucloud/clock";

/** How a lookup treats `waitForRunning`. */
export interface Waiting {
  /** `announce`, in a preview: says what would be waited for, and goes on with what there is. */
  readonly mode: "wait" | "announce";
  readonly clock: Clock;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
  /** Shows what is waited for. A text replaces the one before. */
  readonly reportProgress: (text: string) => void;
}
