const WINDOW_MS = 1000;

/**
 * Lets at most so many requests through in any one second. Requests it refuses do not count, so a client that slows
 * down to the limit is served at the limit.
 */
export class RateLimit {
  private admitted: number[] = [];

  constructor(private readonly maxPerSecond: number) {}

  /** Whether a request arriving now (milliseconds of any steady clock) may pass. */
  admit(nowMs: number): boolean {
    this.admitted = this.admitted.filter((time) => time > nowMs - WINDOW_MS);
    if (this.admitted.length >= this.maxPerSecond) return false;
    this.admitted.push(nowMs);
    return true;
  }
}
