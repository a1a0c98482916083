import type { Simulator } from "../../simulator";
import type { Clock } from "../../provider/ucloud/clock";

/** A clock whose sleeps end at once, and move the simulated cloud's clock as far as its own. */
export interface CloudClock extends Clock {
  /** Lets time pass, here and in the cloud. */
  pass(seconds: number): void;
}

/** The machine's clock, plus what was slept. Its `random` is repeatable. */
export function createCloudClock(simulator: Pick<Simulator, "advance">): CloudClock {
  let addedMs = 0;
  let seed = 1;
  const pass = (seconds: number): void => {
    addedMs += seconds * 1000;
    simulator.advance(seconds);
  };
  return {
    pass,
    now: () => Date.now() + addedMs,
    elapsed: () => performance.now() + addedMs,
    sleep(ms, signal) {
      if (signal.aborted) return Promise.reject(new Error("aborted"));
      pass(ms / 1000);
      return Promise.resolve();
    },
    random() {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    },
  };
}
