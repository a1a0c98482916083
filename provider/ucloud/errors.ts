/**
 * The failures users see. Each starts with a stable code in brackets, then says what was asked and what to do next.
 * Messages never hold a private key, a security token, a signature or a URL with parameters: whatever the API or the
 * network said goes through a {@link Redactor} before it becomes part of one.
 */

/** The stable codes that failures start with. */
export type ErrorCode =
  | "MissingCredentials"
  | "InvalidConfig"
  | "InvalidArgument"
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "Throttled"
  | "Unavailable"
  | "Timeout"
  | "BadResponse"
  | "ApiError"
  | "NoBackups"
  | "NoUsableBackup"
  | "StaleBackup"
  | "AmbiguousSource"
  | "Cancelled";

/** A failure to show to the user. `message` starts with `[code]`. */
export class RedisBackupError extends Error {
  override readonly name = "RedisBackupError";

  constructor(
    readonly code: ErrorCode,
    text: string,
    options?: ErrorOptions,
  ) {
    super(`[${code}] ${text}`, options);
  }
}

/** Arguments or settings that were refused before any request, one reason per property. */
export class InvalidInputError extends RedisBackupError {
  constructor(
    code: "InvalidArgument" | "InvalidConfig",
    readonly failures: readonly InputFailure[],
  ) {
    super(code, failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
  }
}

/** Why one property was refused. `reason` never repeats a secret's value. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}
