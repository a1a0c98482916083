/** Whether a region still answers, so that a report does not wait for each of its databases in turn. */

import type { RedisBackupError } from "../ucloud/errors";

/** A region that answers nothing for so long is not asked any more. */
const PATIENCE_MS = 60_000;

/** How many lookups have to fail in a row: one database may be in trouble alone. */
const FEWEST_OUTAGES = 2;

/** What is known of one region while its databases are looked up. */
export class RegionHealth {
  #answeredAtMs: number;
  #outages = 0;
  #lost: RedisBackupError | undefined;

  constructor(private readonly now: () => Date) {
    this.#answeredAtMs = now().getTime();
  }

  /** The last outage of a region that does not answer any more. */
  get lost(): RedisBackupError | undefined {
    return this.#lost;
  }

  /** The API answered, be it with a refusal. */
  noteAnswer(): void {
    this.#answeredAtMs = this.now().getTime();
    this.#outages = 0;
  }

  /** A lookup failed after all its attempts, since the API was in trouble. */
  noteOutage(outage: RedisBackupError): void {
    this.#outages += 1;
    const silentMs = this.now().getTime() - this.#answeredAtMs;
    if (this.#outages >= FEWEST_OUTAGES && silentMs >= PATIENCE_MS) this.#lost = outage;
  }
}
