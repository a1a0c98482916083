import { type ErrorCode, RedisBackupError } from "../ucloud/errors";
import type { ResourceState } from "./resources";

/** A resource that was made, or may have been, and is not ready: the engine keeps its state and resumes it. */
export class PartialStateError extends RedisBackupError {
  /** The full reasons, as the engine shows them; it does not show the message. */
  readonly reasons: readonly string[];

  constructor(
    code: ErrorCode,
    text: string,
    readonly partial: { readonly state: ResourceState; readonly moreReasons: readonly string[] },
  ) {
    super(code, text);
    this.reasons = [this.message, ...partial.moreReasons];
  }
}
