/**
 * Connections to an https:// address through a proxy. The proxy is asked for a tunnel (CONNECT), in which the
 * API's host has to authenticate with TLS. An answer of the proxy itself is never read as one of the API.
 * That is why no proxy library is used here: these pass on the body of a refused CONNECT as if the API had
 * sent it.
 */

import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { PROXY_CODE } from "./networkErrors";

/**
 * An agent that connects to https:// addresses through a proxy, and keeps connections open between requests.
 */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #timeoutMs: number;
  readonly #closing = new AbortController();

  /** @param options.timeoutMs how long opening a tunnel may take */
  constructor(proxy: URL, { timeoutMs, ...options }: https.AgentOptions & { timeoutMs: number }) {
    super(options);
    this.#proxy = proxy;
    this.#timeoutMs = timeoutMs;
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // The timeout is not the request's: a tunnel outlives the request that it was opened for, and the next
    // one may use it. It is a timer, which keeps its controller alive. A signal of `AbortSignal.timeout`
    // could be garbage-collected, because `AbortSignal.any` does not keep it alive.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#timeoutMs);
    const signal = AbortSignal.any([this.#closing.signal, late.signal]);
    const target = { host: options.host ?? "", port: Number(options.port) };
    openTunnel({ proxy: this.#proxy, target, signal })
      .finally(() => clearTimeout(timer))
      .then(
        (socket) => callback?.(null, socket),
        (error: unknown) => callback?.(error as Error, undefined as unknown as Duplex),
      );
  }

  override destroy(): void {
    this.#closing.abort();
    super.destroy();
  }
}

interface TunnelOptions {
  readonly proxy: URL;
  readonly target: { readonly host: string; readonly port: number };
  readonly signal: AbortSignal;
}

/** Opens a tunnel to the target, and TLS in it. */
async function openTunnel(options: TunnelOptions): Promise<tls.TLSSocket> {
  const { target, signal } = options;
  const socket = await connectThrough(options).catch((error: unknown) => {
    throw error instanceof ProxyError ? error : new ProxyError(readCode(error));
  });
  const secure = tls.connect({ ...identify(target.host), socket, ALPNProtocols: ["http/1.1"] });
  // An error after this function has returned is also reported to the request that uses the socket.
  secure.on("error", () => undefined);
  try {
    await once(secure, "secureConnect", { signal });
  } catch (error) {
    secure.destroy();
    throw error;
  }
  return secure;
}

/**
 * Asks the proxy for a tunnel. Any status but 200 is a refusal: the connection is closed, and the body is not
 * read.
 */
async function connectThrough({ proxy, target, signal }: TunnelOptions): Promise<Socket> {
  const { host, port } = target;
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const proxyHost = proxy.hostname.replace(/^\[|\]$/g, "");
  const { request } = proxy.protocol === "https:" ? https : http;
  const connecting = request({
    // Includes `servername`, which would otherwise be taken from the header `Host`, which names the API.
    ...identify(proxyHost),
    port: proxy.port === "" ? (proxy.protocol === "https:" ? 443 : 80) : proxy.port,
    method: "CONNECT",
    path: address,
    headers: { Host: address, ...writeLogin(proxy) },
    agent: false,
  });
  connecting.on("error", () => undefined);
  connecting.end();
  try {
    const [response, socket] = (await once(connecting, "connect", { signal })) as [
      http.IncomingMessage,
      Socket,
    ];
    if (response.statusCode === 200) return socket;
    socket.destroy();
    throw new ProxyError(`HTTP_${response.statusCode ?? 0}`);
  } catch (error) {
    connecting.destroy();
    throw error;
  }
}

/** The host whose certificate is checked. `NODE_TLS_REJECT_UNAUTHORIZED` cannot turn the check off. */
function identify(host: string): tls.ConnectionOptions & { host: string; servername: string } {
  return { host, servername: isIP(host) === 0 ? host : "", rejectUnauthorized: true };
}

function writeLogin({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

/** A failure of the proxy, not of the API. Its code is all that the HTTP client passes on. */
class ProxyError extends Error {
  readonly code: string;

  constructor(code: string) {
    super("The proxy opened no tunnel.");
    this.code = PROXY_CODE + code;
  }
}

function readCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "FAILED";
}
