import type { ListedRow, RowCollector } from "./rowCollector";
import type { PageRead } from "./watch";

/** How many rows each page is asked for. The API documents no maximum, and may return fewer. */
export const PAGE_SIZE = 100;

/** One answer of the API. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The API's `TotalCount`. It may be absent or wrong. */
  readonly totalCount?: number;
}

/** Fetches the pages of one list, and collects their rows. */
export interface PageSource<Row> {
  /** Asks for {@link PAGE_SIZE} rows from `offset` on. */
  fetchPage(offset: number, signal?: AbortSignal): Promise<Page<ListedRow<Row>>>;
  /** Called once for each pass. */
  createCollector(): RowCollector<Row>;
  /** Whether the first page is all that is wanted, because it holds the one row that was asked for. */
  isSufficient?(rows: readonly ListedRow<Row>[]): boolean;
  /** Called after each page of a pass. */
  onPage?(page: Omit<PageRead, "action">): void;
  /** How many requests may be under way concurrently, the one that is waited for included. */
  readonly maxReadAhead: number;
}
