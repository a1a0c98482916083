/**
 * The errors that users see. Each message starts with a stable code in brackets, then says what was asked and
 * what to do next. Messages never hold a private key, a security token, a signature or a URL with parameters:
 * texts from the API or the network pass through a redactor (redaction.ts) before they become part of a
 * message.
 */

/** The stable codes that messages start with. */
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
  | "AlreadyExists"
  | "OutcomeUnknown"
  | "CreateFailed"
  | "FinalBackupFailed"
  | "Cancelled";

/** An error to show to the user. `message` starts with `[code]`. */
export class RedisBackupError extends Error {
  override readonly name = "RedisBackupError";
  /**
   * Whether the API or the way to it was in trouble, so that nothing is known of what was asked for: a network
   * error, HTTP 5xx, or RetCode 110, 130 or 150. Not for refusals, and not for throttling.
   */
  readonly isOutage: boolean;

  constructor(
    readonly code: ErrorCode,
    text: string,
    { isOutage = false }: { readonly isOutage?: boolean } = {},
  ) {
    super(`[${code}] ${text}`);
    this.isOutage = isOutage;
  }
}

/** The same failure in other words: the code, and whether it was an outage, stay. */
export function rewordError({ code, isOutage }: RedisBackupError, text: string): RedisBackupError {
  return new RedisBackupError(code, text, { isOutage });
}

/** The message without its code, to be part of another message. */
export function stripCode({ message }: RedisBackupError): string {
  return message.replace(/^\[\w+\] /, "");
}

/** Arguments or settings that were refused before any request, with one reason for each property. */
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
