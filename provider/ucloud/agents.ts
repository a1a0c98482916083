import * as http from "node:http";
import * as https from "node:https";
import type { HttpsProxyAgent } from "https-proxy-agent";
import { RedisBackupError } from "./errors";

const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

const keepAlive = true;

/**
 * Creates the agent that keeps the connections to `url` open between requests, through the proxy that `HTTPS_PROXY`,
 * `HTTP_PROXY` and `NO_PROXY` name for it, in either case. Plain HTTP through a proxy is not kept open. The proxy code
 * is loaded only when one of them is set.
 */
export async function createAgent(url: URL, maxSockets: number): Promise<http.Agent> {
  // Not of proxies' agents, which would count a CONNECT that is never answered for ever; the client counts as well.
  const options = { keepAlive, maxSockets };
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
        return endConnectsWithRequests(new HttpsProxyAgent(proxy as `http:${string}`, { keepAlive }));
      }
      const { HttpProxyAgent } = await import("http-proxy-agent");
      // Each request has a connection of its own: proxies such as tinyproxy close theirs after an answer without saying so.
      return new HttpProxyAgent(proxy as `http:${string}`);
    }
  }
  return url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
}

/** Ends a connection to the proxy with the request it was opened for, if that is given up before the proxy answers. */
function endConnectsWithRequests(agent: HttpsProxyAgent<string>): http.Agent {
  const connect = agent.connect.bind(agent);
  const { connectOpts } = agent;
  agent.connect = async (request, options) => {
    const pending = new AbortController();
    const giveUp = (): void => pending.abort();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- "close" does not come without a connection
    request.once("abort", giveUp);
    // Read by `connect` before it waits for anything, so that requests at the same time do not mix.
    agent.connectOpts = { ...connectOpts, signal: pending.signal };
    try {
      return await connect(request, options);
    } finally {
      request.off("abort", giveUp);
    }
  };
  return agent;
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
