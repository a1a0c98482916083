import { RedisBackupError, type ErrorCode } from "./errors";
import { type Redactor, tidyText } from "./redaction";
import type { RequestParameters } from "./signature";

/** Why one attempt at a request failed. Texts in it are as they came: redact before showing. */
export interface Failure {
  readonly code: ErrorCode;
  /** Whether another try may help. */
  readonly isRetryable: boolean;
  /** What happened, such as `RetCode 171: "Signature VerifyAC Error"`. */
  readonly what: string;
  /** What the user can do about it. */
  readonly advice: string;
  /** The API's id of the request, which its support asks for. */
  readonly requestId?: string;
  /** Whether the keys are to blame, so that it helps to know where they came from. @default false */
  readonly isAboutKeys?: boolean;
  /** Whom the request went to, where that did not answer: host and port, and where these came from. */
  readonly peer?: string;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** How much of a text is redacted, in characters: far more than is shown, so that no secret is cut where it is shown. */
const REDACTED_LENGTH = 16_384;

const SHOWN = [
  "Region",
  "Zone",
  "ProjectId",
  "GroupId",
  "SpaceId",
  "RegionType",
  "SlaveZone",
  "BackupId",
] as const;

/** The error to show once no further attempt is made. Everything that came from outside is redacted here. */
export function createRequestError(options: {
  action: string;
  parameters: RequestParameters;
  failure: Failure;
  attempts: number;
  redact: Redactor;
  /** Where the keys came from, as a sentence. */
  keys?: string | undefined;
}): RedisBackupError {
  const { action, parameters, failure, attempts, redact, keys } = options;
  // Redacted before it is cut: half a secret is one too many.
  // And what is never shown is not looked through either.
  const tidy = (text: string, maxLength: number): string =>
    tidyText(redact(text.slice(0, REDACTED_LENGTH)), maxLength);
  const asked = SHOWN.filter((name) => parameters[name] !== undefined)
    .map((name) => `${name} ${tidy(String(parameters[name]), 80)}`)
    .join(", ");
  const peer = failure.peer === undefined ? "" : ` at ${tidy(failure.peer, 300)}`;
  const details = [
    `${attempts} ${attempts === 1 ? "attempt" : "attempts"}${peer}`,
    ...(failure.requestId === undefined ? [] : [`request uuid ${tidy(failure.requestId, 80)}`]),
  ].join(", ");
  const text = `${action}${asked === "" ? "" : ` (${asked})`} failed: ${endSentence(tidy(failure.what, 500))}`;
  const advice = failure.isAboutKeys && keys !== undefined ? `${failure.advice} ${keys}` : failure.advice;
  return new RedisBackupError(failure.code, `${text} ${endSentence(details)} ${advice}`);
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
