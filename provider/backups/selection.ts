/** Filters and sorts backups, and finds the newest usable one. */
import type { SkippedBackup } from "../schemaTypes";
import type { InputFailure } from "../ucloud/errors";
import { parseTime } from "./age";
import { dropUndefined } from "./fields";
import { compileNameRegex } from "./nameRegex";
import { compareTexts } from "./order";
import { quoteText } from "./text";

/** The filters of all four functions, as the schema describes them. A filter that is absent keeps everything. */
export interface BackupFilters {
  /** RE2 syntax, unanchored. A backup without a name is matched as an empty name. */
  readonly nameRegex?: string;
  /** Case does not matter. */
  readonly backupTypes?: readonly string[];
  /** Case does not matter. */
  readonly states?: readonly string[];
  /** RFC 3339. Keeps backups made then or later. */
  readonly createdAfter?: string;
  /** RFC 3339. Keeps backups made earlier. */
  readonly createdBefore?: string;
}

/** The fields that filters read, which both kinds of backup have. */
export interface Filterable {
  readonly backupName?: string;
  readonly backupType?: string;
  readonly state?: string;
  readonly createdAt?: string;
}

/** The fields that a selection reads, which both kinds of backup have. */
export interface Selectable extends Filterable {
  readonly backupId: string;
  readonly usable: boolean;
}

/** The backups of a listing. */
export interface BackupList<T> {
  readonly backups: readonly T[];
  /** Why a backup is not usable, as a phrase such as "still running". */
  readonly explain: (backup: T) => string;
}

/** The result of {@link selectBackups}. */
export interface Selection<T> {
  /** Newest first. Equal times are sorted by `backupId`, by code unit. Backups without a known time come last. */
  readonly backups: T[];
  /**
   * The first usable one of `backups`. Absent if none is usable. Also absent if several are usable and none of them has a
   * known time, because it is then not known which one is the newest.
   */
  readonly latest?: T;
  /** The backups strictly newer than `latest`, all of them unusable, in the same order. Without `latest`, all backups. */
  readonly skipped: SkippedBackup[];
}

/** Whether a filter keeps a backup. */
type Test = (backup: Filterable) => boolean;

/** The result of {@link compileFilters}. */
export interface CompiledFilters {
  /** Whether all filters keep a backup. Keeps none if a filter is malformed. */
  readonly keep: Test;
  /** What is wrong with each malformed filter. */
  readonly failures: readonly InputFailure[];
}

/**
 * Compiles the filters. Backups without a known time pass no time filter. Backups without a type or state pass no filter
 * on it.
 */
export function compileFilters(filters: BackupFilters): CompiledFilters {
  const failures: InputFailure[] = [];
  const tests: Test[] = [];
  addNameTest(filters.nameRegex);
  addTextTest("backupTypes", "backupType");
  addTextTest("states", "state");
  addTimeTests();
  return { keep: (backup) => failures.length === 0 && tests.every((test) => test(backup)), failures };

  function addNameTest(pattern: string | undefined): void {
    if (pattern === undefined) return;
    const regex = compileNameRegex(pattern);
    if ("reason" in regex) failures.push({ property: "nameRegex", reason: regex.reason });
    else tests.push(({ backupName }) => regex.test(backupName ?? ""));
  }

  function addTextTest(property: "backupTypes" | "states", field: "backupType" | "state"): void {
    const wanted = filters[property];
    if (wanted === undefined) return;
    if (wanted.length === 0 || wanted.some((text) => text.trim() === "")) {
      const fault = wanted.length === 0 ? "must not be empty" : "must not hold an empty text";
      failures.push({ property, reason: `${fault}; leave it out to keep all` });
      return;
    }
    const folded = new Set(wanted.map(foldCase));
    tests.push(({ [field]: text }) => text !== undefined && folded.has(foldCase(text)));
  }

  function addTimeTests(): void {
    const after = readTime("createdAfter");
    const before = readTime("createdBefore");
    if (after !== undefined && before !== undefined && after >= before) {
      const reason = "must be earlier than createdBefore, else no backup can be both";
      failures.push({ property: "createdAfter", reason });
    }
    if (after === undefined && before === undefined) return;
    const [earliest, end] = [after ?? -Infinity, before ?? Infinity];
    tests.push(({ createdAt }) => {
      const time = createdAt === undefined ? undefined : parseTime(createdAt);
      return time !== undefined && time >= earliest && time < end;
    });
  }

  function readTime(property: "createdAfter" | "createdBefore"): number | undefined {
    const text = filters[property];
    const time = text === undefined ? undefined : parseTime(text);
    if (text !== undefined && time === undefined) {
      const expected = "an RFC 3339 date and time with its zone, such as 2026-01-31T00:00:00Z";
      failures.push({ property, reason: `${quoteText(text)} is not ${expected}` });
    }
    return time;
  }
}

/** Folds case for comparison. It ignores the locale, as `I` and `i` differ in a Turkish one. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}

/** Filters, sorts and chooses. The result does not depend on the order of the backups. The list is not changed. */
export function selectBackups<T extends Selectable>(
  { backups, explain }: BackupList<T>,
  keep: (backup: T) => boolean,
): Selection<T> {
  const kept = sortNewestFirst(backups.filter((backup) => keep(backup)));
  const usable = kept.filter((backup) => backup.usable);
  const latest = usable.length > 1 && usable[0]?.createdAt === undefined ? undefined : usable[0];
  const newer = latest === undefined ? kept : takeNewer(kept, latest);
  const skipped = newer.map((backup) =>
    dropUndefined<SkippedBackup>({
      backupId: backup.backupId,
      state: backup.state,
      createdAt: backup.createdAt,
      reason: backup.usable ? "its time is not known" : explain(backup),
    }),
  );
  return latest === undefined ? { backups: kept, skipped } : { backups: kept, latest, skipped };
}

/** The backups strictly newer than `latest`. One made at the same time is not newer, although it may be sorted before. */
function takeNewer<T extends Selectable>(sorted: readonly T[], latest: T): T[] {
  const end = sorted.findIndex(({ createdAt }) => createdAt === latest.createdAt);
  return sorted.slice(0, end);
}

/** Sorts in place. The row readers write `createdAt` in a form of fixed width, so that its text order is its time order. */
function sortNewestFirst<T extends Selectable>(backups: T[]): T[] {
  const wholes = new Map<T, string>();
  // Backups of one time without an id may differ in other fields only. Costly, so only used for such ties.
  const describeWhole = (backup: T): string => {
    const whole = wholes.get(backup) ?? JSON.stringify(backup);
    wholes.set(backup, whole);
    return whole;
  };
  return backups.sort(
    (a, b) =>
      compareTexts(b.createdAt ?? "", a.createdAt ?? "") ||
      compareTexts(a.backupId, b.backupId) ||
      compareTexts(describeWhole(a), describeWhole(b)),
  );
}
