import { backups } from "./backups";
import { changes } from "./changes";
import { creations } from "./creations";
import { deletions } from "./deletions";
import { drift } from "./drift";
import { expiries } from "./expiries";
import type { RestoreFault } from "./restoreFaultCase";
import { interruptions } from "./interruptions";
import { kills } from "./kills";
import { lateRows } from "./lateRows";
import { lostRegions } from "./lostRegions";
import { replacements } from "./replacements";
import { waits } from "./waits";

/** The table's parts, in its order. Each has a test file of its own, so that they run in parallel. */
export const tableParts = {
  creations: [...creations, ...waits, ...lateRows],
  changes,
  endings: [...backups, ...deletions],
  runs: [...kills, ...interruptions, ...expiries, ...replacements, ...drift, ...lostRegions],
} as const satisfies Readonly<Record<string, readonly RestoreFault[]>>;

/** The whole fault table, in the order in which it is printed and documented. */
export const restoreFaults: readonly RestoreFault[] = Object.values(tableParts).flat();

/** The cells of a fault's row in `docs/restoreFaults.md`. */
export function describeRestoreFault({ name, outcome, expected }: RestoreFault): string[] {
  const { made, adopted, leftOver } = expected;
  return [name, outcome, String(made), String(adopted), String(leftOver)];
}
