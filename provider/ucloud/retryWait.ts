import type { Clock } from "./clock";
import type { Credentials } from "./client";
import type { Failure } from "./failures";
import { listKeys } from "./signedRequest";
import { explainAttempt, sleepWatched, type Watch } from "./watch";

/** A wait before a request is sent again. */
export interface RetryPause {
  readonly action: string;
  readonly delayMs: number;
  /** Why the last attempt failed. */
  readonly failure: Failure;
  /** How many attempts were made. */
  readonly attempt: number;
  readonly maxRetries: number;
  readonly credentials: Credentials;
  /** What the reason must not show beside the keys, such as the signature. */
  readonly secrets: readonly (string | undefined)[];
}

/** Waits, for reads and writes, and tells the watch why. Rejects as the clock does. */
export function waitForRetry(
  { failure, credentials, secrets, ...pause }: RetryPause,
  signal: AbortSignal,
  watched: { readonly clock: Clock; readonly onWait?: Watch["onWait"] },
): Promise<void> {
  const reason = explainAttempt(failure, [...listKeys(credentials), ...secrets]);
  return sleepWatched({ kind: "retry", code: failure.code, reason, ...pause }, signal, watched);
}
