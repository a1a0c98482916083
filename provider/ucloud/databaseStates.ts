/** What a state of a database says of its past. */

const BEFORE_RUNNING: ReadonlySet<string> = new Set(["Creating", "Starting", "CreateFail"]);

/** Whether a database in this state cannot have run yet. It holds nothing, and may have no address. */
export function isBeforeRunning(state: string | undefined): boolean {
  return state !== undefined && BEFORE_RUNNING.has(state);
}
