/**
 * What ends calls early. AbortSignal.any() and AbortSignal.timeout() are not used for each request: in Node.js 20, the
 * two take a tenth of a request's processor time, and leave weak references to the garbage collector.
 */

/** Why an attempt is aborted. Without a reason, each abort would make an error with a stack. */
const ENDED = "ended";

/** The signals of which any stops a call. */
export class Stop {
  #signal: AbortSignal | undefined;

  constructor(readonly signals: readonly AbortSignal[]) {}

  get isStopped(): boolean {
    return this.signals.some(({ aborted }) => aborted);
  }

  /** One signal for all of them, for waits. It is made when it is first needed, which few calls do. */
  get signal(): AbortSignal {
    return (this.#signal ??= AbortSignal.any([...this.signals]));
  }

  /** @throws the reason of the signal that stopped the call */
  throwIfStopped(): void {
    for (const signal of this.signals) signal.throwIfAborted();
  }
}

/** The end of one attempt: once its time is over, or once its call is stopped. {@link clear} it after the attempt. */
export class AttemptEnd {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isLate = false;

  constructor(
    private readonly stop: Stop,
    timeoutMs: number,
  ) {
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#abort();
    }, timeoutMs);
    for (const signal of stop.signals) signal.addEventListener("abort", this.#abort);
    if (stop.isStopped) this.#abort();
  }

  /** Aborts the attempt. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time ended it. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** Listens no more. */
  clear(): void {
    clearTimeout(this.#timer);
    for (const signal of this.stop.signals) signal.removeEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => this.#controller.abort(ENDED);
}
