/**
 * What a command writes: results to standard output, everything else to standard error. No text of the API or
 * of the user can send control characters to the terminal.
 */

import { maskUnprintable } from "../backups/text";
import type { EngineLog } from "../engine/lookupSession";
import type { Clock } from "../ucloud/clock";

/** A stream to write to, such as `process.stdout`. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** How long a task may take before its progress is shown. */
const SILENT_MS = 3000;
const INTERVAL_MS = 1000;
const USUAL_COLUMNS = 80;
/** Back to the start of the line, and erases the rest. */
const ERASE_LINE = "\r\u001B[K";

/** The output of one command. */
export class Terminal {
  #progress = "";
  #isProgressShown = false;

  constructor(
    private readonly streams: {
      readonly name: string;
      readonly stdout: OutputStream;
      readonly stderr: OutputStream;
      readonly clock: Clock;
    },
  ) {}

  /** Shows notices and warnings on standard error. */
  readonly log: EngineLog = {
    info: (text) => {
      this.complain(text);
      return Promise.resolve();
    },
    warn: (text) => {
      // A text that starts with a code tells of a fault that hides nothing else.
      this.complain(text.startsWith("[") ? text : `warning: ${text}`);
      return Promise.resolve();
    },
    progress: (text) => {
      this.reportProgress(text);
      return Promise.resolve();
    },
  };

  /** Writes a text of one or more lines to standard output. */
  print(text: string): void {
    this.#eraseProgress();
    this.streams.stdout.write(`${maskLines(text)}\n`);
  }

  /** Writes a value to standard output as JSON. */
  printJson(value: unknown): void {
    this.#eraseProgress();
    this.streams.stdout.write(`${escapeUnprintable(JSON.stringify(value, undefined, 2))}\n`);
  }

  /** Writes a text to standard error, after the command's name. */
  complain(text: string): void {
    this.explain(`${this.streams.name}: ${text}`);
  }

  /** Writes a text of one or more lines to standard error as it is. */
  explain(text: string): void {
    this.#eraseProgress();
    this.streams.stderr.write(`${maskLines(text)}\n`);
  }

  /** What {@link watch} shows from now on, such as `Checking DescribeUMem`. */
  reportProgress(text: string): void {
    this.#progress = maskUnprintable(text);
  }

  /**
   * Waits for a task. If it takes more than 3 seconds and standard error is a terminal, the last line there
   * says what is done and for how long, until the task ends.
   */
  async watch<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = new AbortController();
    if (this.streams.stderr.isTTY === true) this.#showProgress(done.signal).catch(() => undefined);
    try {
      return await task();
    } finally {
      done.abort();
      this.#eraseProgress();
    }
  }

  async #showProgress(signal: AbortSignal): Promise<void> {
    const { clock, stderr } = this.streams;
    const startedAtMs = clock.elapsed();
    for (let waitMs = SILENT_MS; ; waitMs = INTERVAL_MS) {
      await clock.sleep(waitMs, signal);
      const seconds = Math.floor((clock.elapsed() - startedAtMs) / 1000);
      const time = ` (${seconds} s)`;
      const room = (stderr.columns ?? USUAL_COLUMNS) - 1 - time.length;
      stderr.write(`${ERASE_LINE}${this.#progress.slice(0, Math.max(0, room))}${time}`);
      this.#isProgressShown = true;
    }
  }

  #eraseProgress(): void {
    if (!this.#isProgressShown) return;
    this.#isProgressShown = false;
    this.streams.stderr.write(ERASE_LINE);
  }
}

function maskLines(text: string): string {
  return text.split("\n").map(maskUnprintable).join("\n");
}

/** JSON in which the characters that terminals obey are written as escapes. Its value stays the same. */
function escapeUnprintable(json: string): string {
  return json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === "\n"
      ? character
      : Array.from({ length: character.length }, (_, index) => {
          const unit = character.charCodeAt(index).toString(16).padStart(4, "0");
          return `\\u${unit}`;
        }).join(""),
  );
}
