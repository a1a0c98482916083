import type { Page, PageSource } from "../../provider/ucloud/pageSource";
import { type ListedRow, listRow, type RowCollector } from "../../provider/ucloud/rowCollector";
import { URedisRowCollector } from "../../provider/ucloud/uredisRows";
import type { JsonObject } from "../../provider/ucloud/jsonFields";

/** One request for a page, as the list got it. */
export interface Asked {
  readonly offset: number;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** How a list answers; the defaults are those of an honest one. */
export interface ListManners {
  /** The most rows a page brings, whatever was asked. @default as asked */
  readonly cap?: number;
  /** How many rows the page at `offset` lacks at its end, although more follow. At least one is always left. */
  readonly shortBy?: (offset: number) => number;
  /** What `TotalCount` says. @default the number of rows */
  readonly countTotal?: (rows: readonly JsonObject[], page: readonly JsonObject[]) => number | undefined;
  /** Another offset than the one asked for. */
  readonly bendOffset?: (offset: number) => number;
  /** Called before a request is answered; `number` is 1 for the first. May change `list.rows`, or throw. */
  readonly onRequest?: ((number: number, asked: Asked, list: FakeList) => void | Promise<void>) | undefined;
  readonly createCollector?: () => RowCollector<JsonObject>;
  /** @default 8 */
  readonly maxReadAhead?: number;
}

/** A list in memory that hands out pages. */
export class FakeList implements PageSource<JsonObject> {
  readonly asked: Asked[] = [];
  /** The most requests that were under way at once and had not been given up. */
  peak = 0;
  readonly maxReadAhead: number;
  readonly createCollector: () => RowCollector<JsonObject>;
  private readonly underWay = new Set<Asked>();

  constructor(
    public rows: readonly JsonObject[],
    private readonly manners: ListManners = {},
  ) {
    this.maxReadAhead = manners.maxReadAhead ?? 8;
    this.createCollector = manners.createCollector ?? (() => new URedisRowCollector());
  }

  get offsets(): number[] {
    return this.asked.map(({ offset }) => offset);
  }

  async fetchPage(offset: number, limit: number, signal: AbortSignal): Promise<Page<ListedRow<JsonObject>>> {
    const asked = { offset, limit, signal };
    this.asked.push(asked);
    this.underWay.add(asked);
    const wanted = [...this.underWay].filter((each) => !each.signal.aborted);
    this.peak = Math.max(this.peak, wanted.length);
    const number = this.asked.length;
    try {
      // Lets the reader ask for all it wants at once before the first answer comes.
      await Promise.resolve();
      await this.manners.onRequest?.(number, asked, this);
      return this.answer(offset, limit);
    } finally {
      this.underWay.delete(asked);
    }
  }

  private answer(offset: number, limit: number): Page<ListedRow<JsonObject>> {
    const { cap = limit, shortBy, countTotal = countAll, bendOffset } = this.manners;
    const start = bendOffset?.(offset) ?? offset;
    const length = Math.max(1, cap - (shortBy?.(offset) ?? 0));
    const page = this.rows.slice(start, start + length);
    const totalCount = countTotal(this.rows, page);
    // Answers are parsed one by one: equal rows of two pages are never the same object.
    const rows = listRows(page.map((row) => ({ ...row })));
    return totalCount === undefined ? { rows } : { rows, totalCount };
  }
}

/** Rows as pages hold them; what they are read into is what they are. */
export function listRows(rows: readonly JsonObject[]): ListedRow<JsonObject>[] {
  return rows.map((row) => listRow(row, row));
}

function countAll(rows: readonly JsonObject[]): number {
  return rows.length;
}

/** So many URedis rows, all different. */
export function createURedisRows(count: number, prefix = "backup"): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ BackupId: `${prefix}-${index}`, BackupTime: index }));
}
