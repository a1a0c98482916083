import type { Clock } from "../ucloud/clock";
import type { EngineLog } from "./lookupSession";

const INTERVAL_MS = 1000;

/** Returns what shows at most one text a second, and waits for none. A text that came too early is dropped. */
export function createProgress(options: {
  readonly log?: EngineLog | undefined;
  readonly urn?: string | undefined;
  readonly clock: Clock;
}): (text: string) => void {
  const { log, urn, clock } = options;
  let shownAtMs = -Infinity;
  return (text) => {
    const nowMs = clock.elapsed();
    if (nowMs - shownAtMs < INTERVAL_MS) return;
    shownAtMs = nowMs;
    log?.progress?.(text, urn).catch(() => undefined);
  };
}
