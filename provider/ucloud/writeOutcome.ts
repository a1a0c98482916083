import type { RedisBackupError } from "./errors";
import type { JsonObject } from "./jsonFields";

/**
 * What became of a write. Only the three together are the truth: a write has no id by which the API would
 * recognise it, so it must never be sent again while it may have taken effect.
 */
export type WriteOutcome =
  /** The API accepted it: RetCode 0 in a complete answer. */
  | { readonly kind: "accepted"; readonly answer: JsonObject }
  /** The API refused it, or it was never sent. It had no effect. */
  | WriteRefusal
  /**
   * It may have taken effect: no complete answer came, or one that does not say. Look before anything else is
   * done.
   */
  | { readonly kind: "unknown"; readonly error: RedisBackupError };

/** A write that had no effect. */
export interface WriteRefusal {
  readonly kind: "refused";
  readonly error: RedisBackupError;
  /** Absent if the API did not answer: the request was never sent, or was refused before the API. */
  readonly retCode?: number;
  /** Whether the API says that the same write may be accepted later. */
  readonly isTryLater: boolean;
}
