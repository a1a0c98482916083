import { setTimeout as wait } from "node:timers/promises";

/** Time and randomness, injected so that tests neither wait nor depend on chance. */
export interface Clock {
  /** Milliseconds since 1970. Jumps when the machine's clock is set. */
  now(): number;
  /** Milliseconds since an arbitrary moment. Never goes back. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds; rejects immediately when `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A number from 0 to below 1. */
  random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
  random: () => Math.random(),
};
