import { setFlagsFromString } from "node:v8";

/** How much V8's heap may grow until its garbage is collected, in percent of what was in use. */
const GROWTH_PERCENT = 30;
/** V8 decides itself. */
const DEFAULT_PERCENT = 0;
/** The last version of Node.js that is known to have the flag. Others would print an error. */
const LAST_KNOWN_MAJOR = 24;
/** Shorter lists take little memory. */
const LONG_LIST_ROWS = 5000;

/**
 * Makes V8 collect garbage more often while long lists are read. By default, a heap of 40 MB grows to 130 MB first: a long
 * list that is read twice then takes 60 MB more, most of it of the first reading. Only for a process that is all our own.
 *
 * Not from the start: with another flag than it was built with, Node.js compiles its own modules instead of taking what it
 * holds, which costs 20 ms. The code that the plugin keeps is for the flags that it starts with, too.
 */
export class HeapGrowth {
  #isLimited = false;

  constructor(
    private readonly setFlag = setFlagsFromString,
    private readonly version = process.versions.node,
  ) {}

  /** To be called with each page of a list, and how many rows of it were read. */
  notePage({ rows }: { readonly rows: number }): void {
    if (rows >= LONG_LIST_ROWS && !this.#isLimited) this.#set(GROWTH_PERCENT);
  }

  /** Ends the limit. To be called when nothing is running. */
  rest(): void {
    if (this.#isLimited) this.#set(DEFAULT_PERCENT);
  }

  #set(percent: number): void {
    if (Number.parseInt(this.version) > LAST_KNOWN_MAJOR) return;
    this.#isLimited = percent !== DEFAULT_PERCENT;
    this.setFlag(`--heap-growing-percent=${percent}`);
  }
}
