import type { EngineLog } from "./lookupSession";

/**
 * The sessions that show messages in one log. Lines that need no action do not hold up an answer: only the last
 * session that is running waits for those of all. The engine does not end the process while a call is running.
 */
export class RunningSessions {
  static readonly #ofLogs = new WeakMap<EngineLog, RunningSessions>();
  #running = 0;
  readonly #lines = new Set<Promise<void>>();

  /** The sessions of this log. */
  static of(log: EngineLog): RunningSessions {
    const known = RunningSessions.#ofLogs.get(log) ?? new RunningSessions();
    RunningSessions.#ofLogs.set(log, known);
    return known;
  }

  begin(): void {
    this.#running += 1;
  }

  /** Adds a line that was sent to the log. */
  add(line: Promise<void>): void {
    const known: Promise<void> = line.catch(() => undefined).finally(() => this.#lines.delete(known));
    this.#lines.add(known);
  }

  /** Ends a session. If no other one is running, resolves once the log has all lines. */
  async end(): Promise<void> {
    this.#running -= 1;
    if (this.#running === 0) await Promise.all(this.#lines);
  }
}
