import { RedisBackupError } from "./errors";
import { type Redactor, tidyText } from "./redaction";
import type { ErrorClass } from "./retCodes";
import type { RequestParameters } from "./signature";

/** Why one attempt at a request failed. Its texts are not redacted yet. */
export interface Failure extends ErrorClass {
  /** What happened, such as `RetCode 171: "Signature VerifyAC Error"`. */
  readonly what: string;
  /** The API's id of the request, which its support asks for. */
  readonly requestId?: string;
  /** The server or proxy that did not answer: host and port, and where these came from. */
  readonly peer?: string;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The HTTP status, if the head of an answer came. */
  readonly status?: number;
  /** The RetCode, if the answer held one. 0 with a status other than 200 is a failure too. */
  readonly retCode?: number;
}

/**
 * How much of a text is redacted, in characters: far more than is shown, so that no part of a cut secret is
 * shown.
 */
const REDACTED_LENGTH = 16_384;

/** The parameters that errors show. Never `Password`. */
const SHOWN = [
  "Region",
  "Zone",
  "ProjectId",
  "GroupId",
  "SpaceId",
  "ResourceId",
  "Name",
  "RegionType",
  "SlaveZone",
  "BackupId",
  "BackupName",
  "BlockId",
  "Size",
  "BlockSize",
  "Version",
  "ConfigId",
] as const;

/** Creates the error to show after the last attempt. Everything that came from outside is redacted here. */
export function createRequestError(options: {
  action: string;
  parameters: RequestParameters;
  failure: Failure;
  attempts: number;
  redact: Redactor;
  /** Sentences to add where a setting is suspect. */
  hints?: Readonly<Record<NonNullable<ErrorClass["suspect"]>, string | undefined>>;
  /** What became of the call. @default it failed */
  verdict?: string;
}): RedisBackupError {
  const { action, parameters, failure, attempts, redact, hints, verdict = "failed" } = options;
  // Redacted before it is cut for display: half a secret would not be recognised. The first cut only saves
  // time.
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
  const text = `${action}${asked === "" ? "" : ` (${asked})`} ${verdict}: ${endSentence(tidy(failure.what, 500))}`;
  const hint = failure.suspect === undefined ? undefined : hints?.[failure.suspect];
  const advice = hint === undefined ? failure.advice : `${failure.advice} ${hint}`;
  return new RedisBackupError(failure.code, `${text} ${endSentence(details)} ${advice}`, {
    isOutage: failure.isOutage ?? false,
  });
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
