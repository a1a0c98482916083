/** When to try again, and how long to wait first. Pure: time and chance are handed in. */

import type { Failure } from "./failures";

/** The longest wait before the second attempt; it doubles with each further one. In milliseconds. */
export const FIRST_BACKOFF_MS = 500;
/** The longest wait that backing off leads to, in milliseconds. */
export const MAX_BACKOFF_MS = 20_000;
/** The longest `Retry-After` that is honoured, in milliseconds. A server that asks for more is not tried again. */
export const MAX_RETRY_AFTER_MS = 60_000;

/**
 * How long to wait before the next attempt, in milliseconds, or undefined when there should be none.
 *
 * Exponential with full jitter: anything from 0 to the attempt's longest wait. A server that says how long to wait is
 * never asked earlier, and not all at once either: the jitter comes on top.
 *
 * @param options.attempt how many attempts were made, at least 1
 * @param options.chance from 0 to below 1
 */
export function decideRetry(options: {
  failure: Failure;
  attempt: number;
  maxRetries: number;
  chance: number;
}): number | undefined {
  const { failure, attempt, maxRetries, chance } = options;
  // Wrong keys stay wrong, and a wrong argument stays wrong.
  if (!failure.isRetryable) return undefined;
  if (attempt > maxRetries) return undefined;
  // Whoever waits longer than a minute in the middle of a deployment wants to be told instead.
  const { retryAfterMs = 0 } = failure;
  if (retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  const longest = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  return retryAfterMs + Math.floor(chance * longest);
}

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date. In milliseconds from `nowMs`, never below 0.
 * Undefined when there is none or it makes no sense.
 */
export function readRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
