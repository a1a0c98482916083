import { Readable } from "node:stream";
import type { Response } from "node-fetch";
import type { Failure } from "./failures";
import { ExcessiveJsonError, parseJson } from "./jsonParser";
import { TOO_LARGE } from "./networkErrors";
import { present } from "./presentFields";
import { explainRetCode, explainStatus, UNKNOWN_RET_CODE } from "./retCodes";
import { readRetryAfter } from "./retry";
import { isJsonObject, readField, readInteger, readText, type JsonObject } from "./jsonFields";

/** The outcome of one attempt. */
export type Outcome =
  { readonly body: JsonObject; readonly failure?: undefined } | { readonly failure: Failure };

const CHECK_URL = "Check `baseUrl`, and that no proxy or login page stands between here and the API.";

/** What the head of an answer says. */
export interface AnswerHead {
  readonly status: number;
  /** The API's id of the request. */
  readonly requestId?: string;
  /** The header `Date` as it came. */
  readonly date?: string;
  /** Without parameters, such as `application/json`. */
  readonly contentType?: string;
}

/** Reads the head of an answer. */
export function readHead({ status, headers }: Response): AnswerHead {
  return present<AnswerHead>({
    status,
    requestId: readRequestId(headers),
    date: headers.get("date") ?? undefined,
    contentType: headers.get("content-type")?.split(";")[0]?.trim().toLowerCase(),
  });
}

function readRequestId(headers: Response["headers"]): string | undefined {
  return headers.get("x-ucloud-request-uuid") ?? undefined;
}

/** How many bytes an answer may have. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * Reads an answer to its last byte. The HTTP status counts only where there is no RetCode or an
 * undocumented one.
 *
 * @param onLength called with the length of the body
 * @throws what node-fetch throws if the body is cut short, too large, or takes too long
 */
export async function readAnswer(
  response: Response,
  nowMs: number,
  onLength?: (bytes: number) => void,
): Promise<Outcome> {
  const { status } = response;
  const requestId = readRequestId(response.headers);
  const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), nowMs);
  const fail = (failure: Failure, retCode?: number): Outcome => ({
    failure: {
      ...failure,
      status,
      ...(retCode === undefined ? {} : { retCode }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  });

  if (status >= 300 && status < 400) {
    // The target is neither read nor shown, because it may repeat the signed request.
    discard(response);
    const what = `HTTP ${status}: the server redirects, and redirects are not followed`;
    return fail({
      code: "BadResponse",
      isRetryable: false,
      what,
      advice: "Check `baseUrl`: it must be the API itself.",
    });
  }

  if (Number(response.headers.get("content-length")) > MAX_ANSWER_BYTES) {
    discard(response);
    return fail(TOO_LARGE);
  }
  const whole = await response.text();
  onLength?.(Buffer.byteLength(whole));
  const text = whole.replace(/^\uFEFF/, "");
  const body = parseObject(text);
  if (body === EXCESSIVE) return fail({ ...TOO_LARGE, what: "the answer has more parts than can be right" });
  const retCode = body === undefined ? undefined : readRetCode(body);
  if (body !== undefined && retCode !== undefined && retCode !== 0) {
    const message = readText(body, "Message");
    const errorClass = explainRetCode(retCode) ?? (status === 200 ? UNKNOWN_RET_CODE : explainStatus(status));
    const what = `RetCode ${retCode}${message === undefined ? "" : `: "${message}"`}`;
    return fail({ ...errorClass, what }, retCode);
  }
  if (status !== 200) return fail({ ...explainStatus(status), what: `HTTP ${status}` }, retCode);
  if (body === undefined) return fail(explainUnreadable(text));
  if (retCode === undefined) {
    return fail({
      code: "BadResponse",
      isRetryable: false,
      what:
        "the answer holds no RetCode" +
        ((readField(body, "RetCode") ?? undefined) === undefined ? "" : " that is a whole number"),
      advice: CHECK_URL,
    });
  }
  return { body };
}

/** Closes the connection instead of reading the rest. */
function discard({ body }: Response): void {
  if (body instanceof Readable) body.destroy();
}

/** The result for a text that is not parsed, because that would cost too much. */
const EXCESSIVE = Symbol("excessive");

function parseObject(text: string): JsonObject | typeof EXCESSIVE | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    return error instanceof ExcessiveJsonError ? EXCESSIVE : undefined;
  }
}

/**
 * The RetCode, if it is a whole number or the text of one. Only 0 and "0" are read as 0, which means success.
 */
function readRetCode(body: JsonObject): number | undefined {
  const value = readField(body, "RetCode");
  const isWhole =
    typeof value === "number" ? Number.isInteger(value) : /^-?[1-9]\d*$|^0$/.test(String(value));
  return isWhole ? readInteger(body, "RetCode") : undefined;
}

/**
 * A text that begins like an answer and is no JSON was probably cut short on its way, so a retry may help.
 */
function explainUnreadable(text: string): Failure {
  const start = text.trimStart();
  if (start.startsWith("{")) {
    return {
      code: "BadResponse",
      isRetryable: true,
      what: "the answer is not valid JSON; it looks cut short",
      advice: "Try again in a few minutes.",
    };
  }
  const kind =
    start === "" ? "is empty" : start.startsWith("<") ? "is a web page, not JSON" : "is not a JSON object";
  return { code: "BadResponse", isRetryable: start === "", what: `the answer ${kind}`, advice: CHECK_URL };
}
