import { setMaxListeners } from "node:events";
import type { Clock } from "../../provider/ucloud/clock";

/** A clock whose sleeps take no time: each is recorded, moves the clock on and ends at once. */
export interface InstantClock extends Clock {
  /** The sleeps so far, in milliseconds. */
  readonly slept: number[];
}

/** Creates a clock for tests in which real requests are made and only the waits between them are skipped. */
export function createInstantClock({ startMs = 0, chance = 0.5 } = {}): InstantClock {
  const slept: number[] = [];
  let nowMs = startMs;
  return {
    slept,
    now: () => nowMs,
    elapsed: () => nowMs,
    sleep: (ms, signal) => {
      slept.push(ms);
      nowMs += ms;
      return signal.aborted ? Promise.reject(new Error("aborted")) : Promise.resolve();
    },
    random: () => chance,
  };
}

/** A clock of simulated time: it stands still while anything can go on without it, then jumps to the next timer. */
export interface EventClock extends Clock {
  /** Lets time pass until `task` is done. Rejects when it waits for something that is no timer of this clock. */
  run<T>(task: Promise<T>): Promise<T>;
}

/** Creates a clock for tests that are all simulation. `random` is repeatable. */
export function createEventClock({ startMs = 1_000_000, seed = 1 } = {}): EventClock {
  const timers: { atMs: number; fire: () => void }[] = [];
  let nowMs = startMs;
  let state = seed;

  return {
    now: () => nowMs,
    elapsed: () => nowMs,
    random() {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(new Error("aborted"));
        if (signal.aborted) stop();
        signal.addEventListener("abort", stop);
        const fire = (): void => {
          signal.removeEventListener("abort", stop);
          resolve();
        };
        timers.push({ atMs: nowMs + ms, fire });
      }),
    async run(task) {
      const done: true[] = [];
      const watched = task.finally(() => done.push(true));
      watched.catch(() => undefined);
      for (;;) {
        // Everything that is ready goes first; nothing here waits for more than promises.
        await new Promise(setImmediate);
        if (done.length > 0) return watched;
        timers.sort((a, b) => a.atMs - b.atMs);
        const next = timers.shift();
        if (next === undefined) throw new Error("waits for something that no timer brings");
        nowMs = Math.max(nowMs, next.atMs);
        next.fire();
      }
    },
  };
}

/** A signal that nobody aborts. */
export const NEVER = new AbortController().signal;
// Many simulated requests wait at once; Node.js would take their listeners for a leak.
setMaxListeners(0, NEVER);
