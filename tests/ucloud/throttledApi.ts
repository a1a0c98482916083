import type { Clock } from "../../provider/ucloud/clock";
import { RateLimiter, StarvedError } from "../../provider/ucloud/rateLimiter";
import { decideRetry } from "../../provider/ucloud/retry";
import { NEVER } from "../support/fakeClock";

/** The outcome of a simulated batch of requests. */
export interface BatchOutcome {
  readonly sent: number;
  readonly failed: number;
  readonly seconds: number;
}

/** What the simulated API accepts. */
export interface Limits {
  /** Whether a request that arrives at `nowMs` is accepted. */
  readonly admit: (nowMs: number) => boolean;
  readonly latencyMs?: number;
  /** The `Retry-After` of requests that are not accepted. @default none */
  readonly retryAfterMs?: number;
}

/**
 * Sends `count` requests to a simulated API as the client does, in the clock's time: `atOnce` concurrently,
 * rate-limited, each with up to 3 retries.
 */
export async function sendBatch(
  clock: Clock,
  { admit, latencyMs = 20, retryAfterMs, count, atOnce = 8 }: Limits & { count: number; atOnce?: number },
): Promise<BatchOutcome> {
  const limiter = new RateLimiter(clock);
  const startedAt = clock.now();
  let sent = 0;
  let failed = 0;
  let free = atOnce;
  const waiting: (() => void)[] = [];

  async function takeSlot<T>(task: () => Promise<T>): Promise<T> {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  }

  async function attempt(waitingSince: number): Promise<boolean> {
    const sentAt = await limiter.takeTurn({ signal: NEVER }, waitingSince);
    sent += 1;
    await clock.sleep(latencyMs / 2, NEVER);
    const isAccepted = admit(clock.now());
    await clock.sleep(latencyMs / 2, NEVER);
    if (isAccepted) limiter.reportAccepted();
    else limiter.reportThrottled(sentAt, retryAfterMs);
    return isAccepted;
  }

  async function request(): Promise<void> {
    let waitingSince = clock.elapsed();
    for (let tries = 1; !(await takeSlot(() => attempt(waitingSince))); tries++) {
      const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
      const delayMs = decideRetry({
        failure: { code: "Throttled", isRetryable: true, what: "", advice: "", ...asked },
        attempt: tries,
        maxRetries: 3,
        chance: clock.random(),
      });
      if (delayMs === undefined) {
        failed += 1;
        return;
      }
      await clock.sleep(delayMs, NEVER);
      if (retryAfterMs !== undefined) waitingSince = clock.elapsed();
    }
  }

  const settle = (): Promise<void> =>
    request().catch((error: unknown) => {
      if (!(error instanceof StarvedError)) throw error;
      failed += 1;
    });
  await Promise.all(Array.from({ length: count }, settle));
  return { sent, failed, seconds: (clock.now() - startedAt) / 1000 };
}

/** Accepts at most `perSecond` requests in any second. Refused ones do not count. */
export function createSlidingWindow(perSecond: number): (nowMs: number) => boolean {
  let admitted: number[] = [];
  return (nowMs) => {
    admitted = admitted.filter((at) => at > nowMs - 1000);
    if (admitted.length >= perSecond) return false;
    admitted.push(nowMs);
    return true;
  };
}

/** Accepts at most `perSecond` requests in each second of the clock, refused ones included. */
export function createFixedWindow(perSecond: number): (nowMs: number) => boolean {
  let second = -1;
  let admitted = 0;
  return (nowMs) => {
    if (Math.floor(nowMs / 1000) !== second) {
      second = Math.floor(nowMs / 1000);
      admitted = 0;
    }
    admitted += 1;
    return admitted <= perSecond;
  };
}

/** Accepts `perSecond` requests a second on average, and `burst` concurrently after a pause. */
export function createTokenBucket(perSecond: number, burst: number): (nowMs: number) => boolean {
  let tokens = burst;
  let filledAt: number | undefined;
  return (nowMs) => {
    tokens = Math.min(burst, tokens + ((nowMs - (filledAt ?? nowMs)) * perSecond) / 1000);
    filledAt = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Throttles only the requests with these numbers; 1 is the first. */
export function createStray(...numbers: number[]): (nowMs: number) => boolean {
  let arrived = 0;
  return () => !numbers.includes(++arrived);
}
