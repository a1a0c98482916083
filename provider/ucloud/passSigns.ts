import type { Page } from "./pageSource";
import { describeContent, type ListedRow } from "./rowCollector";

/** What the signs of a pass mean. */
export interface Verdict {
  /** Whether nothing shows that the list changed during the pass. */
  readonly isSteady: boolean;
  /** Whether each row came once, overlaps left out, or the API's count shows that all rows came. */
  readonly isExact: boolean;
  /** Whether the pass ended on rows that the API had sent before, not on the end of the list. */
  readonly isCutShort: boolean;
  /** Whether each page after the first began exactly with the rows at the end of the page before. */
  readonly areJoined: boolean;
  /** Whether a page lacked a row that was at the end of the page before. */
  readonly hasGap: boolean;
}

/**
 * Notes, during one pass, what shows that the list changed or that the API does not page it properly. The
 * last rows of each page are requested again with the next one. If they differ, the list shifted or has no
 * stable order.
 */
export class PassSigns<Row> {
  /** The last `TotalCount` that the API gave. */
  totalCount: number | undefined;
  /** How many pages came. */
  pages = 0;
  readonly #totalCounts = new Set<number>();
  /** The rows that the next page has to begin with. */
  #expected: readonly ListedRow<Row>[] = [];
  #isContinuous = true;
  #areJoined = true;
  #hasGap = false;
  #isCutShort = false;
  #hasUnknownBackup = false;

  /**
   * Notes a page.
   *
   * @returns how many rows at its start were at the end of the page before; 0 where these are others than
   * expected
   */
  notePage({ rows, totalCount }: Page<ListedRow<Row>>): number {
    this.pages += 1;
    if (totalCount !== undefined) {
      this.totalCount = totalCount;
      this.#totalCounts.add(totalCount);
    }
    const isContinuous = startsWith(rows, this.#expected);
    this.#isContinuous &&= isContinuous;
    this.#areJoined &&= isContinuous && (this.pages === 1 || this.#expected.length > 0);
    this.#hasGap ||= !holdsIds(rows, this.#expected);
    return isContinuous ? this.#expected.length : 0;
  }

  /** Says with which rows the next page has to begin. */
  expect(rows: readonly ListedRow<Row>[]): void {
    this.#expected = rows;
  }

  /** Notes that the pass ended on rows that had come before. */
  noteRepeatedPage(): void {
    this.#isCutShort = true;
  }

  /** Notes that a page that was requested again held a backup that had not come before. */
  noteUnknownBackup(): void {
    this.#hasUnknownBackup = true;
  }

  /**
   * Judges the pass. Where all pages gave one `TotalCount`, and that is the number of rows, every row came,
   * whatever the pages looked like.
   *
   * @param collected.isExact whether each row came once
   * @param collected.isAll whether the last `TotalCount` is the number of rows
   */
  judge(collected: { isExact: boolean; isAll: boolean }): Verdict {
    const isProven = collected.isAll && this.#totalCounts.size === 1;
    const isExact = collected.isExact || (this.#isCutShort && isProven);
    const isCutShort = this.#isCutShort && !isProven;
    const hasGap = this.#hasGap && !isProven;
    const isUnchanged = this.#isContinuous && !this.#hasUnknownBackup && this.#totalCounts.size <= 1;
    const isSteady = isUnchanged && isExact && !isCutShort && !hasGap;
    return { isSteady, isExact, isCutShort, areJoined: this.#areJoined, hasGap };
  }
}

/** Whether the ids of all expected rows are among those of a page, in whatever order. */
function holdsIds<Row>(rows: readonly ListedRow<Row>[], expected: readonly ListedRow<Row>[]): boolean {
  // In most lists they are where they are expected.
  if (expected.every(({ id }, index) => rows[index]?.id === id)) return true;
  const ids = new Set(rows.map(({ id }) => id));
  return expected.every(({ id }) => ids.has(id));
}

function startsWith<Row>(rows: readonly ListedRow<Row>[], expected: readonly ListedRow<Row>[]): boolean {
  return expected.every((each, index) => {
    const found = rows[index];
    if (found === undefined || found.id !== each.id) return false;
    return describeContent(found.row) === describeContent(each.row);
  });
}
