import net from "node:net";

/** A proxy that accepts connections and never answers, like a firewall that drops packets. */
export interface SilentProxy {
  readonly url: string;
  /** The first line of each request: `CONNECT example.com:443 HTTP/1.1`. */
  readonly requests: readonly string[];
  /** Resolves at the first request. */
  readonly firstRequest: Promise<void>;
  /** Ends all connections, and refuses new ones. */
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startSilentProxy(): Promise<SilentProxy> {
  const requests: string[] = [];
  const sockets = new Set<net.Socket>();
  let onRequest = (): void => undefined;
  const firstRequest = new Promise<void>((resolve) => (onRequest = resolve));
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      requests.push(data.toString("latin1").split("\r\n")[0] ?? "");
      onRequest();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    firstRequest,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
