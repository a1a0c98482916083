/**
 * Reading a list that the API hands out in pages, while nothing about those pages can be relied on: the server may
 * bring fewer rows than asked for, miscount, repeat pages, and change the list under the reader.
 *
 * A reading ends on an empty page, on a page that brings nothing new, or on a short page where `TotalCount` agrees
 * that this was all. Rows follow rows: each offset is where the rows received so far end, so that none is jumped over.
 */

import { isDeepStrictEqual } from "node:util";
import { RedisBackupError } from "./errors";
import type { Entry, Ledger, Listed } from "./ledgers";

/** How many rows a page is asked to bring. */
export const PAGE_SIZE = 100;
/** How many rows a listing may have. More fail loudly. */
export const MAX_ROWS = 100_000;
/** How often a list is read again because it changed while it was read. */
export const MAX_REREADINGS = 3;

/** One answer of the API. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** As the API said. It may be absent or wrong. */
  readonly totalCount?: number;
}

/** Where pages come from, and how they are told apart. */
export interface PageSource<Row> {
  fetchPage(offset: number, limit: number, signal: AbortSignal): Promise<Page<Listed<Row>>>;
  /** Called once for each reading. */
  createLedger(): Ledger<Row>;
  /** How many pages may be under way at once, the one waited for included. */
  readonly maxReadAhead: number;
}

/** A page as it was read: its new rows, and what tells whether the list held still. */
export interface ReadPage<Row> extends Page<Row>, Omit<Entry<Row>, "fresh"> {
  /** Whether no row of a page with rows was new: the server repeats itself. */
  readonly isRepeat: boolean;
}

/** Everything the API had, and what to tell the user about it. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly totalCount?: number;
  readonly warnings: readonly string[];
}

/**
 * Reads the list once, page after page, further pages being asked for while earlier ones are used. How far ahead is
 * asked depends on what is known: as far as `TotalCount` reaches where full pages make it believable, else one page,
 * then twice as many with each page that came as expected. A page of another length than the first drops what was
 * read ahead.
 *
 * @throws what fetching a page throws
 */
export async function* readPages<Row>(
  source: PageSource<Row>,
): AsyncGenerator<ReadPage<Row>, void, undefined> {
  const ledger = source.createLedger();
  const ahead = createReadAhead(source);
  let page = await ahead.take({ window: 1 });
  let received = 0;
  /** How many rows the first page brought, and so how far offsets step. */
  let step: number | undefined;
  let window = 1;

  try {
    for (;;) {
      const { rows, totalCount } = page;
      const isShort = rows.length < (step ?? PAGE_SIZE);
      received += rows.length;
      const { fresh, ...entry } = ledger.enter(rows);
      const isRepeat = rows.length > 0 && fresh.length === 0;
      yield { ...entry, rows: fresh, isRepeat, ...(totalCount === undefined ? {} : { totalCount }) };

      if (rows.length === 0 || isRepeat) return;
      // A count below what came is plainly wrong and says nothing about the end. UMem's may count backups, not rows.
      if (isShort && totalCount === received && !ledger.lacksRows()) return;

      const lastOffset = totalCount !== undefined && totalCount >= received ? totalCount : undefined;
      if (step === undefined) {
        step = rows.length;
        ahead.restart(received, step);
        window = lastOffset !== undefined && step >= PAGE_SIZE ? source.maxReadAhead : 1;
      } else if (rows.length === step) {
        window = Math.min(2 * window, source.maxReadAhead);
      } else {
        ahead.restart(received, step);
        window = 1;
      }
      page = await ahead.take({ window, ...(lastOffset === undefined ? {} : { lastOffset }) });
    }
  } finally {
    ahead.stop();
  }
}

/**
 * Reads the whole list. Where it changed meanwhile (`TotalCount` moved, rows came again, or rows that may have come
 * again do not add up to `TotalCount`), it is read once more, at most {@link MAX_REREADINGS} times. Two readings on end
 * that agree settle it; where none did, the last counts, with a warning.
 *
 * @throws RedisBackupError `BadResponse` beyond {@link MAX_ROWS} rows, and what fetching a page throws
 */
export async function readListing<Row>(source: PageSource<Row>): Promise<Listing<Row>> {
  let previous: Listing<Row> | undefined;
  for (let rereadings = 0; ; rereadings++) {
    const { isSteady, ...listing } = await readOnce(source);
    if (isSteady || isDeepStrictEqual(listing, previous)) return listing;
    if (rereadings === MAX_REREADINGS) {
      const warning =
        `The list of backups kept changing while it was read (${MAX_REREADINGS + 1} readings). ` +
        "A backup may be missing from it; look again in a minute.";
      return { ...listing, warnings: [...listing.warnings, warning] };
    }
    previous = listing;
  }
}

async function readOnce<Row>(source: PageSource<Row>): Promise<Listing<Row> & { isSteady: boolean }> {
  let rows: Row[] = [];
  const counts = new Set<number>();
  let hasRepeats = false;
  let hasDoubts = false;
  let lastRepeat: ReadPage<Row> | undefined;
  let totalCount: number | undefined;

  for await (const page of readPages(source)) {
    for (const row of page.rows) rows.push(row);
    if (rows.length > MAX_ROWS) refuseTooManyRows();
    if (page.totalCount !== undefined) counts.add((totalCount = page.totalCount));
    if (page.isRepeat) lastRepeat = page;
    else hasRepeats ||= page.repeated > 0;
    hasDoubts ||= page.doubtful > 0;
  }

  const revoked = new Set(lastRepeat?.revoked);
  if (revoked.size > 0) rows = rows.filter((row) => !revoked.has(row));
  const isAllThere = totalCount === rows.length;
  const warnings: string[] = [];
  if (lastRepeat !== undefined && !isAllThere) {
    warnings.push(
      "The API sent the same page twice and nothing after it. Backups may be missing from the list.",
    );
  }
  const isSteady =
    counts.size <= 1 && !hasRepeats && (isAllThere || !(hasDoubts || lastRepeat !== undefined));
  return { rows, warnings, isSteady, ...(totalCount === undefined ? {} : { totalCount }) };
}

/** @throws RedisBackupError `BadResponse` */
export function refuseTooManyRows(): never {
  const text = `The API lists more than ${MAX_ROWS} rows, which is too many to be right. Ask for less at a time.`;
  throw new RedisBackupError("BadResponse", text);
}

/** Pages that were asked for before they were needed, in their order. */
interface ReadAhead<Row> {
  /** Waits for the next page, with up to `window` pages under way, none of them beyond `lastOffset`. */
  take(options: { window: number; lastOffset?: number }): Promise<Page<Listed<Row>>>;
  /** Drops what was asked for, and goes on at `offset`. */
  restart(offset: number, step: number): void;
  /** Drops what was asked for. */
  stop(): void;
}

function createReadAhead<Row>(source: PageSource<Row>): ReadAhead<Row> {
  let abort = new AbortController();
  let queue: Promise<Page<Listed<Row>>>[] = [];
  let nextOffset = 0;
  let stepBy = PAGE_SIZE;

  return {
    async take({ window, lastOffset = Infinity }) {
      const ask = (): Promise<Page<Listed<Row>>> => {
        const page = source.fetchPage(nextOffset, PAGE_SIZE, abort.signal);
        page.catch(() => undefined); // Whoever takes it sees the failure; nobody misses it when it is dropped.
        nextOffset += stepBy;
        return page;
      };
      const head = queue.shift() ?? ask();
      while (queue.length + 1 < window && nextOffset <= lastOffset) queue.push(ask());
      return await head;
    },
    restart(offset, step) {
      abort.abort();
      abort = new AbortController();
      queue = [];
      nextOffset = offset;
      stepBy = step;
    },
    stop() {
      abort.abort();
    },
  };
}
