/** UCloud's own gateway. Other brands of the same cloud have others. */
export const DEFAULT_BASE_URL = "https://api.ucloud.cn";

/** UCloud's gateway inside its private networks, which has no TLS. */
const INTERNAL_HOST = "api.service.ucloud.cn";

/** What is wrong with a base URL, if anything. Never repeats it: it may hold a password. */
export function findBaseUrlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return "must be an address that starts with https:// or http://";
  }
  if (url.username !== "" || url.password !== "") return "must not hold a user or password";
  if (/[?#]/.test(text)) return "must not hold a query or fragment";
  return undefined;
}

/** A warning where requests would cross a network in the clear: plain http to neither this machine nor UCloud's own network. */
export function warnOfPlainHttp(text: string): string | undefined {
  const { protocol, hostname } = new URL(text);
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  if (protocol === "https:" || isLoopback || hostname === INTERNAL_HOST) return undefined;
  return (
    "`baseUrl` has no TLS: whoever stands between here and the API can read the backups' names and change the answers. " +
    "Use https:// if the API has it."
  );
}

/** A notice where requests go elsewhere than by default, for those who do not know that a variable is still set. */
export function noticeOtherApi(text: string, origin: string): string | undefined {
  const { href, host } = new URL(text);
  if (href === new URL(DEFAULT_BASE_URL).href) return undefined;
  return `Backups are looked up at ${host} (${origin}), not at ${new URL(DEFAULT_BASE_URL).host}.`;
}
