/**
 * The one gate all requests of a client pass: at most so many at once, and, once the API throttles, no faster than it
 * takes. The pace starts unlimited. A throttled answer sets it to a part of what the API just accepted, for all
 * requests alike; then it grows again, slowly, until nothing was throttled for long. Before enough was accepted to tell
 * what the API takes, the pace is a guess and grows fast.
 */

import type { Clock } from "./clock";
import { MAX_RETRY_AFTER_MS } from "./retry";

/** What is kept of the accepted rate when the API throttles. */
const BACK_OFF = 0.7;
/** How much faster the pace gets with each second without throttling. */
const GROWTH_PER_SECOND = 1.2;
/** The same while nothing is known of what the API takes: a stray throttled answer must not slow a whole listing. */
const FAST_GROWTH_PER_SECOND = 4;
/** The pace never falls below this many requests a second; backing off handles the rest. */
const MIN_RATE = 5;
/** The pace to go on at where the API throttles before enough was accepted to tell its rate. */
const FIRST_RATE = 20;
/** A pace this fast is no limit any more. */
const MAX_RATE = 1000;
/** The time over which the accepted rate is measured, in milliseconds. */
const WINDOW_MS = 1000;

/**
 * How long to wait for a turn while the API accepts nothing at all, in milliseconds. The first wait that the API asks for
 * meanwhile does not count: who is told to come back in a minute has not waited for nothing.
 */
export const PATIENCE_MS = 60_000;

/** Says that a turn was waited for in vain. */
export class StarvedError extends Error {}

/** Decides when the next request may be sent. Times are those of the clock's `elapsed`. */
export interface RateLimiter {
  /**
   * Waits for its turn; resolves with the time at which it came, to be given to the reports below.
   *
   * @throws StarvedError once a turn would have to be waited for although the API accepted nothing for
   * {@link PATIENCE_MS}, all of it since `waitingSince` and since the first wait that it asked for was over
   */
  takeTurn(signal: AbortSignal, waitingSince?: number): Promise<number>;
  /** The API took a request. */
  reportAccepted(): void;
  /** The API throttled the request sent at `sentAt`, and asked to wait `retryAfterMs`, if it said so. */
  reportThrottled(sentAt: number, retryAfterMs?: number): void;
}

/** Creates a pace that starts unlimited. */
export function createRateLimiter(clock: Clock): RateLimiter {
  let rate = Infinity;
  let growth = FAST_GROWTH_PER_SECOND;
  let ratedAt = -Infinity;
  let nextTurnAt = 0;
  let heldUntil = 0;
  /** When the first wait was over that the API asked for since it last accepted anything. */
  let firstHeldUntil = -Infinity;
  /** Since when requests follow each other without a break. */
  let busySince = 0;
  let lastTurnAt = -Infinity;
  /** Counts how often turns were put off; whoever waits for one then has to take another. */
  let delays = 0;
  let lastAcceptedAt = -Infinity;
  let accepted: number[] = [];

  function currentRate(now: number): number {
    if (rate === Infinity) return Infinity;
    const grown = rate * growth ** ((now - ratedAt) / 1000);
    return grown >= MAX_RATE ? Infinity : grown;
  }

  function putOff(until: number): void {
    nextTurnAt = Math.max(until, heldUntil);
    delays += 1;
  }

  return {
    async takeTurn(signal, waitingSince = clock.elapsed()) {
      for (;;) {
        const now = clock.elapsed();
        const patienceLeft = Math.max(waitingSince, lastAcceptedAt, firstHeldUntil) + PATIENCE_MS - now;
        if (nextTurnAt > now && patienceLeft <= 0) throw new StarvedError();
        if (now - lastTurnAt > WINDOW_MS) busySince = now;
        const turnAt = Math.max(now, nextTurnAt);
        lastTurnAt = turnAt;
        nextTurnAt = turnAt + 1000 / currentRate(turnAt);
        if (turnAt <= now) return now;
        const known = delays;
        const waitMs = Math.min(turnAt - now, Math.max(patienceLeft, 1));
        await clock.sleep(waitMs, signal);
        if (known === delays && waitMs === turnAt - now) return turnAt;
      }
    },

    reportAccepted() {
      const now = clock.elapsed();
      lastAcceptedAt = now;
      firstHeldUntil = -Infinity;
      accepted.push(now);
      if (accepted.length > 2 * MAX_RATE) accepted = accepted.filter((at) => at > now - WINDOW_MS);
    },

    reportThrottled(sentAt, retryAfterMs = 0) {
      const now = clock.elapsed();
      // Whoever is asked to wait longer gives up, and no other call is to wait for that.
      const askedFor = now + (retryAfterMs > MAX_RETRY_AFTER_MS ? 0 : retryAfterMs);
      heldUntil = Math.max(heldUntil, askedFor);
      // Those that follow do not count: an API that asks for one wait after another would be waited for without end.
      if (askedFor > now && firstHeldUntil + PATIENCE_MS < now) firstHeldUntil = askedFor;
      // Requests that were on their way when the pace was last cut say nothing about the new pace.
      if (sentAt <= ratedAt) {
        if (askedFor > nextTurnAt) putOff(askedFor);
        return;
      }
      accepted = accepted.filter((at) => at > now - WINDOW_MS);
      const measured = (accepted.length * 1000) / WINDOW_MS;
      const isMeasured = measured >= FIRST_RATE || now - busySince >= WINDOW_MS;
      const current = currentRate(now);
      // Throttled although slowed: what the API gives for now is used up, until the oldest of it is a window ago.
      const isUsedUp = now - ratedAt < WINDOW_MS;
      const freeAt = isUsedUp ? (accepted[0] ?? -Infinity) + WINDOW_MS : now;
      const wanted = isMeasured
        ? BACK_OFF * measured
        : current === Infinity
          ? FIRST_RATE
          : BACK_OFF * current;
      rate = Math.max(MIN_RATE, Math.min(wanted, current));
      growth = isMeasured ? GROWTH_PER_SECOND : FAST_GROWTH_PER_SECOND;
      ratedAt = now;
      putOff(Math.max(now + 1000 / rate, freeAt));
    },
  };
}
