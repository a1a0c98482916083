import { createRoute, type Route } from "./agents";
import { type Clock, systemClock } from "./clock";
import { RedisBackupError } from "./errors";
import { hideTexts } from "./failures";
import type { JsonObject } from "./jsonFields";
import { explainNetworkError, explainTimeout } from "./networkErrors";
import { PATIENCE_MS, RateLimiter, StarvedError } from "./rateLimiter";
import { type Outcome, readAnswer, readHead } from "./response";
import { decideRetry } from "./retry";
import type { RequestParameters } from "./signature";
import { createCallError, createMessage, listKeys, type SignedRequest, signRequest } from "./signedRequest";
import { TimeBudget } from "./timeBudget";
import { type Attempt, explainAttempt, sleepWatched, type Watch } from "./watch";

/** The keys that sign the requests. */
export interface Credentials {
  readonly publicKey: string;
  readonly privateKey: string;
  /** Belongs to temporary (STS) keys. */
  readonly securityToken?: string;
}

/** Where settings came from, in words for users. Holds no key and no address. */
export interface Origins {
  /** Such as "`baseUrl` from UCLOUD_API_BASE_URL". */
  readonly baseUrl: string;
  /** A sentence about both keys. */
  readonly keys: string;
}

/** What a client needs. Defaults are resolved in settings.ts. */
export interface ClientOptions extends Watch {
  readonly baseUrl: string;
  /** Where `baseUrl` and the keys came from, for errors. @default errors do not say it */
  readonly origins?: Origins;
  readonly credentials: Credentials;
  /** How often a request is retried; 0 means one attempt. */
  readonly maxRetries: number;
  /** How long one attempt may take, from connecting to the last byte. */
  readonly timeoutSeconds: number;
  /** How many requests may be under way concurrently. */
  readonly maxConcurrency: number;
  /** The package's version, for the `User-Agent` header. */
  readonly version: string;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/** Makes signed calls to one API as one account. */
export interface Client extends Pick<Watch, "onPage"> {
  /** How many requests may be under way concurrently. */
  readonly maxConcurrency: number;
  /**
   * Calls `action` and returns the API's answer, whose RetCode is 0. Failures that may pass are retried, each
   * attempt signed afresh. Once its turn has come, a call takes at most `(maxRetries + 1) * timeoutSeconds`,
   * plus the waits between the attempts (see retry.ts); a brief one `timeoutSeconds` in all. After throttling, it waits for its turn at most
   * {@link PATIENCE_MS} while the API accepts nothing, plus the wait that the API asked for.
   *
   * @throws RedisBackupError with the action, what it asked, the RetCode, the request uuid and the attempts
   */
  call(action: string, parameters: RequestParameters, options?: CallOptions): Promise<JsonObject>;
  /** Aborts every call that is under way immediately, and every later one. */
  cancel(): void;
}

/** How a call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether all attempts and the waits between them may take `timeoutSeconds` together, not each. Waiting for a
   * turn does not count. @default false
   */
  readonly isBrief?: boolean | undefined;
  /** Whether errors show nothing that the API wrote, since it may be a secret. @default false */
  readonly isAnswerSecret?: boolean | undefined;
}

/**
 * Creates a client. Connections are opened when first needed, and kept, as agents.ts describes, until the
 * process ends or `cancel` is called.
 */
export function createClient(options: ClientOptions): Client {
  return new SignedClient(options);
}

/** What only real requests need. It is loaded late: a preview that looks nothing up starts without it. */
interface Transport extends Route {
  limit: <T>(task: () => Promise<T>) => Promise<T>;
  fetch: typeof import("node-fetch").default;
}

/** What the attempts of a call share. */
interface AttemptOptions {
  readonly transport: Transport;
  readonly stop: AbortSignal;
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

  constructor(private readonly options: ClientOptions) {
    this.maxConcurrency = options.maxConcurrency;
    this.onPage = options.onPage;
    this.#clock = options.clock ?? systemClock;
    this.#url = new URL(options.baseUrl);
    this.#timeoutMs = Math.ceil(options.timeoutSeconds * 1000);
    this.#rateLimiter = new RateLimiter(this.#clock);
  }

  async call(
    action: string,
    parameters: RequestParameters,
    { signal, isBrief = false, isAnswerSecret = false }: CallOptions = {},
  ): Promise<JsonObject> {
    this.#transport ??= this.#openTransport();
    const transport = await this.#transport;
    // A signal of its own for each call: Node.js warns if more than ten listeners wait for the same one.
    const stop = AbortSignal.any([this.#cancellation.signal, ...(signal === undefined ? [] : [signal])]);
    let waitingSince = this.#clock.elapsed();
    const budget = isBrief ? new TimeBudget(this.#timeoutMs) : undefined;
    const region = typeof parameters["Region"] === "string" ? parameters["Region"] : undefined;
    const facts = { transport, stop, budget, action, region };

    for (let attempt = 1; ; attempt++) {
      const request = signRequest(this.options.credentials, action, parameters);
      const outcome = await transport
        .limit(() => this.#attempt(request, { ...facts, waitingSince, number: attempt }))
        .catch((error: unknown) => {
          if (error instanceof StarvedError) return STARVED;
          throw stop.aborted ? createCancelledError(action) : error;
        });
      if (outcome.failure === undefined) return outcome.body;

      const failure = isAnswerSecret ? hideTexts(outcome.failure) : outcome.failure;
      const { maxRetries } = this.options;
      const delayMs = decideRetry({ failure, attempt, maxRetries, chance: this.#clock.random() });
      if (delayMs === undefined || budget?.allows(delayMs) === false) {
        const attempts = outcome === STARVED ? attempt - 1 : attempt;
        const secrets = [request.signature];
        throw createCallError(this.options, { action, parameters, failure, attempts, secrets });
      }
      budget?.spend(delayMs);
      const reason = explainAttempt(failure, [...listKeys(this.options.credentials), request.signature]);
      const wait = {
        kind: "retry",
        action,
        delayMs,
        code: failure.code,
        reason,
        attempt,
        maxRetries,
      } as const;
      await sleepWatched(wait, stop, { clock: this.#clock, onWait: this.options.onWait }).catch(() => {
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
    return { ...route, limit: createLimit(maxConcurrency), fetch };
  }

  /** Waits for a turn, sends the request, and reports the outcome to the rate limiter. */
  async #attempt(request: SignedRequest, options: AttemptFacts): Promise<Outcome> {
    const { stop, waitingSince, action } = options;
    stop.throwIfAborted();
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
    const timeout = AbortSignal.timeout(budget?.leftMs ?? this.#timeoutMs);
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
      stop.throwIfAborted();
      const response = await fetch(this.#url.href, {
        ...createMessage(request, version),
        agent,
        signal: AbortSignal.any([stop, timeout]),
      });
      const answeredAtMs = this.#clock.now();
      let bytes: number | undefined;
      const answer = await readAnswer(response, answeredAtMs, (length) => (bytes = length));
      return report(answer, { head: readHead(response), answeredAtMs, bytes });
    } catch (error) {
      if (stop.aborted) throw error;
      const failure = timeout.aborted
        ? explainTimeout(timeoutSeconds, peers)
        : explainNetworkError(error, peers);
      return report({ failure }, { answeredAtMs: this.#clock.now() });
    }
  }
}

function createCancelledError(action: string): RedisBackupError {
  return new RedisBackupError("Cancelled", `${action} was cancelled before it was answered.`);
}
