import net from "node:net";

/** A proxy that accepts connections and never answers, as a firewall that swallows what it does not let through. */
export interface SilentProxy {
  readonly url: string;
  /** What was asked of it, first lines only: `CONNECT example.com:443 HTTP/1.1`. */
  readonly requests: readonly string[];
  /** Resolves at the first request. */
  readonly firstRequest: Promise<void>;
  /** Ends all connections, and refuses others. */
  close(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startSilentProxy(): Promise<SilentProxy> {
  const requests: string[] = [];
  const sockets = new Set<net.Socket>();
  let tell = (): void => undefined;
  const firstRequest = new Promise<void>((resolve) => (tell = resolve));
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      requests.push(data.toString("latin1").split("\r\n")[0] ?? "");
      tell();
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
