import { formatAge } from "../backups/age";
import { maskUnprintable } from "../backups/text";
import type { LatestUMemBackup, LatestURedisBackup } from "../schemaTypes";
import { formatTable } from "./table";

/** What both functions for the newest usable backup return. */
export type LatestBackup = Pick<
  LatestUMemBackup & LatestURedisBackup,
  "backupId" | "createdAt" | "ageSeconds" | "skipped"
>;

/** The heading of the table, also in the demo. */
export const LATEST_HEADING = ["Source", "Restore from", "Age", "Newer but skipped"];

/** The row of {@link LATEST_HEADING} for one database. */
export function describeChoice(source: string, { backupId, ageSeconds, skipped }: LatestBackup): string[] {
  const reasons = skipped.map((each) => maskUnprintable(`${each.backupId}: ${each.reason}`));
  return [
    maskUnprintable(source),
    maskUnprintable(backupId),
    ageSeconds === undefined ? "unknown" : formatAge(ageSeconds),
    reasons.join("\n"),
  ];
}

/** The verdict in one sentence, then the table. */
export function describeLatest(source: string, latest: LatestBackup): string {
  const made = latest.createdAt === undefined ? "at an unknown time" : `at ${writeTime(latest.createdAt)}`;
  const skipped = countSkipped(latest.skipped.length);
  const verdict = `Restore ${source} from ${latest.backupId}, made ${made}${skipped}.`;
  return `${maskUnprintable(verdict)}\n\n${formatTable(LATEST_HEADING, [describeChoice(source, latest)])}`;
}

/** A time of the schema's results in words that name its zone: `2026-01-31 00:00:00 UTC`. */
export function writeTime(rfc3339: string): string {
  return rfc3339.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.0+)?Z$/, "$1 $2 UTC");
}

function countSkipped(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "; a newer one cannot be used" : `; ${count} newer ones cannot be used`;
}
