/** The time that a brief call has for all its attempts and the waits between them. Waiting for a turn is not spent. */
export class TimeBudget {
  #leftMs: number;

  constructor(totalMs: number) {
    this.#leftMs = totalMs;
  }

  /** How long the next attempt may take, in whole milliseconds, at least 1. */
  get leftMs(): number {
    return Math.max(1, Math.ceil(this.#leftMs));
  }

  /** Whether any time is left after a wait. */
  allows(waitMs: number): boolean {
    return waitMs < this.#leftMs;
  }

  spend(ms: number): void {
    this.#leftMs -= ms;
  }
}
