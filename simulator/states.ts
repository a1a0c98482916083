import type { Database } from "./databases";

/** Returns the state of a new database of this kind. */
export function pendingState(kind: Database["kind"]): string {
  return kind === "uredis" ? "Creating" : "Starting";
}

/** Returns the state of a database of this kind that could not be created. */
export function failState(kind: Database["kind"]): string {
  return kind === "uredis" ? "CreateFail" : "Fail";
}
