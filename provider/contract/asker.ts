/** Sends the requests of a check, one at a time, and keeps what came back. */

import { type ClientOptions, createClient } from "../ucloud/client";
import { RedisBackupError } from "../ucloud/errors";
import type { Failure } from "../ucloud/failures";
import type { JsonObject } from "../ucloud/jsonFields";
import { tidyText } from "../ucloud/redaction";
import type { Attempt } from "../ucloud/watch";
import type { ReadAction } from "./expectations";
import type { ApiRequest } from "./requests";

/** What came back for one request. */
export type Reply =
  /** An answer with RetCode 0. */
  | { readonly body: JsonObject; readonly failure?: undefined }
  | { readonly body?: undefined; readonly failure: Refusal };

/** Why there is no answer with RetCode 0. */
export interface Refusal {
  /** Such as "RetCode 299". Holds nothing that the API said. */
  readonly what: string;
  readonly retCode: number | undefined;
  /** The whole error, which holds ids. */
  readonly message: string;
}

/** One request, for the list of what was asked. */
export interface Asked {
  readonly action: ReadAction;
  /** What was asked for, such as "group 1", in words without ids. */
  readonly subject: string;
  readonly attempts: readonly Attempt[];
  /** The rows of the answer, if it has any. */
  readonly rows: number;
}

/**
 * Nothing can be checked: the keys are wrong, or nothing gets through. The message has no ids; `detail` is the
 * whole error.
 */
export class CheckStoppedError extends Error {
  constructor(
    message: string,
    readonly detail: string,
  ) {
    super(message);
  }
}

/** RetCodes that every other request would meet too: keys, token, project, IP address, security lock. */
const HOPELESS: ReadonlySet<number> = new Set([170, 171, 172, 174, 292, 294, 295]);

/** Sends requests. */
export class Asker {
  readonly #asked: Asked[] = [];
  readonly #call: (request: ApiRequest) => Promise<JsonObject>;
  #attempts: Attempt[] = [];
  #hasAnswered = false;
  #lostInARow = 0;

  /** @param onAsk called before each request with what is asked, in words without ids unless the subjects have them */
  constructor(
    options: ClientOptions,
    private readonly onAsk: (text: string) => void = () => undefined,
  ) {
    const client = createClient({ ...options, onAttempt: (attempt) => this.#attempts.push(attempt) });
    this.#call = ({ action, parameters, options: how }) => client.call(action, parameters, how);
    this.close = () => client.cancel();
  }

  /** Closes the connections. */
  readonly close: () => void;

  /** All requests so far. */
  get asked(): readonly Asked[] {
    return this.#asked;
  }

  /** @throws CheckStoppedError */
  async ask(request: ApiRequest, subject: string): Promise<Reply> {
    this.#attempts = [];
    this.onAsk(`Asking ${request.action} about ${subject}`);
    let reply: Reply;
    try {
      reply = { body: await this.#call(request) };
    } catch (error) {
      if (!(error instanceof RedisBackupError) || error.code === "Cancelled") throw error;
      reply = { failure: this.#explain(error) };
    }
    const { DataSet: dataSet } = reply.body ?? {};
    const rows = Array.isArray(dataSet) ? dataSet.length : 0;
    this.#asked.push({ action: request.action, subject, attempts: this.#attempts, rows });
    this.#stopIfHopeless(request.action, reply);
    return reply;
  }

  #explain(error: RedisBackupError): Refusal {
    const failure = this.#attempts.at(-1)?.outcome.failure;
    const message = tidyText(error.message, 1000);
    return { what: describeFailure(failure), retCode: failure?.retCode, message };
  }

  #stopIfHopeless(action: string, { failure }: Reply): void {
    const hasCode = failure?.retCode !== undefined;
    if (failure === undefined || hasCode) this.#hasAnswered = true;
    this.#lostInARow = failure === undefined || hasCode ? 0 : this.#lostInARow + 1;
    if (failure === undefined) return;
    const isLost = !hasCode && (!this.#hasAnswered || this.#lostInARow > 1);
    if (isLost || (failure.retCode !== undefined && HOPELESS.has(failure.retCode))) {
      throw new CheckStoppedError(`${action}: ${failure.what}`, failure.message);
    }
  }
}

/** Without a RetCode, the failure is worded by this package. With one, it may hold what the API said. */
function describeFailure(failure: Failure | undefined): string {
  if (failure === undefined) return "no answer";
  return failure.retCode === undefined || failure.retCode === 0 ? failure.what : `RetCode ${failure.retCode}`;
}
