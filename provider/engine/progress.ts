import type { Clock } from "../ucloud/clock";
import type { EngineLog } from "./lookupSession";

const INTERVAL_MS = 1000;

/**
 * Returns what shows at most one text a second, also to `--debug` unless its reader is told otherwise, and waits
 * for none. A text that came too early is dropped, as is one within the first `silentMs`.
 */
export function createProgress(options: {
  readonly log?: EngineLog | undefined;
  readonly urn?: string | undefined;
  readonly clock: Clock;
  readonly silentMs?: number | undefined;
  /** Whether `--debug` shows it. @default true */
  readonly isDebugged?: boolean;
}): (text: string) => void {
  const { log, urn, clock, silentMs, isDebugged = true } = options;
  let shownAtMs = silentMs === undefined ? -Infinity : clock.elapsed() + silentMs - INTERVAL_MS;
  return (text) => {
    const nowMs = clock.elapsed();
    if (nowMs - shownAtMs < INTERVAL_MS) return;
    shownAtMs = nowMs;
    log?.progress?.(text, urn).catch(() => undefined);
    if (isDebugged) log?.debug?.(text, urn).catch(() => undefined);
  };
}
