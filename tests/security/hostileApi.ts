import { text } from "node:stream/consumers";
import { serveHttp } from "../support/loopback";

/** The answer to a request. */
export interface HostileAnswer {
  readonly body: string | Uint8Array;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that answers every request, whether it is signed or not. */
export interface HostileApi {
  readonly url: string;
  /** Sets the function that chooses the answer to a request. */
  respond(choose: (parameters: Readonly<Record<string, string>>) => HostileAnswer): void;
  close(): Promise<void>;
}

/** Starts a hostile API. It answers with an empty body until `respond` is called. */
export async function startHostileApi(): Promise<HostileApi> {
  let choose: Parameters<HostileApi["respond"]>[0] = () => ({ body: "" });
  const server = await serveHttp((request, response) => {
    void text(request).then((form) => {
      const { body, status = 200, headers = {} } = choose(Object.fromEntries(new URLSearchParams(form)));
      response.writeHead(status, headers).end(body);
    });
  });
  return { url: server.url, close: () => server.close(), respond: (next) => (choose = next) };
}
