/**
 * Merges the rows of several answers of one action. Rows of the same backup may come in more than one answer:
 * pages overlap, the list can change between two answers, and the API promises no order. What makes two rows
 * the same differs between the two actions.
 */

import { readInteger, readName, type JsonObject } from "./jsonFields";

/** A row, and which backup it belongs to. */
export interface ListedRow<Row> {
  readonly row: Row;
  /** Its id, such as its `BackupId`; `""` if the API gave none. Such a row is listed, but never usable. */
  readonly id: string;
  /** Its `BlockCount`: how many shards its backup has. Only UMem rows have one. */
  readonly blockCount: number | undefined;
}

/** The rows of one pass. */
export interface CollectedRows<Row> {
  readonly rows: readonly Row[];
  /** Whether each row came once, overlaps left out. Otherwise some of what came is not among `rows`. */
  readonly isExact: boolean;
  /**
   * The UMem backups of which one answer held at least `BlockCount` rows. Each row of one answer counts as a
   * shard.
   */
  readonly completeIds: ReadonlySet<string>;
  /** The UMem backups with `BlockCount` rows that came once each and all differ, but never in one answer. */
  readonly distinctIds: ReadonlySet<string>;
  /**
   * The UMem backups of which `BlockCount` rows came, in several answers, where some look alike. These may be
   * further shards, or the same ones again.
   */
  readonly ambiguousIds: ReadonlySet<string>;
}

/** Collects the rows of one pass over a list. */
export interface RowCollector<Row> {
  /**
   * Adds the answer for the next page.
   *
   * @param overlap how many rows at its start were already at the end of the page before
   * @returns whether any other row of it may be new
   */
  addPage(rows: readonly ListedRow<Row>[], overlap: number): boolean;
  /**
   * Adds the answer for rows that came before in several answers. @returns whether all of its backups were
   * known
   */
  addAgain(rows: readonly ListedRow<Row>[]): boolean;
  /** How many rows the page after one of this length has to repeat, so that a list that shifts is noticed. */
  getOverlap(pageLength: number): number;
  /** Whether `totalCount` is the number of all rows that came, and cannot be the number of anything else. */
  isAll(totalCount: number | undefined): boolean;
  /** Offsets of pages of this length, each with all rows of backups whose rows came in several answers. */
  findSplitPages(pageLength: number): readonly number[];
  collect(): CollectedRows<Row>;
}

/**
 * Lists `row`, which was read from `json`.
 *
 * @param idField the field that tells rows apart
 */
export function listRow<Row>(json: JsonObject, row: Row, idField = "BackupId"): ListedRow<Row> {
  return { row, id: readName(json, idField) ?? "", blockCount: readInteger(json, "BlockCount") };
}

/** What tells a row from others with the same id, as far as anything does. */
export function describeContent(row: unknown): string {
  return JSON.stringify(row);
}
