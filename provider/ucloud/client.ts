import { createRoute, type Route } from "./agents";
import { type Clock, systemClock } from "./clock";
import { RedisBackupError } from "./errors";
import { createRequestError } from "./failures";
import { createRateLimiter, PATIENCE_MS, StarvedError } from "./rateLimiter";
import { createRedactor } from "./redaction";
import { MAX_ANSWER_BYTES, type Outcome, readAnswer } from "./response";
import { decideRetry } from "./retry";
import { encodeParameters, type RequestParameters, signParameters } from "./signature";
import { explainNetworkError } from "./networkErrors";
import type { JsonObject } from "./jsonFields";

/** What signs the requests. */
export interface Credentials {
  readonly publicKey: string;
  readonly privateKey: string;
  /** Belongs to temporary (STS) keys. */
  readonly securityToken?: string;
}

/** Where settings came from, in words for users. No setting's value is part of it. */
export interface Origins {
  /** Such as "`baseUrl` from UCLOUD_API_BASE_URL". */
  readonly baseUrl: string;
  /** A sentence about both keys. */
  readonly keys: string;
}

/** What a client needs; there are no defaults here, settings.ts resolves them. */
export interface ClientOptions {
  readonly baseUrl: string;
  /** Where `baseUrl` and the keys came from, for errors. @default errors do not say it */
  readonly origins?: Origins;
  readonly credentials: Credentials;
  /** How often a request is tried again; 0 means one request. */
  readonly maxRetries: number;
  /** How long one request may take, connect to last byte. */
  readonly timeoutSeconds: number;
  /** How many requests are under way at once. */
  readonly maxConcurrency: number;
  /** The package's version, for the `User-Agent` header. */
  readonly version: string;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/** Makes signed calls to one API as one account. */
export interface Client {
  /** How many requests it has under way at once, at most. */
  readonly maxConcurrency: number;
  /**
   * Calls `action` and returns the API's answer, whose RetCode is 0. Retries what is worth it, each attempt signed
   * afresh. Takes at most `(maxRetries + 1) * timeoutSeconds`, plus the waits between the attempts (see retry.ts),
   * once its turn has come. After throttling it waits for a turn at most {@link PATIENCE_MS} while the API accepts nothing, beyond what that asked for.
   *
   * @throws RedisBackupError with the action, what it asked, the RetCode, the request uuid and the attempts
   */
  call(action: string, parameters: RequestParameters, signal?: AbortSignal): Promise<JsonObject>;
  /** Aborts every call under way, and every later one, at once. */
  cancel(): void;
}

/** Creates a client. Connections are opened when first needed, and kept as agents.ts says until the process ends or `cancel`. */
export function createClient(options: ClientOptions): Client {
  const { credentials, maxRetries, maxConcurrency, version, clock = systemClock } = options;
  const url = new URL(options.baseUrl);
  const timeoutMs = Math.ceil(options.timeoutSeconds * 1000);
  const pace = createRateLimiter(clock);
  const cancellation = new AbortController();
  let transport: Promise<Transport> | undefined;

  async function call(
    action: string,
    parameters: RequestParameters,
    signal?: AbortSignal,
  ): Promise<JsonObject> {
    transport ??= openTransport();
    const { limit, agent, peers, fetch } = await transport;
    // A signal of its own for each call: Node.js warns where more than ten wait on the same one.
    const stop = AbortSignal.any(
      signal === undefined ? [cancellation.signal] : [cancellation.signal, signal],
    );

    let waitingSince = clock.elapsed();

    for (let attempt = 1; ; attempt++) {
      const encoded = encodeParameters({
        ...parameters,
        Action: action,
        PublicKey: credentials.publicKey,
        SecurityToken: credentials.securityToken,
      });
      const signature = signParameters(encoded, credentials.privateKey);
      const outcome = await limit(async (): Promise<Outcome> => {
        stop.throwIfAborted();
        const sentAt = await pace.takeTurn(stop, waitingSince);
        const answer = await send(encoded, signature);
        if (answer.failure?.code === "Throttled") pace.reportThrottled(sentAt, answer.failure.retryAfterMs);
        else if (answer.failure === undefined) pace.reportAccepted();
        return answer;
      }).catch((error: unknown) => {
        if (error instanceof StarvedError) return STARVED;
        throw stop.aborted ? createCancelledError(action) : error;
      });
      if (outcome.failure === undefined) return outcome.body;

      const { failure } = outcome;
      const delayMs = decideRetry({ failure, attempt, maxRetries, chance: clock.random() });
      if (delayMs === undefined) {
        const redact = createRedactor([
          credentials.privateKey,
          credentials.securityToken,
          credentials.publicKey,
          signature,
        ]);
        const attempts = outcome === STARVED ? attempt - 1 : attempt;
        throw createRequestError({
          action,
          parameters,
          failure,
          attempts,
          redact,
          keys: options.origins?.keys,
        });
      }
      await clock.sleep(delayMs, stop).catch(() => {
        throw createCancelledError(action);
      });
      // The API said when to come back: patience begins anew, as often as there are retries.
      if (failure.retryAfterMs !== undefined) waitingSince = clock.elapsed();
    }

    async function send(encoded: ReturnType<typeof encodeParameters>, signature: string): Promise<Outcome> {
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        // It may have been aborted while the turn came. node-fetch would then emit an error that nobody handles.
        stop.throwIfAborted();
        const response = await fetch(url.href, {
          method: "POST",
          body: new URLSearchParams([...encoded, ["Signature", signature]] as [string, string][]),
          headers: { "User-Agent": `pulumi-ucloud-redis/${version}`, Accept: "application/json" },
          redirect: "manual",
          size: MAX_ANSWER_BYTES,
          agent,
          signal: AbortSignal.any([stop, timeout]),
        });
        return await readAnswer(response, clock.now());
      } catch (error) {
        if (stop.aborted) throw error;
        return {
          failure: explainNetworkError(error, peers, timeout.aborted ? options.timeoutSeconds : undefined),
        };
      }
    }
  }

  /** Loads what only real requests need: a preview that looks nothing up starts without it. */
  async function openTransport(): Promise<Transport> {
    const [{ default: fetch }, { default: createLimit }, route] = await Promise.all([
      import("node-fetch"),
      import("p-limit"),
      createRoute(url, {
        maxSockets: maxConcurrency,
        timeoutMs,
        origin: options.origins?.baseUrl ?? "`baseUrl`",
      }),
    ]);
    return { ...route, limit: createLimit(maxConcurrency), fetch };
  }

  function cancel(): void {
    cancellation.abort();
    transport?.then(
      ({ agent }) => agent.destroy(),
      () => undefined,
    );
  }

  return { maxConcurrency, call, cancel };
}

/** The outcome of waiting for a turn that did not come. */
const STARVED: Outcome = {
  failure: {
    code: "Throttled",
    isRetryable: false,
    what: `the API throttles, and accepted nothing for ${PATIENCE_MS / 1000} s`,
    advice: "The account sends too many requests; try again later, or lower `maxConcurrency`.",
  },
};

interface Transport extends Route {
  limit: <T>(task: () => Promise<T>) => Promise<T>;
  fetch: typeof import("node-fetch").default;
}

function createCancelledError(action: string): RedisBackupError {
  return new RedisBackupError("Cancelled", `${action} was cancelled before it was answered.`);
}
