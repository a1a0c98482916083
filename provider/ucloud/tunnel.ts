/**
 * Connections to an https:// address through a proxy. The proxy is asked for a tunnel (CONNECT), and what comes out of it
 * counts only as TLS of the API's host. Whatever the proxy itself answers is never taken for an answer of the API:
 * proxy libraries hand the body of a refused CONNECT on as if the API had sent it.
 */

import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { PROXY_CODE } from "./networkErrors";

/** An agent that reaches https:// addresses through a proxy, and keeps its connections open between requests. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #timeoutMs: number;
  readonly #closing = new AbortController();

  /** @param options.timeoutMs how long a tunnel may take to open; no request waits longer for one */
  constructor(proxy: URL, { timeoutMs, ...options }: https.AgentOptions & { timeoutMs: number }) {
    super(options);
    this.#proxy = proxy;
    this.#timeoutMs = timeoutMs;
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // A tunnel does not end with the request that it was opened for: the next request may use it. The timer holds its
    // controller; a signal of `AbortSignal.timeout` may be collected, since `AbortSignal.any` does not hold it.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#timeoutMs);
    const signal = AbortSignal.any([this.#closing.signal, late.signal]);
    const target = { host: options.host ?? "", port: Number(options.port) };
    openTunnel(this.#proxy, target, signal)
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

/** Opens a tunnel to `target` and speaks TLS in it. */
async function openTunnel(
  proxy: URL,
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const socket = await connectThrough(proxy, target, signal).catch((error: unknown) => {
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

/** Asks the proxy for a tunnel. Any answer but 200 is a refusal: its connection is closed, and its body is not read. */
async function connectThrough(
  proxy: URL,
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const proxyHost = proxy.hostname.replace(/^\[|\]$/g, "");
  const { request } = proxy.protocol === "https:" ? https : http;
  const connecting = request({
    // Named here, since it would be taken from the header `Host`, which names the API.
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

/** Whose certificate must be shown. It is always checked, whatever `NODE_TLS_REJECT_UNAUTHORIZED` says. */
function identify(host: string): tls.ConnectionOptions & { host: string; servername: string } {
  return { host, servername: isIP(host) === 0 ? host : "", rejectUnauthorized: true };
}

function writeLogin({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

/** A failure of the proxy, not of the API. Its code is all that the HTTP client hands on. */
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
