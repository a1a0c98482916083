/**
 * What the API's states of a database mean for a wait. The API's list of states is not closed, and only
 * `Running` is documented as the end of a creation: a state that is not known here is waited for.
 */

const READY = "Running";
const PASSWORD_FAILED = "SetPasswordFail";

/** Creation ended, and the database will not run. */
const NEVER_RUNS: ReadonlySet<string> = new Set(["CreateFail", "Fail", "Deleting", "DeleteFail"]);

/** A change failed: waiting does not help, but the database exists. */
const FAILED_CHANGE: ReadonlySet<string> = new Set([
  "ReplicateFail",
  PASSWORD_FAILED,
  "ConfigFail",
  "SSLSwitchFail",
  "VersionUpgradeFail",
  "ResizeFail",
]);

/** Whether an earlier change of the database failed. It exists, and may well be changed again. */
export function isFailedChange(state: string | undefined): boolean {
  return state !== undefined && FAILED_CHANGE.has(state);
}

/** Whether the last password that was sent could not be set. */
export function hasPasswordFailed(state: string | undefined): boolean {
  return state === PASSWORD_FAILED;
}

/** Whether the database runs. */
export function isReady(state: string | undefined): boolean {
  return state === READY;
}

/** Whether a database in this state, which never ran, will not run any more. */
export function isLost(state: string | undefined): boolean {
  return state !== undefined && NEVER_RUNS.has(state);
}

/** Whether waiting for `Running` cannot help. */
export function isStuck(state: string | undefined): boolean {
  return isLost(state) || isFailedChange(state);
}
