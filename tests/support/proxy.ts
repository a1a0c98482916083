import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from "node:net";
import type { Certificate } from "./certificate";

/** A proxy on this machine that forwards everything to one address, whatever address was requested. */
export interface Proxy {
  readonly host: string;
  /** The requests it received, such as `POST http://api.example/` or `CONNECT api.example:443`. */
  readonly asked: string[];
  /** The `Proxy-Authorization` headers it received. */
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/**
 * Starts a proxy to `target`, a URL.
 *
 * @param options.refusal the status of all answers @default it forwards requests
 * @param options.isCurt whether it closes each connection after an answer without announcing it @default
 * false
 * @param options.tls its certificate @default it does not use TLS
 */
export async function startProxy(
  target: string,
  options: { readonly refusal?: number; readonly isCurt?: boolean; readonly tls?: Certificate } = {},
): Promise<Proxy> {
  const { refusal, isCurt = false, tls } = options;
  const { hostname, port } = new URL(target);
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  };
  const note = ({ method, url, headers }: IncomingMessage): void => {
    asked.push(`${method ?? ""} ${url ?? ""}`);
    authorizations.push(headers["proxy-authorization"]);
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    note(request);
    if (refusal !== undefined) {
      response.writeHead(refusal).end("<html>refused</html>");
      return;
    }
    const { pathname } = new URL(request.url ?? "/");
    void fetch(new URL(pathname, target), {
      method: request.method ?? "GET",
      headers: { "content-type": request.headers["content-type"] ?? "" },
      body: request,
      duplex: "half",
    } as unknown as RequestInit).then(async (given) => {
      const body = Buffer.from(await given.arrayBuffer());
      if (isCurt)
        request.socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body.toString()}`);
      else response.end(body);
    });
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  server.on("connect", (request, socket: Socket) => {
    note(request);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = keep(connect(Number(port), hostname));
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    onward.pipe(socket).pipe(onward);
  });
  server.on("connection", keep);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A proxy that answers each CONNECT itself, and forwards nothing. */
export interface HostileProxy {
  readonly host: string;
  /** Everything that was sent to it. */
  readonly received: () => string;
  /** How many connections to it are open. */
  readonly open: () => number;
  close(): Promise<void>;
}

/** Starts a proxy that calls `answer` once a whole CONNECT has come. */
export async function startHostileProxy(answer: (socket: Socket) => void): Promise<HostileProxy> {
  const sockets = new Set<Socket>();
  let received = "";
  const server = createNetServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    let head = "";
    socket.on("data", (data) => {
      received += data.toString("latin1");
      const wasWhole = head.includes("\r\n\r\n");
      head += data.toString("latin1");
      if (!wasWhole && head.includes("\r\n\r\n")) answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Runs `task` with these proxy variables and no others, and restores the previous ones afterwards. */
export async function withProxyVariables(
  variables: Readonly<Record<string, string>>,
  task: () => Promise<void>,
): Promise<void> {
  const isOurs = (name: string): boolean =>
    /^(https?|all|no)_proxy$/i.test(name) || name === "NODE_TLS_REJECT_UNAUTHORIZED";
  const before = Object.entries(process.env).filter(([name]) => isOurs(name));
  const clear = (): void => {
    for (const name of Object.keys(process.env).filter(isOurs)) Reflect.deleteProperty(process.env, name);
  };
  clear();
  Object.assign(process.env, variables);
  try {
    await task();
  } finally {
    clear();
    Object.assign(process.env, Object.fromEntries(before));
  }
}
