import { describeTime } from "./age";
import { describeSkipped } from "./pinMessages";
import type { Selectable, Selection } from "./selection";
import { quoteText } from "./text";

/** What a listing found, on one line: how many backups, the newest usable one and the newer ones that were skipped. */
export function describeList(
  { backups, latest, skipped }: Selection<Selectable>,
  options: {
    /** How many there were before the filters. */
    readonly listed: number;
    readonly description: string;
    readonly now: Date;
  },
): string {
  const { listed, description, now } = options;
  const kept = backups.length === listed ? "" : `${backups.length} of `;
  const all = `Listed ${kept}${listed} ${listed === 1 ? "backup" : "backups"} of ${description}.`;
  if (backups.length === 0) return all;
  if (latest === undefined) {
    const usable = backups.filter((each) => each.usable).length;
    const why =
      usable === 0 ? "None of them is usable." : `${usable} are usable, and the time of none is known.`;
    return `${all} ${why}`;
  }
  const newest = `Newest usable: ${quoteText(latest.backupId)}, made ${describeTime(latest.createdAt, now)}.`;
  return [all, newest, ...describeSkipped(skipped)].join(" ");
}
