/** What the engine's log says while requests are under way: progress to all, and to `--debug` each wait with its reason. */

import type { Clock } from "../ucloud/clock";
import type { PageRead, Wait, Watch } from "../ucloud/watch";
import type { EngineLog } from "./lookupSession";
import { createProgress } from "./progress";

/** How long a task may list before its progress is shown. */
const SILENT_MS = 2000;

/** Creates the watch of one task. Its lines are passed to `addLine`. */
export function createWorkLog(options: {
  readonly log?: EngineLog | undefined;
  readonly urn?: string | undefined;
  readonly clock: Clock;
  readonly addLine: (line: Promise<void> | undefined) => void;
}): Watch {
  const { log, urn, clock, addLine } = options;
  if (log === undefined) return {};
  const reportPage = createProgress({ log, urn, clock, silentMs: SILENT_MS });
  // Each wait has a line of its own for `--debug`.
  const reportWait = createProgress({ log, urn, clock, isDebugged: false });
  return {
    // A list of one page, which a wait looks at again and again, is no work worth showing.
    onPage(page) {
      if (page.pages > 1) reportPage(describePage(page));
    },
    onWait(wait) {
      const texts = describeWait(wait);
      if (texts === undefined) return undefined;
      if (wait.delayMs >= LEAST_SHOWN_MS) reportWait(texts.progress);
      addLine(log.debug?.(texts.debug, urn));
      return undefined;
    },
  };
}

/** Shorter waits are over before anyone reads of them. */
const LEAST_SHOWN_MS = 1000;

function describePage({ action, pages, rows, totalCount = 0 }: PageRead): string {
  const all = totalCount >= rows ? ` of ${totalCount}` : "";
  return `${action}: ${rows}${all} rows in ${pages} pages`;
}

/** None where the one who waits says why. */
function describeWait(wait: Wait): { readonly progress: string; readonly debug: string } | undefined {
  if (wait.kind === "look") return undefined;
  const { action, delayMs } = wait;
  const seconds = `${delayMs < 10_000 ? (delayMs / 1000).toFixed(1) : Math.round(delayMs / 1000)} s`;
  if (wait.kind === "turn") {
    const text = `throttled; next request in ${seconds}`;
    return { progress: text, debug: `${action}: ${text}, since the API takes no more of them.` };
  }
  const { attempt, maxRetries, code, reason } = wait;
  const next = `next attempt in ${seconds}, ${maxRetries - attempt + 1} of ${maxRetries} left`;
  const what = code === "Throttled" ? "throttled" : `${action} failed (${reason})`;
  return {
    progress: `${what}; ${next}`,
    debug: `${action}: attempt ${attempt} failed, [${code}] ${reason}; ${next}.`,
  };
}
