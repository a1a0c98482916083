/**
 * Sends writes. It shares no retry with the reads (client.ts, retry.ts), whose calls can all be repeated. A
 * write is sent once, and sent again only where it is certain that nothing was done: it never left this machine
 * (opening.ts), or the API throttled it (writeRetCodes.ts). Whatever else is not a plain answer is "unknown",
 * and is settled by looking, which is the caller's.
 *
 * Cancelling never aborts a write that was sent: it would be done all the same, and nobody would know.
 */

import { type ClientOptions, STARVED } from "./client";
import { type Clock, systemClock } from "./clock";
import { RedisBackupError } from "./errors";
import type { Failure } from "./failures";
import { RateLimiter, StarvedError } from "./rateLimiter";
import { decideRetry } from "./retry";
import { waitForRetry } from "./retryWait";
import type { RequestParameters } from "./signature";
import { createCallError, signRequest } from "./signedRequest";
import { attemptWrite, type WriteAttempt } from "./writeAttempt";
import type { WriteOutcome } from "./writeOutcome";
import { explainEffect, type WriteEffect } from "./writeRetCodes";

/**
 * How long to wait for an answer at least, in seconds. The API itself gives up after 60 s and says so (RetCode
 * 110), which tells more than a connection that was closed before.
 */
export const MIN_ANSWER_SECONDS = 75;

/** What a writer needs. */
export interface WriterOptions extends ClientOptions {
  /** How long to wait for an answer. @default {@link MIN_ANSWER_SECONDS}, or `timeoutSeconds` if that is more */
  readonly answerSeconds?: number;
}

/** How one write is sent. */
export interface SendOptions {
  /** What must not be in any error, beside the keys, such as a password. Their base64 is removed too. */
  readonly secrets?: readonly string[];
  /**
   * Stops a write that was not sent yet, and the wait before it is sent again: then it is refused as
   * `Cancelled`. A write that was sent is waited for.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Sends writes to one API as one account. */
export interface Writer {
  /**
   * Sends a write. It rejects only if the parameters cannot be encoded. Errors of an unknown outcome have the
   * code of its cause, such as `Timeout`.
   */
  send(action: string, parameters: RequestParameters, options?: SendOptions): Promise<WriteOutcome>;
  /** Resolves once no write is under way. */
  settle(): Promise<void>;
}

/** Creates a writer. Each write has a connection of its own. */
export function createWriter(options: WriterOptions): Writer {
  return new SignedWriter(options);
}

/** How long a writer with these options waits for an answer, in seconds. */
export function resolveAnswerSeconds({ answerSeconds, timeoutSeconds }: WriterOptions): number {
  return answerSeconds ?? Math.max(MIN_ANSWER_SECONDS, timeoutSeconds);
}

/** A write, with what its attempts share. */
interface Write {
  readonly action: string;
  readonly parameters: RequestParameters;
  readonly secrets: readonly string[];
  readonly stop: AbortSignal;
}

/** A write that was not accepted, with what is known of its effect. */
interface Miss {
  readonly effect: WriteEffect;
  readonly failure: Failure;
  readonly attempts: number;
  readonly signature: string;
}

const NEVER_CANCELLED = new AbortController().signal;

class SignedWriter implements Writer {
  readonly #clock: Clock;
  readonly #rateLimiter: RateLimiter;
  readonly #underWay = new Set<Promise<WriteOutcome>>();

  constructor(private readonly options: WriterOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#rateLimiter = new RateLimiter(this.#clock);
  }

  async send(
    action: string,
    parameters: RequestParameters,
    { secrets = [], signal = NEVER_CANCELLED }: SendOptions = {},
  ): Promise<WriteOutcome> {
    const spellings = secrets.flatMap(spellSecret);
    const sending = this.#send({ action, parameters, secrets: spellings, stop: AbortSignal.any([signal]) });
    this.#underWay.add(sending);
    try {
      return await sending;
    } finally {
      this.#underWay.delete(sending);
    }
  }

  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  async #send(write: Write): Promise<WriteOutcome> {
    const { action, parameters, stop } = write;
    let waitingSince = this.#clock.elapsed();
    for (let attempt = 1; ; attempt++) {
      const request = signRequest(this.options.credentials, action, parameters);
      const result = await this.#attempt(request, { write, waitingSince, number: attempt }).catch(
        (error: unknown) => {
          // Nothing was sent: only the proxy's address is refused with an error.
          if (error instanceof RedisBackupError) return error;
          throw error;
        },
      );
      if (result instanceof RedisBackupError) return { kind: "refused", error: result, isTryLater: false };
      if (result.kind === "cancelled") return createCancelled(action);
      const { outcome } = result;
      if (outcome.failure === undefined) return { kind: "accepted", answer: outcome.body };

      const { failure } = outcome;
      const effect = readEffect(result, failure);
      const delayMs = this.#decideRepeat(effect, { failure, attempt });
      if (delayMs === undefined) {
        const attempts = failure === STARVED.failure ? attempt - 1 : attempt;
        return this.#report(write, { effect, failure, attempts, signature: request.signature });
      }
      const { maxRetries, credentials, onWait } = this.options;
      const secrets = [request.signature, ...write.secrets];
      const pause = { action, delayMs, failure, attempt, maxRetries, credentials, secrets };
      const isStopped = await waitForRetry(pause, stop, { clock: this.#clock, onWait }).then(
        () => false,
        () => true,
      );
      if (isStopped) return createCancelled(action);
      if (failure.retryAfterMs !== undefined) waitingSince = this.#clock.elapsed();
    }
  }

  /** Waits for a turn, sends the write, and reports the outcome to the rate limiter. */
  async #attempt(
    request: ReturnType<typeof signRequest>,
    { write, waitingSince, number }: { write: Write; waitingSince: number; number: number },
  ): Promise<WriteAttempt> {
    const { action, parameters, stop } = write;
    if (stop.aborted) return { kind: "cancelled" };
    let sentAt: number;
    try {
      sentAt = await this.#rateLimiter.takeTurn({ signal: stop }, waitingSince, (delayMs) =>
        this.options.onWait?.({ kind: "turn", action, delayMs }),
      );
    } catch (error) {
      if (error instanceof StarvedError) return { kind: "unsent", outcome: STARVED };
      // The wait for a turn ends early for no other reason.
      return { kind: "cancelled" };
    }
    const sentAtMs = this.#clock.now();
    const attempt = await attemptWrite(request, {
      options: this.options,
      answerSeconds: resolveAnswerSeconds(this.options),
      stop,
      nowMs: () => this.#clock.now(),
    });
    if (attempt.kind !== "cancelled") {
      const endedAtMs = this.#clock.now();
      const region = typeof parameters["Region"] === "string" ? parameters["Region"] : undefined;
      const { outcome, head } = attempt;
      const bytes = attempt.kind === "answered" ? attempt.bytes : undefined;
      const answered = { ...(head === undefined ? {} : { head }), bytes, answeredAtMs: endedAtMs, endedAtMs };
      this.options.onAttempt?.({ action, region, number, outcome, sentAtMs, ...answered });
    }
    if (attempt.kind !== "answered") return attempt;
    const { failure } = attempt.outcome;
    if (failure === undefined) this.#rateLimiter.reportAccepted();
    else if (failure.code === "Throttled") this.#rateLimiter.reportThrottled(sentAt, failure.retryAfterMs);
    return attempt;
  }

  /** How long to wait before the write is sent again, or undefined if it must not be. */
  #decideRepeat(effect: WriteEffect, { failure, attempt }: { failure: Failure; attempt: number }) {
    if (effect !== "notBegun") return undefined;
    const { maxRetries } = this.options;
    return decideRetry({ failure, attempt, maxRetries, chance: this.#clock.random() });
  }

  #report({ action, parameters, secrets }: Write, miss: Miss): WriteOutcome {
    const { effect, failure, attempts, signature } = miss;
    const call = { action, parameters, attempts, secrets: [signature, ...secrets] };
    if (effect === "unknown") {
      const error = createCallError(this.options, {
        ...call,
        failure: { ...failure, advice: adviseLooking(failure) },
        verdict: UNKNOWN_VERDICT,
      });
      return { kind: "unknown", error };
    }
    const error = createCallError(this.options, { ...call, failure });
    const { retCode } = failure;
    return {
      kind: "refused",
      error,
      ...(retCode === undefined ? {} : { retCode }),
      isTryLater: effect === "tryLater" || (effect === "notBegun" && failure.code === "Throttled"),
    };
  }
}

/** What the error of an unknown outcome says of the write. */
export const UNKNOWN_VERDICT = "may have taken effect, or not";
/** What to do about an unknown outcome. */
export const LOOK_FIRST = "Look whether it took effect before it is repeated.";

/** An unsent write has no effect, whatever its failure, and a lost one may have any. */
function readEffect(attempt: WriteAttempt, failure: Failure): WriteEffect {
  if (attempt.kind === "unsent") return "notBegun";
  return attempt.kind === "answered" ? explainEffect(failure) : "unknown";
}

/** Advice to try again would make a second database, but advice to mend a setting still holds. */
function adviseLooking({ code, isRetryable, advice }: Failure): string {
  return code === "BadResponse" && !isRetryable ? `${LOOK_FIRST} ${advice}` : LOOK_FIRST;
}

function createCancelled(action: string): WriteOutcome {
  const error = new RedisBackupError("Cancelled", `${action} was cancelled before it was sent.`);
  return { kind: "refused", error, isTryLater: false };
}

/** A secret as it is and as the API wants it: base64 of UTF-8, of which an echo may lack the padding. */
export function spellSecret(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    bytes.toString("base64"),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
  ];
}
