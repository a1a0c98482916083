/**
 * Ledgers tell a listing's new rows from rows it already had, which come again when the cloud's list shifts between
 * two pages or when a server repeats a page. What makes two rows the same differs between the two actions.
 */

import { readInteger, readText, type WireObject } from "./wire";

/** What a page brought. */
export interface Entry {
  /** The rows that were not there before, in the page's order. */
  readonly fresh: readonly WireObject[];
  /** How many rows were there before. */
  readonly repeated: number;
}

/** Remembers the rows of one reading. */
export interface Ledger {
  enter(page: readonly WireObject[]): Entry;
}

/** For `DescribeURedisBackup`: a row is a backup, known by its `BackupId`; one without an id by its whole content. */
export function createURedisLedger(): Ledger {
  const seen = new Set<string>();
  return {
    enter(page) {
      const fresh: WireObject[] = [];
      for (const row of page) {
        const id = readText(row, "BackupId");
        const key = id === undefined ? `row ${describe(row)}` : `id ${id}`;
        if (seen.has(key)) continue;
        seen.add(key);
        fresh.push(row);
      }
      return { fresh, repeated: page.length - fresh.length };
    },
  };
}

/**
 * For `DescribeUMemBackup`: a row is a shard, and the API gives shards no id, so two shards of one backup may look
 * exactly alike and both count. A row is taken for a repeat only where an equal one came on an earlier page and its
 * backup would otherwise have more rows than its `BlockCount` allows. A page nothing of which is new in that sense is
 * a repeated page as a whole.
 */
export function createUMemLedger(): Ledger {
  const rowsOfBackup = new Map<string, number>();
  const rowsLike = new Map<string, number>();

  return {
    enter(page) {
      const keyed = page.map((row) => ({ row, id: readText(row, "BackupId") ?? "", key: describe(row) }));
      const onThisPage = countBy(keyed.map(({ id }) => id));
      const isKnown = keyed.every(({ key }) => rowsLike.has(key));
      const exceeds = ({ row, id }: { row: WireObject; id: string }): boolean =>
        (rowsOfBackup.get(id) ?? 0) + (onThisPage.get(id) ?? 0) > (readInteger(row, "BlockCount") ?? 1);
      if (isKnown && keyed.some(exceeds)) return { fresh: [], repeated: page.length };

      const repeatsOf = new Map<string, number>();
      const fresh = keyed.filter((entry) => {
        const repeats = repeatsOf.get(entry.key) ?? 0;
        if (repeats >= (rowsLike.get(entry.key) ?? 0) || !exceeds(entry)) return true;
        repeatsOf.set(entry.key, repeats + 1);
        return false;
      });
      addTo(rowsLike, countBy(fresh.map(({ key }) => key)));
      addTo(rowsOfBackup, countBy(fresh.map(({ id }) => id)));
      return { fresh: fresh.map(({ row }) => row), repeated: page.length - fresh.length };
    },
  };
}

/** The row's content as text, the same for the same fields in any order. */
function describe(row: WireObject): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function addTo(totals: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
}
