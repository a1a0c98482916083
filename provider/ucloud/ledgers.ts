/**
 * Ledgers tell a listing's new rows from rows it already had, which come again when the cloud's list shifts between
 * two pages or when a server repeats a page. What makes two rows the same differs between the two actions.
 */

import { hash } from "node:crypto";
import { isSingle, readField, readInteger, readName, type WireObject } from "./wire";

/** A row, and what tells it from others: as the API wrote it, since two that differ may be read into the same. */
export interface Listed<Row> {
  /** What it was read into. */
  readonly row: Row;
  /** Its `BackupId`; absent where the API gave none. */
  readonly id: string | undefined;
  /** How many rows its backup has; only UMem says so. */
  readonly blockCount: number | undefined;
  /**
   * Stands for its content, in a fifth of the length: of 100,000 rows, each is remembered. Says nothing of a row that is
   * known by its id.
   */
  digest(): string;
}

/** What tells the rows of an action apart. */
export interface Identity {
  /** Those that make a row's content, as far as they are single values; others may differ each time. */
  readonly fields: readonly string[];
  /** Whether a row that has an id is known by that alone. */
  readonly isKnownById: boolean;
}

/** Lists a row. Of the row itself nothing is kept: what else it holds may be large. */
export function listRow<Row>(wire: WireObject, row: Row, { fields, isKnownById }: Identity): Listed<Row> {
  const id = readName(wire, "BackupId");
  const content: unknown[] = [];
  for (const name of isKnownById && id !== undefined ? [] : fields) {
    const value = readField(wire, name);
    if (isSingle(value)) content.push(name, value);
  }
  return {
    row,
    id,
    blockCount: readInteger(wire, "BlockCount"),
    digest: () => hash("sha256", JSON.stringify(content), "base64"),
  };
}

/** What a page brought. */
export interface Entry<Row> {
  /** The rows that were not there before, in the page's order. */
  readonly fresh: readonly Row[];
  /** How many rows an earlier page had brought. */
  readonly repeated: number;
  /** How many of the fresh rows look like rows of earlier pages, and are new only as far as can be told. */
  readonly doubtful: number;
  /** Rows of earlier pages that counted as fresh, and now turn out to be this page coming again and again. */
  readonly revoked: readonly Row[];
}

/** Remembers the rows of one reading. */
export interface Ledger<Row> {
  enter(page: readonly Listed<Row>[]): Entry<Row>;
  /** Whether some of the rows so far say that others belong to them, which did not come. */
  lacksRows(): boolean;
}

/** More shards than any space has; a larger `BlockCount` must not let a server repeat itself for ever. */
const MAX_BLOCKS = 1000;

/** For `DescribeURedisBackup`: a row is a backup, known by its `BackupId`; one without an id by its whole content. */
export function createURedisLedger<Row>(): Ledger<Row> {
  const pageOfId = new Map<string, number>();
  const pageOfContent = new Map<string, number>();
  let pages = 0;
  return {
    enter(page) {
      pages += 1;
      let repeated = 0;
      const fresh = page.filter((listed) => {
        const { id } = listed;
        const pageOf = id === undefined ? pageOfContent : pageOfId;
        const key = id ?? listed.digest();
        const known = pageOf.get(key);
        if (known === undefined) pageOf.set(key, pages);
        // Twice on one page is how the server has it, and no sign of a list that shifts.
        else if (known < pages) repeated += 1;
        return known === undefined;
      });
      return { fresh: fresh.map(({ row }) => row), repeated, doubtful: 0, revoked: [] };
    },
    lacksRows: () => false,
  };
}

/**
 * For `DescribeUMemBackup`: a row is a shard, and the API gives shards no id, so two shards of one backup may look
 * exactly alike and both count. A row is taken for a repeat only where an equal one came on an earlier page and its
 * backup would otherwise have more rows than its `BlockCount` allows. A page nothing of which is new in that sense is
 * a repeated page as a whole, and so were equal pages before it.
 */
export function createUMemLedger<Row>(): Ledger<Row> {
  const rowsOfBackup = new Map<string, number>();
  const blocksOfBackup = new Map<string, number>();
  const rowsLike = new Map<string, number>();
  const doubtfulPages = new Map<string, Row[]>();

  return {
    enter(page) {
      const keyed = page.map((listed) => ({
        row: listed.row,
        id: listed.id ?? "",
        blockCount: listed.blockCount ?? 1,
        key: listed.digest(),
      }));
      const totals = countBy(keyed.map(({ id }) => id));
      for (const [id, count] of totals) totals.set(id, count + (rowsOfBackup.get(id) ?? 0));
      const exceeds = ({ id, blockCount }: { id: string; blockCount: number }): boolean =>
        (totals.get(id) ?? 0) > Math.min(blockCount, MAX_BLOCKS);
      const isKnown = page.length > 0 && keyed.every(({ key }) => rowsLike.has(key));
      const pageKey = isKnown ? JSON.stringify(keyed.map(({ key }) => key).sort()) : "";
      if (isKnown && keyed.some(exceeds)) {
        return {
          fresh: [],
          repeated: page.length,
          doubtful: 0,
          revoked: doubtfulPages.get(pageKey) ?? [],
        };
      }

      const matched = new Map<string, number>();
      let doubtful = 0;
      const fresh = keyed.filter((entry) => {
        const matches = matched.get(entry.key) ?? 0;
        if (matches >= (rowsLike.get(entry.key) ?? 0)) return true;
        matched.set(entry.key, matches + 1);
        if (!exceeds(entry)) {
          doubtful += 1;
          return true;
        }
        totals.set(entry.id, (totals.get(entry.id) ?? 0) - 1);
        return false;
      });
      addTo(rowsLike, countBy(fresh.map(({ key }) => key)));
      addTo(rowsOfBackup, countBy(fresh.map(({ id }) => id)));
      for (const { id, blockCount } of fresh) blocksOfBackup.set(id, blockCount);
      const rows = fresh.map(({ row }) => row);
      if (isKnown) doubtfulPages.set(pageKey, [...(doubtfulPages.get(pageKey) ?? []), ...rows]);
      return { fresh: rows, repeated: page.length - rows.length, doubtful, revoked: [] };
    },
    lacksRows: () => [...blocksOfBackup].some(([id, blocks]) => (rowsOfBackup.get(id) ?? 0) < blocks),
  };
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function addTo(totals: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
}
