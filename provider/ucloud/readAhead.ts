import { type Page, PAGE_SIZE, type PageSource } from "./pageSource";
import type { ListedRow } from "./rowCollector";

/** Pages that are asked for before they are needed, in their order. */
export interface ReadAhead<Row> {
  /** Waits for the next page, with up to `window` pages under way, all of them before `end`. */
  take(options: { window: number; end?: number }): Promise<Page<ListedRow<Row>>>;
  /** Drops what was asked for, and goes on at `offset`. */
  restart(offset: number, step: number): void;
  /** Drops what was asked for. */
  stop(): void;
}

/** Creates a queue of pages that begins at offset 0. */
export function createReadAhead<Row>(source: PageSource<Row>): ReadAhead<Row> {
  let abort = new AbortController();
  let queue: Promise<Page<ListedRow<Row>>>[] = [];
  let nextOffset = 0;
  let stepBy = PAGE_SIZE;

  return {
    async take({ window, end = Infinity }) {
      const ask = (): Promise<Page<ListedRow<Row>>> => {
        const page = source.fetchPage(nextOffset, PAGE_SIZE, abort.signal);
        // A page that is dropped may fail unobserved. A page that is taken still rejects for its taker.
        page.catch(() => undefined);
        nextOffset += stepBy;
        return page;
      };
      const head = queue.shift() ?? ask();
      while (queue.length + 1 < window && nextOffset < end) queue.push(ask());
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
