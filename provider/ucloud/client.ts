import { setMaxListeners } from "node:events";
import type { LimitFunction } from "p-limit";
import { createRoute, type Route } from "./agents";
import type { CallOptions, Client, ClientOptions } from "./clientOptions";
import { type Clock, systemClock } from "./clock";
import { RedisBackupError } from "./errors";
import { hideTexts } from "./failures";
import type { JsonObject } from "./jsonFields";
import { explainNetworkError, explainTimeout } from "./networkErrors";
import { PATIENCE_MS, RateLimiter, StarvedError } from "./rateLimiter";
import { type Outcome, readAnswer, readHead } from "./response";
import { decideRetry } from "./retry";
import { waitForRetry } from "./retryWait";
import type { RequestParameters } from "./signature";
import { createCallError, createMessage, type SignedRequest, signRequest } from "./signedRequest";
import { AttemptEnd, Stop } from "./stop";
import { TimeBudget } from "./timeBudget";
import type { Attempt, Watch } from "./watch";

export type { CallOptions, Client, ClientOptions, Credentials, Origins } from "./clientOptions";

/**
 * Creates a client. Connections are opened when first needed, and kept, as agents.ts describes, until the
 * process ends or `cancel` is called.
 */
export function createClient(options: ClientOptions): Client {
  return new SignedClient(options);
}

/** What only real requests need. It is loaded late: a preview that looks nothing up starts without it. */
interface Transport extends Route {
  limit: LimitFunction;
  fetch: typeof import("node-fetch").default;
}

/** What the attempts of a call share. */
interface AttemptOptions {
  readonly transport: Transport;
  readonly stop: Stop;
  /** Of a brief call. */
  readonly budget: TimeBudget | undefined;
}

/** One attempt. */
interface AttemptFacts extends AttemptOptions, Pick<Attempt, "action" | "region" | "number"> {
  readonly waitingSince: number;
}

/** The outcome when a call gave up waiting for the rate limiter. */
export const STARVED: Outcome & { failure: object } = {
  failure: {
    code: "Throttled",
    isRetryable: false,
    what: `the API throttles, and accepted nothing for ${PATIENCE_MS / 1000} s`,
    advice: "The account sends too many requests; try again later, or lower `maxConcurrency`.",
  },
};

class SignedClient implements Client {
  readonly maxConcurrency: number;
  readonly onPage: Watch["onPage"];
  readonly #clock: Clock;
  readonly #url: URL;
  readonly #timeoutMs: number;
  readonly #rateLimiter: RateLimiter;
  readonly #cancellation = new AbortController();
  #transport: Promise<Transport> | undefined;
  #limit: LimitFunction | undefined;

  constructor(private readonly options: ClientOptions) {
    this.maxConcurrency = options.maxConcurrency;
    this.onPage = options.onPage;
    this.#clock = options.clock ?? systemClock;
    this.#url = new URL(options.baseUrl);
    this.#timeoutMs = Math.ceil(options.timeoutSeconds * 1000);
    this.#rateLimiter = new RateLimiter(this.#clock);
    // All requests listen concurrently, which Node.js would report as a leak. So does `call` with its signals.
    setMaxListeners(0, this.#cancellation.signal);
  }

  get isBusy(): boolean {
    return this.#limit !== undefined && this.#limit.pendingCount > 0;
  }

  async call(
    action: string,
    parameters: RequestParameters,
    { signal, isBrief = false, isAnswerSecret = false }: CallOptions = {},
  ): Promise<JsonObject> {
    this.#transport ??= this.#openTransport();
    const transport = await this.#transport;
    if (signal !== undefined) setMaxListeners(0, signal);
    const stop = new Stop(
      signal === undefined ? [this.#cancellation.signal] : [this.#cancellation.signal, signal],
    );
    let waitingSince = this.#clock.elapsed();
    const budget = isBrief ? new TimeBudget(this.#timeoutMs) : undefined;
    const region = typeof parameters["Region"] === "string" ? parameters["Region"] : undefined;
    const facts = { transport, stop, budget, action, region };

    for (let attempt = 1; ; attempt++) {
      let signature: string | undefined;
      const outcome = await transport
        .limit(() => {
          const request = signRequest(this.options.credentials, action, parameters);
          ({ signature } = request);
          return this.#attempt(request, { ...facts, waitingSince, number: attempt });
        })
        .catch((error: unknown) => {
          if (error instanceof StarvedError) return STARVED;
          throw stop.isStopped ? createCancelledError(action) : error;
        });
      if (outcome.failure === undefined) {
        // The next request is sent before this answer is worked on.
        if (this.isBusy) await nextTurn();
        return outcome.body;
      }

      const failure = isAnswerSecret ? hideTexts(outcome.failure) : outcome.failure;
      const { maxRetries, credentials, onWait } = this.options;
      const delayMs = decideRetry({ failure, attempt, maxRetries, chance: this.#clock.random() });
      const secrets = signature === undefined ? [] : [signature];
      if (delayMs === undefined || budget?.allows(delayMs) === false) {
        const attempts = outcome === STARVED ? attempt - 1 : attempt;
        throw createCallError(this.options, { action, parameters, failure, attempts, secrets });
      }
      budget?.spend(delayMs);
      const pause = { action, delayMs, failure, attempt, maxRetries, credentials, secrets };
      await waitForRetry(pause, stop.signal, { clock: this.#clock, onWait }).catch(() => {
        throw createCancelledError(action);
      });
      // A wait that the API asked for does not use up the patience. maxRetries limits how often that happens.
      if (failure.retryAfterMs !== undefined) waitingSince = this.#clock.elapsed();
    }
  }

  cancel(): void {
    this.#cancellation.abort();
    this.#transport?.then(
      ({ agent }) => agent.destroy(),
      () => undefined,
    );
  }

  async #openTransport(): Promise<Transport> {
    const { maxConcurrency, origins } = this.options;
    const [{ default: fetch }, { default: createLimit }, route] = await Promise.all([
      import("node-fetch"),
      import("p-limit"),
      createRoute(this.#url, {
        maxSockets: maxConcurrency,
        timeoutMs: this.#timeoutMs,
        origin: origins?.baseUrl ?? "`baseUrl`",
      }),
    ]);
    this.#limit = createLimit(maxConcurrency);
    return { ...route, limit: this.#limit, fetch };
  }

  /** Waits for a turn, sends the request, and reports the outcome to the rate limiter. */
  async #attempt(request: SignedRequest, options: AttemptFacts): Promise<Outcome> {
    const { stop, waitingSince, action } = options;
    stop.throwIfStopped();
    const sentAt = await this.#rateLimiter.takeTurn(stop, waitingSince, (delayMs) =>
      this.options.onWait?.({ kind: "turn", action, delayMs }),
    );
    const startedAt = this.#clock.elapsed();
    const outcome = await this.#send(request, options);
    options.budget?.spend(this.#clock.elapsed() - startedAt);
    const { failure } = outcome;
    if (failure === undefined) this.#rateLimiter.reportAccepted();
    else if (failure.code === "Throttled") this.#rateLimiter.reportThrottled(sentAt, failure.retryAfterMs);
    return outcome;
  }

  async #send(
    request: SignedRequest,
    { transport, stop, budget, action, region, number }: AttemptFacts,
  ): Promise<Outcome> {
    const { version, timeoutSeconds } = this.options;
    const { fetch, agent, peers } = transport;
    const end = new AttemptEnd(stop, budget?.leftMs ?? this.#timeoutMs);
    const sentAtMs = this.#clock.now();
    const report = (
      outcome: Outcome,
      answered: Pick<Attempt, "head" | "answeredAtMs" | "bytes">,
    ): Outcome => {
      const endedAtMs = this.#clock.now();
      this.options.onAttempt?.({ action, region, number, outcome, sentAtMs, endedAtMs, ...answered });
      return outcome;
    };
    try {
      // The call may have been aborted while it waited. node-fetch would then emit an error that nothing
      // handles.
      stop.throwIfStopped();
      const response = await fetch(this.#url.href, {
        ...createMessage(request, version),
        agent,
        signal: end.signal,
      });
      const answeredAtMs = this.#clock.now();
      let bytes: number | undefined;
      const answer = await readAnswer(response, answeredAtMs, (length) => (bytes = length));
      return report(answer, { head: readHead(response), answeredAtMs, bytes });
    } catch (error) {
      if (stop.isStopped) throw error;
      const failure = end.isLate ? explainTimeout(timeoutSeconds, peers) : explainNetworkError(error, peers);
      return report({ failure }, { answeredAtMs: this.#clock.now() });
    } finally {
      end.clear();
    }
  }
}

/** Resolves in the next turn of the event loop, after what is ready now. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function createCancelledError(action: string): RedisBackupError {
  return new RedisBackupError("Cancelled", `${action} was cancelled before it was answered.`);
}
