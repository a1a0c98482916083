import { setFlagsFromString } from "node:v8";

/** How much V8's heap may grow until its garbage is collected, in percent of what was in use. */
const GROWTH_PERCENT = 30;
/** V8 decides itself. */
const DEFAULT_PERCENT = 0;
/** By which factor V8's space for new objects grows; 1 leaves it as it is. */
const [NO_FACTOR, DEFAULT_FACTOR] = [1, 2];
/** The last version of Node.js that is known to have the flags. Others would print an error. */
const LAST_KNOWN_MAJOR = 24;
/** Shorter lists take little memory. */
const LONG_LIST_ROWS = 3000;

/**
 * Keeps V8 from taking memory for garbage while long lists are read. By default, a heap of 40 MB grows to 130 MB before it
 * is collected, and the space for new objects to 48 MB, on Node.js 24 to 128 MB and more. A list of 100,000 rows then takes
 * twice the memory, and no less time. Only for a process that is all our own.
 *
 * Not from the start: with other flags than it was built with, Node.js compiles its own modules instead of taking what it
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
    this.setFlag(`--semi-space-growth-factor=${this.#isLimited ? NO_FACTOR : DEFAULT_FACTOR}`);
  }
}
