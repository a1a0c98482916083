import * as http from "node:http";
import * as https from "node:https";
import { RedisBackupError } from "./errors";

const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/**
 * Creates the agent that keeps the connections to `url` open between requests, through the proxy that `HTTPS_PROXY`,
 * `HTTP_PROXY` and `NO_PROXY` name for it, in either case. The proxy code is loaded only when one of them is set.
 */
export async function createAgent(url: URL, maxSockets: number): Promise<http.Agent> {
  const options = { keepAlive: true, maxSockets };
  const named = PROXY_VARIABLES.map((name) => process.env[name] ?? "");
  if (named.some((value) => value !== "")) {
    const { getProxyForUrl } = await import("proxy-from-env");
    const found = getProxyForUrl(url.href);
    // Named without a scheme, a proxy speaks plain HTTP, as with curl; the library would speak TLS to it for https.
    const proxy = found === "" || named.includes(found) ? found : found.replace(/^https:/, "http:");
    if (proxy !== "") {
      if (!isProxyAddress(proxy)) {
        throw new RedisBackupError(
          "InvalidConfig",
          "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is not an http:// or https:// address; " +
            "in a user or password, special characters must be written as in a URL.",
        );
      }
      if (url.protocol === "https:") {
        const { HttpsProxyAgent } = await import("https-proxy-agent");
        return new HttpsProxyAgent(proxy as `http:${string}`, options);
      }
      const { HttpProxyAgent } = await import("http-proxy-agent");
      return new HttpProxyAgent(proxy as `http:${string}`, options);
    }
  }
  return url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
}

function isProxyAddress(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    decodeURIComponent(username + password);
    return protocol === "http:" || protocol === "https:";
  } catch {
    return false;
  }
}
