/** The whole fault table, in the order in which it is printed and documented. */
import { backups } from "./backups";
import { changes } from "./changes";
import { creations } from "./creations";
import { deletions } from "./deletions";
import type { RestoreFault } from "./faultCase";

export const restoreFaults: readonly RestoreFault[] = [...creations, ...changes, ...backups, ...deletions];

/** The cells of a fault's row in `docs/restoreFaults.md`. */
export function describeRestoreFault({ name, outcome, expected }: RestoreFault): string[] {
  const { made, adopted, leftOver } = expected;
  return [name, outcome, String(made), String(adopted), String(leftOver)];
}
