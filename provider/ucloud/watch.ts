/** What may be followed of the work of clients and writers, for logs, progress and traces. */

import type { Clock } from "./clock";
import { type ErrorCode } from "./errors";
import type { Failure } from "./failures";
import { createRedactor, tidyText } from "./redaction";
import type { AnswerHead, Outcome } from "./response";

/** Called while the work goes on. Nothing here is waited for, and nothing may throw. */
export interface Watch {
  /** Called after each attempt at a request. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Called before each wait. What it returns is called once the wait is over. */
  readonly onWait?: ((wait: Wait) => (() => void) | undefined) | undefined;
  /** Called after each page of a list. */
  readonly onPage?: ((page: PageRead) => void) | undefined;
}

/** What came of one attempt at a request. The times are milliseconds since 1970, by this machine's clock. */
export interface Attempt {
  readonly action: string;
  readonly region: string | undefined;
  /** Counted from 1. */
  readonly number: number;
  readonly outcome: Outcome;
  /** Absent if no head of an answer came. */
  readonly head?: AnswerHead;
  /** How long the answer's body was. Absent if it was not read to its end. */
  readonly bytes?: number | undefined;
  readonly sentAtMs: number;
  /** When the head came, or when the attempt failed. */
  readonly answeredAtMs: number;
  /** When the whole answer was read, or when the attempt failed. */
  readonly endedAtMs: number;
}

/** A wait that begins. */
export type Wait =
  | RetryWait
  /** For a turn of the rate limiter, since the API throttles. */
  | { readonly kind: "turn"; readonly action: string; readonly delayMs: number }
  /** Until a backup or a database is looked at again. */
  | { readonly kind: "look"; readonly delayMs: number };

/** A wait before a request is sent again. */
export interface RetryWait {
  readonly kind: "retry";
  readonly action: string;
  readonly delayMs: number;
  readonly code: ErrorCode;
  /** Why the last attempt failed, without anything that the API wrote. */
  readonly reason: string;
  /** How many attempts were made. */
  readonly attempt: number;
  readonly maxRetries: number;
}

/** How much of a list was read. */
export interface PageRead {
  readonly action: string;
  readonly pages: number;
  readonly rows: number;
  /** As the API counts, which may be wrong. */
  readonly totalCount: number | undefined;
}

/** Longer texts are no reason. */
const REASON_LENGTH = 200;

/** Sleeps, and tells the watch. Rejects as the clock does. */
export async function sleepWatched(
  wait: Wait,
  signal: AbortSignal,
  { clock, onWait }: { readonly clock: Clock; readonly onWait?: Watch["onWait"] },
): Promise<void> {
  const end = onWait?.(wait);
  try {
    await clock.sleep(wait.delayMs, signal);
  } finally {
    end?.();
  }
}

/**
 * Why an attempt failed: `RetCode 172`, `HTTP 503`, or what happened on the way. A message of the API may hold
 * anything, so it is left out.
 *
 * @param secrets what must not be in it, such as the keys and the signature
 */
export function explainAttempt(
  { retCode = 0, status = 200, what }: Failure,
  secrets: readonly (string | undefined)[],
): string {
  if (retCode !== 0) return `RetCode ${retCode}`;
  if (status !== 200) return `HTTP ${status}`;
  return tidyText(createRedactor(secrets)(what), REASON_LENGTH);
}
