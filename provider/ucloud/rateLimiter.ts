/**
 * Limits how fast a client sends requests once the API throttles. The idea is the adaptive retry mode of the
 * AWS SDKs: a rate on the client's side that falls when a request is throttled, to 0.7 of what the API just
 * accepted, and then recovers. As there, nothing is limited before the first throttled answer, and retries
 * with backoff come on top (retry.ts).
 *
 * It differs in four ways:
 * - The rate recovers exponentially with time, until it is no limit. The AWS SDKs use a cubic curve.
 * - Until enough was accepted to measure a rate, it starts at a guess and recovers fast, so that one stray
 *   throttled answer does not slow a whole listing.
 * - Requests that were under way when the rate fell do not lower it again. A `Retry-After` holds back all
 *   requests.
 * - A request that waits while the API accepts nothing fails after {@link PATIENCE_MS}.
 */

import type { Clock } from "./clock";
import { MAX_RETRY_AFTER_MS } from "./retry";

/** By which factor the accepted rate is multiplied when the API throttles. */
const BACK_OFF = 0.7;
/** By which factor the rate grows with each second without throttling. */
const GROWTH_PER_SECOND = 1.2;
/** The growth until a rate was measured. */
const FAST_GROWTH_PER_SECOND = 4;
/** The lowest rate, in requests per second. Backing off does the rest. */
const MIN_RATE = 5;
/** The rate when the API throttles before a rate was measured, in requests per second. */
const FIRST_RATE = 20;
/** From this rate on, in requests per second, nothing is limited. */
const MAX_RATE = 1000;
/** The time over which the accepted rate is measured, in milliseconds. */
const WINDOW_MS = 1000;

/**
 * How long a request waits for its turn while the API accepts nothing at all, in milliseconds. The first wait
 * that the API asks for with `Retry-After` does not count.
 */
export const PATIENCE_MS = 60_000;

/** A turn did not come within {@link PATIENCE_MS}. */
export class StarvedError extends Error {}

/** Decides when the next request may be sent. Times are those of the clock's `elapsed`. */
export class RateLimiter {
  #rate = Infinity;
  #growth = FAST_GROWTH_PER_SECOND;
  /** When the rate was last set. */
  #ratedAt = -Infinity;
  #nextTurnAt = 0;
  /** Until when the API asked to wait. */
  #heldUntil = 0;
  /** The end of the first wait that the API asked for since it last accepted a request. */
  #firstHeldUntil = -Infinity;
  /** Since when requests have been sent without a pause of {@link WINDOW_MS}. */
  #busySince = 0;
  #lastTurnAt = -Infinity;
  /** Counts how often turns were put off. A request that waited for such a turn has to take another one. */
  #delays = 0;
  #lastAcceptedAt = -Infinity;
  /** When requests were accepted, within the last {@link WINDOW_MS} and perhaps before. */
  #accepted: number[] = [];

  constructor(private readonly clock: Clock) {}

  /**
   * Waits for a turn.
   *
   * @param stop ends the wait; its signal is only asked for if there is one
   * @param waitingSince when the request began to wait
   * @param onWait called before each wait with its length; what it returns, when the wait is over
   * @returns the time of the turn, for {@link reportThrottled}
   * @throws StarvedError if the turn has not come and the API has accepted nothing for {@link PATIENCE_MS},
   * counted from `waitingSince` and from the end of the first wait that the API asked for
   */
  async takeTurn(
    stop: { readonly signal: AbortSignal },
    waitingSince = this.clock.elapsed(),
    onWait?: (delayMs: number) => (() => void) | undefined,
  ): Promise<number> {
    for (;;) {
      const now = this.clock.elapsed();
      const patienceFrom = Math.max(waitingSince, this.#lastAcceptedAt, this.#firstHeldUntil);
      const patienceLeft = patienceFrom + PATIENCE_MS - now;
      if (this.#nextTurnAt > now && patienceLeft <= 0) throw new StarvedError();
      if (now - this.#lastTurnAt > WINDOW_MS) this.#busySince = now;
      const turnAt = Math.max(now, this.#nextTurnAt);
      this.#lastTurnAt = turnAt;
      this.#nextTurnAt = turnAt + 1000 / this.#getRate(turnAt);
      if (turnAt <= now) return now;
      const known = this.#delays;
      const waitMs = Math.min(turnAt - now, Math.max(patienceLeft, 1));
      const end = onWait?.(waitMs);
      await this.clock.sleep(waitMs, stop.signal).finally(() => end?.());
      if (known === this.#delays && waitMs === turnAt - now) return turnAt;
    }
  }

  /** The API accepted a request. */
  reportAccepted(): void {
    const now = this.clock.elapsed();
    this.#lastAcceptedAt = now;
    this.#firstHeldUntil = -Infinity;
    this.#accepted.push(now);
    if (this.#accepted.length > 2 * MAX_RATE) this.#dropOldAccepted(now);
  }

  /** The API throttled the request sent at `sentAt`, and asked to wait `retryAfterMs`, if it said so. */
  reportThrottled(sentAt: number, retryAfterMs = 0): void {
    const now = this.clock.elapsed();
    // A request that is asked to wait longer than this fails, and no other one waits for that either.
    const askedFor = now + (retryAfterMs > MAX_RETRY_AFTER_MS ? 0 : retryAfterMs);
    this.#heldUntil = Math.max(this.#heldUntil, askedFor);
    // Later waits do not count: an API that asks for one after another would never use up the patience.
    if (askedFor > now && this.#firstHeldUntil + PATIENCE_MS < now) this.#firstHeldUntil = askedFor;
    // A request that was under way when the rate was last set shows nothing about the new rate.
    if (sentAt <= this.#ratedAt) {
      if (askedFor > this.#nextTurnAt) this.#putOffTurns(askedFor);
      return;
    }
    this.#dropOldAccepted(now);
    // Throttled although limited: the API's allowance is used up until its oldest request is WINDOW_MS old.
    const isUsedUp = now - this.#ratedAt < WINDOW_MS;
    const freeAt = isUsedUp ? (this.#accepted[0] ?? -Infinity) + WINDOW_MS : now;
    this.#lowerRate(now);
    this.#putOffTurns(Math.max(now + 1000 / this.#rate, freeAt));
  }

  /** The rate that has recovered until `now`, in requests per second. */
  #getRate(now: number): number {
    if (this.#rate === Infinity) return Infinity;
    const grown = this.#rate * this.#growth ** ((now - this.#ratedAt) / 1000);
    return grown >= MAX_RATE ? Infinity : grown;
  }

  #lowerRate(now: number): void {
    const measured = (this.#accepted.length * 1000) / WINDOW_MS;
    const isMeasured = measured >= FIRST_RATE || now - this.#busySince >= WINDOW_MS;
    const current = this.#getRate(now);
    const guess = current === Infinity ? FIRST_RATE : BACK_OFF * current;
    const wanted = isMeasured ? BACK_OFF * measured : guess;
    this.#rate = Math.max(MIN_RATE, Math.min(wanted, current));
    this.#growth = isMeasured ? GROWTH_PER_SECOND : FAST_GROWTH_PER_SECOND;
    this.#ratedAt = now;
  }

  #putOffTurns(until: number): void {
    this.#nextTurnAt = Math.max(until, this.#heldUntil);
    this.#delays += 1;
  }

  #dropOldAccepted(now: number): void {
    this.#accepted = this.#accepted.filter((at) => at > now - WINDOW_MS);
  }
}
