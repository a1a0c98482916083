import { type Page, PAGE_SIZE, type PageSource } from "./pageSource";
import type { ListedRow } from "./rowCollector";

/** Why requests are aborted. Without a reason, each abort would make an error with a stack. */
const DISCARDED = "discarded";

/**
 * Requests pages before they are needed. The offsets of pages that are full differ by the same step, so
 * further pages are requested at offsets guessed from it. A page with another offset than the guessed one
 * discards what was requested.
 */
export class ReadAhead<Row> {
  #abort = new AbortController();
  #queue: Promise<Page<ListedRow<Row>>>[] = [];
  /** The offset of the page that was taken last. */
  #offset = 0;
  /** The offset of the next request. */
  #requestOffset = 0;
  #step = PAGE_SIZE;
  #firstPageLength: number | undefined;
  /** How many requests are under way concurrently, at most. */
  #window = 1;

  constructor(private readonly source: PageSource<Row>) {}

  /** Fetches the page at offset 0. */
  takeFirst(): Promise<Page<ListedRow<Row>>> {
    return this.#take(Infinity);
  }

  /**
   * Fetches the page at `offset`, the next one after the page that was taken last.
   *
   * @param options.lastLength how many rows the page that was taken last had
   * @param options.end from which offset on nothing is requested ahead, if a credible count says so
   */
  takeNext(
    offset: number,
    { lastLength, end }: { lastLength: number; end: number | undefined },
  ): Promise<Page<ListedRow<Row>>> {
    const { maxReadAhead } = this.source;
    if (this.#firstPageLength === undefined) {
      this.#firstPageLength = lastLength;
      this.#step = offset;
      this.#restart(offset);
      this.#window = end !== undefined && lastLength >= PAGE_SIZE ? maxReadAhead : 1;
    } else if (offset === this.#offset + this.#step) {
      this.#window = Math.min(2 * this.#window, maxReadAhead);
    } else {
      // The page was full, so the overlap grew: a backup with more shards makes it larger from here on.
      if (lastLength === this.#firstPageLength) this.#step = offset - this.#offset;
      this.#restart(offset);
      this.#window = 1;
    }
    this.#offset = offset;
    return this.#take(end ?? Infinity);
  }

  /** Aborts all requests that are under way. */
  stop(): void {
    this.#abort.abort(DISCARDED);
  }

  async #take(end: number): Promise<Page<ListedRow<Row>>> {
    const head = this.#queue.shift() ?? this.#request();
    while (this.#queue.length + 1 < this.#window && this.#requestOffset < end) {
      this.#queue.push(this.#request());
    }
    return await head;
  }

  #request(): Promise<Page<ListedRow<Row>>> {
    const page = this.source.fetchPage(this.#requestOffset, this.#abort.signal);
    // A discarded page may fail without an error. A page that is taken still rejects.
    page.catch(() => undefined);
    this.#requestOffset += this.#step;
    return page;
  }

  #restart(offset: number): void {
    this.#abort.abort(DISCARDED);
    this.#abort = new AbortController();
    this.#queue = [];
    this.#requestOffset = offset;
  }
}
