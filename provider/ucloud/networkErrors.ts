import type { Failure } from "./failures";
import { explainStatus } from "./retCodes";

/** The prefix of the codes of a proxy's failures. The rest is `HTTP_nnn`, or the error's own code. */
export const PROXY_CODE = "PROXY_";

const TLS_CODES =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|ERR_TLS_|HOSTNAME_MISMATCH$)/;
const NO_TLS_CODES = /^(?:EPROTO$|ERR_SSL_)/;
const CHECK_ISSUER =
  "Check `baseUrl`; if your company inspects TLS traffic, name its CA in NODE_EXTRA_CA_CERTS.";
const CHECK_HOST = "It belongs to another host: check `baseUrl` and `HTTPS_PROXY`.";
/** Advice for certificates that no CA in NODE_EXTRA_CA_CERTS makes valid. */
const TLS_ADVICE: ReadonlyMap<string, string> = new Map([
  [
    "CERT_HAS_EXPIRED",
    "It has expired: check this machine's clock, and tell whoever runs the server or proxy.",
  ],
  ["CERT_NOT_YET_VALID", "It is not valid yet: check this machine's clock."],
  ["ERR_TLS_CERT_ALTNAME_INVALID", CHECK_HOST],
  ["HOSTNAME_MISMATCH", CHECK_HOST],
]);
/** How many causes deep a code is searched for, because an error can be its own cause. */
const MAX_DEPTH = 8;
const CHECK_NETWORK = "Check the network between here and the API, `baseUrl` and the proxy settings.";
const CHECK_PROXY =
  "Check the proxy settings (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), and that the proxy lets this machine reach the API.";

/** The failure of an answer larger than any that the API sends. */
export const TOO_LARGE: Failure = {
  code: "BadResponse",
  isRetryable: false,
  what: "the answer is larger than 32 MiB",
  advice: "Check `baseUrl`: the API sends no such answers.",
};

/** This machine ran out of something, which says nothing of any server. */
const LOCAL_CODES: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL"]);

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection was reset"],
  ["EPIPE", "the connection was closed"],
  ["ENOTFOUND", "the host's name is not known"],
  ["EAI_AGAIN", "the host's name could not be looked up"],
  ["EHOSTUNREACH", "the host cannot be reached"],
  ["ENETUNREACH", "the network cannot be reached"],
  ["ETIMEDOUT", "connecting took too long"],
  ["ERR_STREAM_PREMATURE_CLOSE", "the answer was cut short"],
]);

/**
 * The servers that requests go to, in words for users: host and port, and the setting or variable they came
 * from.
 */
export interface Peers {
  readonly api: string;
  /** The proxy on the way, without its user and password. */
  readonly proxy?: string;
  /** Whether every connection goes to the proxy, as for http:// addresses. @default false */
  readonly isPlainHttpProxy?: boolean;
}

/** The failure of a request that its time limit ended. */
export function explainTimeout(timeoutSeconds: number, peers: Peers): Failure {
  return {
    code: "Timeout",
    isRetryable: true,
    isOutage: true,
    what: `no complete answer within ${timeoutSeconds} s`,
    advice: "Try again in a few minutes, or raise `timeoutSeconds`.",
    peer: describeRoute(peers),
  };
}

/**
 * The failure of a request that a network error ended. Never repeats the error's message, which may hold the
 * URL.
 */
export function explainNetworkError(error: unknown, peers: Peers): Failure {
  const { proxy, isPlainHttpProxy = false } = peers;
  const code = readCode(error);
  if (code === "max-size") return TOO_LARGE;
  if (proxy !== undefined && (isPlainHttpProxy || code.startsWith(PROXY_CODE))) {
    return { ...explainProxyError(code.replace(PROXY_CODE, "")), peer: proxy };
  }
  return { ...explainCode(code, "the server"), peer: describeRoute(peers) };
}

function describeRoute({ api, proxy }: Peers): string {
  return proxy === undefined ? api : `${api} through ${proxy}`;
}

function explainProxyError(code: string): Failure {
  const [, status] = /^HTTP_(\d+)$/.exec(code) ?? [];
  if (status === undefined) {
    const failure = explainCode(code, "the proxy");
    if (!failure.isRetryable) return failure;
    return { ...failure, what: `the proxy does not answer: ${failure.what}`, advice: CHECK_PROXY };
  }
  const { isRetryable, isOutage = false } = explainStatus(Number(status));
  return {
    code: "Unavailable",
    isRetryable,
    isOutage,
    what: `the proxy refused the tunnel with HTTP ${status}`,
    advice: status === "407" ? "The proxy wants a login; check `HTTPS_PROXY`." : CHECK_PROXY,
  };
}

function explainCode(code: string, who: string): Failure {
  if (TLS_CODES.test(code)) {
    return {
      code: "Unavailable",
      isRetryable: false,
      what: `${who}'s TLS certificate was not accepted (${code})`,
      advice: TLS_ADVICE.get(code) ?? CHECK_ISSUER,
    };
  }
  if (NO_TLS_CODES.test(code)) {
    return {
      code: "Unavailable",
      isRetryable: false,
      what: `${who} speaks no TLS that this machine understands (${code})`,
      advice: "Check `baseUrl` and `HTTPS_PROXY`: https:// needs a server with TLS.",
    };
  }
  const reason = REASONS.get(code) ?? "the request did not get through";
  return {
    code: "Unavailable",
    isRetryable: true,
    isOutage: !LOCAL_CODES.has(code),
    what: `${reason} (${code})`,
    advice: CHECK_NETWORK,
  };
}

/** The code of the innermost error that has one, such as `ECONNRESET`. */
function readCode(error: unknown, depth = 0): string {
  if (typeof error !== "object" || error === null || depth > MAX_DEPTH) return "unknown error";
  const { code, type, cause, errors } = error as Record<string, unknown>;
  if (type === "max-size") return type;
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  // Several addresses were tried, and each failed.
  if (Array.isArray(errors) && errors.length > 0) return readCode(errors[0], depth + 1);
  return readCode(cause, depth + 1);
}
