import { type Page, PAGE_SIZE, type PageSource } from "../../provider/ucloud/pageSource";
import { type ListedRow, listRow, type RowCollector } from "../../provider/ucloud/rowCollector";
import { UMemRowCollector } from "../../provider/ucloud/umemRows";
import { URedisRowCollector } from "../../provider/ucloud/uredisRows";
import type { JsonObject } from "../../provider/ucloud/jsonFields";

/** One request for a page. */
export interface ListRequest {
  readonly offset: number;
  readonly signal: AbortSignal | undefined;
}

/** How a list answers. The defaults are those of an honest list. */
export interface ListBehaviour {
  /** The most rows that a page has. @default {@link PAGE_SIZE} */
  readonly cap?: number;
  /**
   * How many rows the page at `offset` lacks at its end, although more follow. At least one row always
   * remains.
   */
  readonly shortBy?: (offset: number) => number;
  /** The `TotalCount`. @default the number of rows */
  readonly countTotal?: (rows: readonly JsonObject[], page: readonly JsonObject[]) => number | undefined;
  /** The offset at which the page really begins. @default the requested one */
  readonly bendOffset?: (offset: number) => number;
  /** Called before a request is answered; `number` is 1 for the first. May change `list.rows`, or throw. */
  readonly onRequest?:
    ((number: number, request: ListRequest, list: FakeList) => void | Promise<void>) | undefined;
  readonly createCollector?: () => RowCollector<JsonObject>;
  /** @default 8 */
  readonly maxReadAhead?: number;
}

/** A list in memory that returns pages. */
export class FakeList implements PageSource<JsonObject> {
  readonly requests: ListRequest[] = [];
  /** The most requests that were under way concurrently and were not aborted. */
  peak = 0;
  readonly maxReadAhead: number;
  readonly createCollector: () => RowCollector<JsonObject>;
  private readonly underWay = new Set<ListRequest>();

  constructor(
    public rows: readonly JsonObject[],
    private readonly behaviour: ListBehaviour = {},
  ) {
    this.maxReadAhead = behaviour.maxReadAhead ?? 8;
    this.createCollector = behaviour.createCollector ?? (() => new URedisRowCollector());
  }

  get offsets(): number[] {
    return this.requests.map(({ offset }) => offset);
  }

  async fetchPage(offset: number, signal?: AbortSignal): Promise<Page<ListedRow<JsonObject>>> {
    const request = { offset, signal };
    this.requests.push(request);
    this.underWay.add(request);
    const wanted = [...this.underWay].filter((each) => each.signal?.aborted !== true);
    this.peak = Math.max(this.peak, wanted.length);
    const number = this.requests.length;
    try {
      // Lets the reader make all concurrent requests before the first answer comes.
      await Promise.resolve();
      await this.behaviour.onRequest?.(number, request, this);
      return this.answer(offset);
    } finally {
      this.underWay.delete(request);
    }
  }

  private answer(offset: number): Page<ListedRow<JsonObject>> {
    const { cap = PAGE_SIZE, shortBy, countTotal = countAll, bendOffset } = this.behaviour;
    const start = bendOffset?.(offset) ?? offset;
    const length = Math.max(1, cap - (shortBy?.(offset) ?? 0));
    const page = this.rows.slice(start, start + length);
    const totalCount = countTotal(this.rows, page);
    // Each answer is parsed on its own: equal rows of two pages are never the same object.
    const rows = listRows(page.map((row) => ({ ...row })));
    return totalCount === undefined ? { rows } : { rows, totalCount };
  }
}

/** Rows as pages hold them. They are not read into another type. */
export function listRows(rows: readonly JsonObject[]): ListedRow<JsonObject>[] {
  return rows.map((row) => listRow(row, row));
}

function countAll(rows: readonly JsonObject[]): number {
  return rows.length;
}

/** Creates `count` URedis rows, all different. */
export function createURedisRows(count: number, prefix = "backup"): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ BackupId: `${prefix}-${index}`, BackupTime: index }));
}

/** Collects rows of UMem, where {@link ListBehaviour} collects those of URedis by default. */
export function createUMemCollector(): RowCollector<JsonObject> {
  return new UMemRowCollector();
}

/** Ways in which a server may count. None of them may change which rows are found. */
export const COUNTINGS: Readonly<Record<string, NonNullable<ListBehaviour["countTotal"]>>> = {
  exact: (rows) => rows.length,
  absent: () => undefined,
  zero: () => 0,
  one: () => 1,
  tooBig: (rows) => 2 * rows.length + 1000,
  // Too big on the first page, absent later.
  fading: (rows, page) => (page[0] === rows[0] ? rows.length + 7 : undefined),
};

/** How many passes over the list were begun. */
export function countPasses(list: FakeList): number {
  return list.offsets.filter((offset) => offset === 0).length;
}

/** Changes the list just before the request with this number is answered. */
export function changeAt(
  when: number,
  change: (rows: readonly JsonObject[]) => JsonObject[],
): ListBehaviour["onRequest"] {
  return (number, _request, list) => {
    if (number === when) list.rows = change(list.rows);
  };
}
