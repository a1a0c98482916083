import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from "node:net";
import { type Client, type ClientOptions, createClient } from "../../provider/ucloud/client";
import type { Simulator } from "../../simulator/index";
import { createInstantClock } from "../ucloud/fakeClock";

/** Keys that no server here checks. */
export const KEYS = { publicKey: "test-public-key", privateKey: "test-private-key" };

/** A server that answers as told, for what the simulator does not do. */
export interface Loopback {
  readonly url: string;
  /** How many connections were opened. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Starts an HTTP server. */
export function serveHttp(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Loopback> {
  return listen(createHttpServer(answer));
}

/** Starts a server that answers each request it sees the end of with these bytes, and leaves the connection to `end`. */
export function serveBytes(bytes: string, { isEnding = true } = {}): Promise<Loopback> {
  return listen(
    createNetServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => (isEnding ? socket.end(bytes) : socket.write(bytes)));
    }),
  );
}

/** An answer of status 200 with these headers and this body. */
export function writeAnswer(body: string, headers: readonly string[] = []): string {
  return ["HTTP/1.1 200 OK", "Connection: close", ...headers, "", body].join("\r\n");
}

async function listen(server: Server): Promise<Loopback> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port on which nobody listens. */
export async function findClosedPort(): Promise<number> {
  const server = await serveBytes("");
  await server.close();
  return Number(new URL(server.url).port);
}

/** Creates a client of a server, with defaults under which nothing waits in real time. */
export function connect(
  server: Pick<Loopback, "url"> | Simulator,
  options: Partial<ClientOptions> = {},
): Client {
  return createClient({
    baseUrl: server.url,
    credentials:
      "privateKey" in server
        ? {
            publicKey: server.publicKey,
            privateKey: server.privateKey,
            ...(server.securityToken === undefined ? {} : { securityToken: server.securityToken }),
          }
        : KEYS,
    maxRetries: 0,
    timeoutSeconds: 10,
    maxConcurrency: 8,
    version: "1.2.3-test",
    clock: createInstantClock(),
    ...options,
  });
}
