import { once } from "node:events";
import http from "node:http";
import { encodeParameters, signParameters } from "../provider/ucloud/signature";
import type { SimulatorProcess } from "./simulatorProcess";

/** What to ask for: the first page, then the others concurrently. */
export interface BareReading {
  readonly parameters: Readonly<Record<string, string>>;
  readonly pageSize: number;
  readonly pages: number;
  readonly concurrency: number;
}

/**
 * Times the bare requests of a listing: they are signed beforehand, their connections are open, and their
 * answers are thrown away. A client that also reads the answers cannot be faster.
 */
export async function timeBareRequests(
  { settings }: SimulatorProcess,
  reading: BareReading,
): Promise<number> {
  const { parameters, pageSize, pages, concurrency } = reading;
  const bodies = Array.from({ length: pages }, (_, page) => {
    const asked = { ...parameters, PublicKey: settings.publicKey, Offset: page * pageSize, Limit: pageSize };
    const encoded = encodeParameters(asked);
    const signature = signParameters(encoded, settings.privateKey);
    return new URLSearchParams([...encoded, ["Signature", signature]] as [string, string][]).toString();
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });

  async function send(body: string): Promise<void> {
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": Buffer.byteLength(body),
    };
    const request = http.request(settings.baseUrl, { agent, method: "POST", headers }).end(body);
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    await once(response.resume(), "end");
  }

  async function sendAll(): Promise<void> {
    for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) await send(body);
  }

  const [first = ""] = bodies;
  const workers = Array.from({ length: concurrency });
  await Promise.all(workers.map(() => send(first)));
  const startedAt = performance.now();
  await send(bodies.shift() ?? "");
  await Promise.all(workers.map(sendAll));
  const elapsedMs = performance.now() - startedAt;
  agent.destroy();
  return elapsedMs;
}
