/** Who follows the work of connections that several sessions share. */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Wait, Watch } from "../ucloud/watch";

const followers = new AsyncLocalStorage<Watch>();

/** Runs a task whose work `watch` follows. What it shares with a task that began before is followed by that one. */
export function followWork<Result>(watch: Watch, task: () => Result): Result {
  return followers.run(watch, task);
}

/** Passes what happens on to whoever follows the task that is running, and to `host`. */
export function createWorkWatch(host: Watch = {}): Watch {
  const list = (): Watch[] => [host, followers.getStore() ?? {}];
  return {
    onAttempt: (attempt) => list().forEach((watch) => watch.onAttempt?.(attempt)),
    onPage: (page) => list().forEach((watch) => watch.onPage?.(page)),
    onWait(wait: Wait) {
      const ends = list().map((watch) => watch.onWait?.(wait));
      return () => ends.forEach((end) => end?.());
    },
  };
}
