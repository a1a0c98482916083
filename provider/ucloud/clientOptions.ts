import type { Clock } from "./clock";
import type { JsonObject } from "./jsonFields";
import type { RequestParameters } from "./signature";
import type { Watch } from "./watch";

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
  /** Whether requests wait until others are answered. @default false */
  readonly isBusy?: boolean;
  /**
   * Calls `action` and returns the API's answer, whose RetCode is 0. Failures that may pass are retried, each
   * attempt signed afresh. Once its turn has come, a call takes at most `(maxRetries + 1) * timeoutSeconds`,
   * plus the waits between the attempts (see retry.ts); a brief one `timeoutSeconds` in all. After throttling, it waits for its turn at most
   * `PATIENCE_MS` of rateLimiter.ts while the API accepts nothing, plus the wait that the API asked for.
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
