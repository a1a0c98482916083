import * as http from "node:http";
import * as https from "node:https";
import { RedisBackupError } from "./errors";

const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

/**
 * Creates the agent that keeps the connections to `url` open between requests, through the proxy that `HTTPS_PROXY`,
 * `HTTP_PROXY` and `NO_PROXY` name for it, in either case. The proxy code is loaded only when one of them is set.
 */
export async function createAgent(url: URL, maxSockets: number): Promise<http.Agent> {
  const options = { keepAlive: true, maxSockets };
  const isProxySet = PROXY_VARIABLES.some((name) => process.env[name] ?? process.env[name.toLowerCase()]);
  if (isProxySet) {
    const { getProxyForUrl } = await import("proxy-from-env");
    const proxy = getProxyForUrl(url.href);
    if (proxy !== "") {
      if (!/^https?:/i.test(proxy) || !URL.canParse(proxy)) {
        throw new RedisBackupError(
          "InvalidConfig",
          "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is not an http:// or https:// address.",
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
