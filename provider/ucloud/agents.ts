import * as http from "node:http";
import * as https from "node:https";
import { RedisBackupError } from "./errors";
import type { Peers } from "./networkErrors";
import { TunnelAgent } from "./tunnel";

/** Explicit, because otherwise NODE_TLS_REJECT_UNAUTHORIZED could turn the check of certificates off. */
const rejectUnauthorized = true;

/** How requests reach the API. */
export interface Route {
  readonly agent: http.Agent;
  /** The servers that requests go to, for errors. */
  readonly peers: Peers;
}

/**
 * Creates an agent for `url` that keeps connections open between requests, if `keepAlive` is not false, except
 * for plain HTTP through a proxy. The proxy is the one that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name for `url`, in
 * upper or lower case. The proxy code is only loaded if a proxy is used.
 *
 * @param options.origin where `url` came from, such as "`baseUrl`"
 */
export async function createRoute(
  url: URL,
  options: { maxSockets: number; timeoutMs: number; origin: string; keepAlive?: boolean },
): Promise<Route> {
  const { maxSockets, timeoutMs, origin, keepAlive = true } = options;
  const settings = { keepAlive, maxSockets, rejectUnauthorized };
  const api = `${url.hostname}:${readPort(url)} (${origin})`;
  const proxy = await findProxy(url);
  if (proxy === undefined) {
    const agent = url.protocol === "https:" ? new https.Agent(settings) : new http.Agent(settings);
    return { agent, peers: { api } };
  }
  const address = `the proxy ${proxy.url.hostname}:${readPort(proxy.url)} (${proxy.variable})`;
  if (url.protocol === "https:") {
    const agent = new TunnelAgent(proxy.url, { ...settings, timeoutMs });
    return { agent, peers: { api, proxy: address } };
  }
  const { HttpProxyAgent } = await import("http-proxy-agent");
  // Each request has a connection of its own: proxies such as tinyproxy close it after an answer without
  // announcing it.
  const agent = new HttpProxyAgent(proxy.url.href as `https:${string}`, { rejectUnauthorized });
  return { agent, peers: { api, proxy: address, isPlainHttpProxy: true } };
}

/** The proxy for `url`, and the environment variable that names it. */
async function findProxy(url: URL): Promise<{ url: URL; variable: string } | undefined> {
  // In the order in which proxy-from-env reads them.
  const names = [`${url.protocol.replace(":", "")}_proxy`, "all_proxy"].flatMap((name) => [
    name,
    name.toUpperCase(),
  ]);
  const variable = names.find((name) => (process.env[name] ?? "") !== "");
  if (variable === undefined) return undefined;
  const { getProxyForUrl } = await import("proxy-from-env");
  const found = getProxyForUrl(url.href);
  if (found === "") return undefined;
  // A proxy without a scheme is spoken to in plain HTTP, as curl does. proxy-from-env would take the scheme
  // of `url`.
  const text = found === process.env[variable] ? found : found.replace(/^https:/, "http:");
  if (!isProxyAddress(text)) {
    throw new RedisBackupError(
      "InvalidConfig",
      `${variable} is not an http:// or https:// address; ` +
        "in a user or password, special characters must be written as in a URL.",
    );
  }
  return { url: new URL(text), variable };
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

function readPort({ port, protocol }: URL): string {
  return port === "" ? (protocol === "https:" ? "443" : "80") : port;
}
