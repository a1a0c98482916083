/** The whole fault table, in the order in which it is printed and documented. */
import { backups } from "./backups";
import { changes } from "./changes";
import { creations } from "./creations";
import { deletions } from "./deletions";
import { drift } from "./drift";
import { expiries } from "./expiries";
import type { RestoreFault } from "./faultCase";
import { interruptions } from "./interruptions";
import { kills } from "./kills";
import { lateRows } from "./lateRows";
import { replacements } from "./replacements";
import { waits } from "./waits";

export const restoreFaults: readonly RestoreFault[] = [
  ...creations,
  ...waits,
  ...lateRows,
  ...changes,
  ...backups,
  ...deletions,
  ...kills,
  ...interruptions,
  ...expiries,
  ...replacements,
  ...drift,
];

/** The cells of a fault's row in `docs/restoreFaults.md`. */
export function describeRestoreFault({ name, outcome, expected }: RestoreFault): string[] {
  const { made, adopted, leftOver } = expected;
  return [name, outcome, String(made), String(adopted), String(leftOver)];
}
