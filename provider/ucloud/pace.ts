/**
 * The one gate all requests of a client pass: at most so many at once, and, once the API throttles, no faster than it
 * takes. The pace starts unlimited. A throttled answer sets it to a part of what the API just accepted, for all
 * requests alike; then it grows again, slowly, until nothing was throttled for long.
 */

import type { Clock } from "./clock";

/** What is kept of the accepted rate when the API throttles. */
const BACK_OFF = 0.7;
/** How much faster the pace gets with each second without throttling. */
const GROWTH_PER_SECOND = 1.2;
/** The pace never falls below this many requests a second; backing off handles the rest. */
const MIN_RATE = 5;
/** A pace this fast is no limit any more. */
const MAX_RATE = 1000;
/** The time over which the accepted rate is measured, in milliseconds. */
const WINDOW_MS = 1000;

/** Decides when the next request may be sent. */
export interface Pace {
  /** Waits for its turn; resolves with the time at which it came, to be given to the reports below. */
  takeTurn(signal: AbortSignal): Promise<number>;
  /** The API took a request. */
  reportAccepted(): void;
  /** The API throttled the request sent at `sentAt`, and asked to wait `retryAfterMs`, if it said so. */
  reportThrottled(sentAt: number, retryAfterMs?: number): void;
}

/** Creates a pace that starts unlimited. */
export function createPace(clock: Clock): Pace {
  let rate = Infinity;
  let ratedAt = 0;
  let nextTurnAt = 0;
  let accepted: number[] = [];

  function currentRate(now: number): number {
    const grown = rate * GROWTH_PER_SECOND ** ((now - ratedAt) / 1000);
    return grown >= MAX_RATE ? Infinity : grown;
  }

  return {
    async takeTurn(signal) {
      const now = clock.now();
      const turnAt = Math.max(now, nextTurnAt);
      nextTurnAt = turnAt + 1000 / currentRate(turnAt);
      if (turnAt > now) await clock.sleep(turnAt - now, signal);
      return turnAt;
    },

    reportAccepted() {
      const now = clock.now();
      accepted.push(now);
      if (accepted.length > 2 * MAX_RATE) accepted = accepted.filter((at) => at > now - WINDOW_MS);
    },

    reportThrottled(sentAt, retryAfterMs = 0) {
      const now = clock.now();
      nextTurnAt = Math.max(nextTurnAt, now + retryAfterMs);
      // Requests that were on their way when the pace was last cut say nothing about the new pace.
      if (sentAt < ratedAt) return;
      accepted = accepted.filter((at) => at > now - WINDOW_MS);
      const measured = (accepted.length * 1000) / WINDOW_MS;
      rate = Math.max(MIN_RATE, BACK_OFF * Math.min(measured, currentRate(now)));
      ratedAt = now;
      nextTurnAt = Math.max(nextTurnAt, now + 1000 / rate);
    },
  };
}
