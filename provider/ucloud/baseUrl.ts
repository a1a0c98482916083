/** UCloud's own gateway. Other brands of the same API have gateways of their own. */
export const DEFAULT_BASE_URL = "https://api.ucloud.cn";

/** UCloud's gateway inside its private networks, which has no TLS. */
const INTERNAL_HOST = "api.service.ucloud.cn";

/** What is wrong with a base URL, if anything. Never repeats the URL, which may hold a password. */
export function findBaseUrlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return "must be an address that starts with https:// or http://";
  }
  if (url.username !== "" || url.password !== "") return "must not hold a user or password";
  if (/[?#]/.test(text)) return "must not hold a query or fragment";
  return undefined;
}

/**
 * A warning if requests would cross a network unencrypted. Plain http is fine within this machine, and within
 * UCloud's private networks, whose gateway has no TLS.
 */
export function warnOfPlainHttp(text: string): string | undefined {
  const { protocol, hostname } = new URL(text);
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  if (protocol === "https:" || isLoopback || hostname === INTERNAL_HOST) return undefined;
  return (
    "`baseUrl` has no TLS: anyone between this machine and the API can read the backups' names and change the answers. " +
    "Use https:// if the API has it."
  );
}

/** Whether `text`, however it is written, is the default base URL. */
export function isDefaultBaseUrl(text: string): boolean {
  return new URL(text).href === new URL(DEFAULT_BASE_URL).href;
}

/**
 * A notice if requests go to another API than the default one, because a forgotten variable may be the
 * reason.
 */
export function noticeOtherApi(text: string, origin: string): string | undefined {
  if (isDefaultBaseUrl(text)) return undefined;
  return `Requests go to ${new URL(text).host} (${origin}), not at ${new URL(DEFAULT_BASE_URL).host}.`;
}
