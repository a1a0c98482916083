import type { ListedRow, RowCollector } from "./rowCollector";

/** How many rows a page is asked to bring. */
export const PAGE_SIZE = 100;

/** One answer of the API. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** As the API said. It may be absent or wrong. */
  readonly totalCount?: number;
}

/** Where pages come from, and how their rows are told apart. */
export interface PageSource<Row> {
  fetchPage(offset: number, limit: number, signal: AbortSignal): Promise<Page<ListedRow<Row>>>;
  /** Called once for each reading. */
  createCollector(): RowCollector<Row>;
  /** Whether the first page is all that is wanted, because it holds the one row that was asked for. */
  isSufficient?(rows: readonly ListedRow<Row>[]): boolean;
  /** How many pages may be under way concurrently, the one waited for included. */
  readonly maxReadAhead: number;
}
