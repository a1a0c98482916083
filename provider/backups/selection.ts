/** Which of the backups count, in which order, and which of them is the one to restore. */
import type { SkippedBackup } from "../schemaTypes";
import { InvalidInputError, type InputFailure } from "../ucloud/errors";
import { parseTime } from "./age";
import { withoutAbsent } from "./fields";
import { compileNameRegex } from "./nameRegex";
import { compareTexts } from "./order";
import { quoteText } from "./text";

/** The filters of all four functions, as the schema describes them. What is absent keeps all. */
export interface BackupFilters {
  /** RE2 syntax, found anywhere in the name. A backup without a name counts as one whose name is empty. */
  readonly nameRegex?: string;
  /** Compared without regard to case. */
  readonly backupTypes?: readonly string[];
  /** Compared without regard to case. */
  readonly states?: readonly string[];
  /** RFC 3339; keeps what was made then or later. */
  readonly createdAfter?: string;
  /** RFC 3339; keeps what was made earlier. */
  readonly createdBefore?: string;
}

/** What filters look at, common to both kinds of backup. */
export interface Filterable {
  readonly backupName?: string;
  readonly backupType?: string;
  readonly state?: string;
  readonly createdAt?: string;
}

/** What selecting looks at, common to both kinds of backup. */
export interface Selectable extends Filterable {
  readonly backupId: string;
  readonly usable: boolean;
}

/** The backups of a listing. */
export interface BackupList<T> {
  readonly backups: readonly T[];
  /** Why a backup that is not usable is passed over, in words that follow "it is" or "because". */
  readonly explain: (backup: T) => string;
}

/** What {@link selectBackups} found. */
export interface Selection<T> {
  /** Newest first; those of one moment by `backupId`, in code-unit order; those without a known time last. */
  readonly backups: T[];
  /**
   * The first usable one of `backups`. Absent where none is usable, and where several are and none of them has a known
   * time: which of them is the newest is then not known.
   */
  readonly latest?: T;
  /** Those strictly newer than `latest`, all unusable, in the same order. Without `latest`, all backups. */
  readonly skipped: SkippedBackup[];
}

type Keep = (backup: Filterable) => boolean;

/**
 * Turns the filters into one test, which keeps a backup that passes all of them. Backups without a known time pass no
 * time filter; backups without a type or state pass no filter on it.
 *
 * @throws InvalidInputError `[InvalidArgument]`, naming every property that is malformed at once.
 */
export function compileFilters(filters: BackupFilters): Keep {
  const failures: InputFailure[] = [];
  const tests: Keep[] = [];
  addNameTest(filters.nameRegex);
  addTextTest("backupTypes", "backupType");
  addTextTest("states", "state");
  addTimeTests();
  if (failures.length > 0) throw new InvalidInputError("InvalidArgument", failures);
  return (backup) => tests.every((test) => test(backup));

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

/** What the filters compare texts by. Not the locale's folding, under which `I` and `i` differ in Turkish. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}

/** Keeps, sorts and chooses. The result depends on the backups alone, not on their order. The list is not changed. */
export function selectBackups<T extends Selectable>(
  { backups, explain }: BackupList<T>,
  keep: (backup: T) => boolean,
): Selection<T> {
  const kept = sortNewestFirst(backups.filter((backup) => keep(backup)));
  const usable = kept.filter((backup) => backup.usable);
  const latest = usable.length > 1 && usable[0]?.createdAt === undefined ? undefined : usable[0];
  const newer = latest === undefined ? kept : takeNewer(kept, latest);
  const skipped = newer.map((backup) =>
    withoutAbsent<SkippedBackup>({
      backupId: backup.backupId,
      state: backup.state,
      createdAt: backup.createdAt,
      reason: backup.usable ? "its time is not known" : explain(backup),
    }),
  );
  return latest === undefined ? { backups: kept, skipped } : { backups: kept, latest, skipped };
}

/** What stands before `latest` and is not of the same moment: a tie by id makes nothing newer. */
function takeNewer<T extends Selectable>(sorted: readonly T[], latest: T): T[] {
  const end = sorted.findIndex(({ createdAt }) => createdAt === latest.createdAt);
  return sorted.slice(0, end);
}

/** Sorts in place. Readers write `createdAt` in one form of fixed width, whose text order is the order of time. */
function sortNewestFirst<T extends Selectable>(backups: T[]): T[] {
  const wholes = new Map<T, string>();
  // Backups of one moment without an id differ in other fields only; asked for such ties alone, as it is costly.
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
