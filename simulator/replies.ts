import type { ApiAnswer } from "./actions";
import type { Fault } from "./faults";
import type { RecordedRequest } from "./requests";

/** An HTTP answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** For the recorded request, like `rows`. */
  readonly retCode?: number;
  readonly rows?: number;
}

/**
 * The value of `TotalCount`: `exact` is the number of rows that match the query, `account` that of all rows
 * of the project (DescribeURedisBackup's page says "the number of backups under the username"), `absent`
 * leaves the field out, `zero` is 0, `tooBig` is more than there are, `string` is the exact number as text,
 * and a number is itself.
 */
export type TotalCountMode = "exact" | "account" | "absent" | "zero" | "tooBig" | "string" | number;

/** The options for the form of answers. */
export interface ReplyStyle {
  readonly totalCount: TotalCountMode;
  readonly numbersAsStrings: boolean;
  readonly onAnswer?: ((answer: Record<string, unknown>, request: RecordedRequest) => unknown) | undefined;
}

const JSON_HEADERS = { "Content-Type": "application/json" };
const HTML_HEADERS = { "Content-Type": "text/html; charset=utf-8" };
const SOME_PAGE =
  "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to go on.</body></html>";

/** Writes an API answer as the cloud does: with HTTP status 200, whatever the RetCode. */
export function writeReply(
  answer: ApiAnswer,
  { request, style }: { readonly request: RecordedRequest; readonly style: ReplyStyle },
): Reply {
  const { retCode, message, rows, isUncounted = false } = answer;
  let body: Record<string, unknown> = { Action: `${request.action ?? ""}Response`, RetCode: retCode };
  if (message !== undefined) body.Message = message;
  if (rows) {
    const totalCount = isUncounted ? undefined : writeTotalCount(answer, style.totalCount);
    if (totalCount !== undefined) body.TotalCount = totalCount;
    body.DataSet = style.numbersAsStrings ? rows.map(stringifyNumbers) : rows;
  }
  const { fields = {} } = answer;
  Object.assign(body, style.numbersAsStrings ? stringifyNumbers(fields) : fields);
  let value: unknown = body;
  if (style.onAnswer) {
    // The hook may change its argument, but not the fleet's rows.
    body = structuredClone(body);
    value = style.onAnswer(body, request) ?? body;
  }
  return {
    ...writeJson(value),
    retCode,
    ...(rows && { rows: rows.length }),
  };
}

/** Returns the reply of a fault that replaces the answer; undefined for other faults. */
export function writeWrongReply(fault: Fault, request: RecordedRequest): Reply | undefined {
  switch (fault.kind) {
    case "status": {
      const { status, retryAfter, body = `status ${status} on request\n` } = fault;
      const headers = {
        "Content-Type": "text/plain",
        ...(retryAfter !== undefined && { "Retry-After": retryAfter }),
      };
      return { status, headers, body };
    }
    case "retCode": {
      const { retCode, message = `RetCode ${retCode} on request` } = fault;
      const body = {
        Action: `${request.action ?? ""}Response`,
        RetCode: retCode,
        Message: typeof message === "string" ? message : message(request),
      };
      return { ...writeJson(body), retCode };
    }
    case "redirect":
      return { status: fault.status ?? 302, headers: { Location: fault.location }, body: "" };
    case "html":
      return { status: 200, headers: HTML_HEADERS, body: fault.body ?? SOME_PAGE };
    case "json":
      return writeJson(fault.body, fault.status);
    case "raw":
      return { status: fault.status ?? 200, headers: fault.headers ?? {}, body: fault.body };
    default:
      return undefined;
  }
}

/** Cuts the JSON of a reply if the fault demands it. */
export function bendReply(reply: Reply, fault: Fault | undefined): Reply {
  if (fault?.kind !== "truncatedJson") return reply;
  return { ...reply, body: Buffer.from(reply.body).subarray(0, fault.keepBytes) };
}

function writeJson(value: unknown, status = 200): Reply {
  // JSON.stringify(undefined) is undefined, which is no body.
  return { status, headers: JSON_HEADERS, body: JSON.stringify(value ?? null) };
}

function writeTotalCount(
  { totalCount = 0, accountCount = 0 }: ApiAnswer,
  mode: TotalCountMode,
): number | string | undefined {
  if (typeof mode === "number") return mode;
  switch (mode) {
    case "exact":
      return totalCount;
    case "account":
      return accountCount;
    case "absent":
      return undefined;
    case "zero":
      return 0;
    case "tooBig":
      return totalCount * 2 + 1000;
    case "string":
      return String(totalCount);
  }
}

function stringifyNumbers(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "number" ? String(value) : value,
    ]),
  );
}
