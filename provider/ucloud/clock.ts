import { setTimeout as wait } from "node:timers/promises";

/** Time and chance, handed in so that tests need neither to wait nor to be lucky. */
export interface Clock {
  /** Milliseconds since 1970. It jumps when somebody sets the clock. */
  now(): number;
  /** Milliseconds since some moment. It only ever goes on. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds; rejects at once when `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
  random: () => Math.random(),
};
