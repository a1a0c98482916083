/**
 * Decides whether to retry a request, and how long to wait first. Pure functions: time and chance are
 * arguments.
 */

import type { Failure } from "./failures";

/** The longest wait before the second attempt, in milliseconds. It doubles with each further attempt. */
export const FIRST_BACKOFF_MS = 500;
/** The longest backoff, in milliseconds. */
export const MAX_BACKOFF_MS = 20_000;
/**
 * The longest `Retry-After` that is honoured, in milliseconds. If a server asks for more, there is no retry.
 */
export const MAX_RETRY_AFTER_MS = 60_000;

/**
 * How long to wait before the next attempt, in milliseconds, or undefined if there should be none.
 *
 * The backoff is exponential with full jitter: anything from 0 to the attempt's longest wait. It is added to
 * a `Retry-After`, so that no request comes earlier than the server asked, and not all come at the same time.
 *
 * @param options.attempt how many attempts were made, at least 1
 * @param options.chance a random number from 0 to below 1
 */
export function decideRetry(options: {
  failure: Failure;
  attempt: number;
  maxRetries: number;
  chance: number;
}): number | undefined {
  const { failure, attempt, maxRetries, chance } = options;
  // Another attempt with the same keys and arguments would fail the same way.
  if (!failure.isRetryable) return undefined;
  if (attempt > maxRetries) return undefined;
  // In the middle of a deployment, an error is better than a wait of more than a minute.
  const { retryAfterMs = 0 } = failure;
  if (retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  const longest = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  return retryAfterMs + Math.floor(chance * longest);
}

/**
 * Reads a `Retry-After` header, which holds seconds or an HTTP date. Returns milliseconds from `nowMs`, at
 * least 0; undefined if there is none or it is malformed.
 */
export function readRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
