const WINDOW_MS = 1000;

/**
 * Admits at most so many requests in any second. Refused requests do not count, so a client that slows down
 * to the limit gets the full limit.
 */
export class RateLimit {
  private admitted: number[] = [];

  constructor(private readonly maxPerSecond: number) {}

  /** Whether a request at this time (milliseconds of a monotonic clock) is admitted. */
  admit(nowMs: number): boolean {
    this.admitted = this.admitted.filter((time) => time > nowMs - WINDOW_MS);
    if (this.admitted.length >= this.maxPerSecond) return false;
    this.admitted.push(nowMs);
    return true;
  }
}
