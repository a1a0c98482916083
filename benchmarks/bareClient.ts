import { once } from "node:events";
import http from "node:http";
import { encodeParameters, signParameters } from "../provider/ucloud/signature";
import type { SimulatorProcess } from "./simulatorProcess";

/** The parameters of a request, without the keys. */
export type BareRequest = Readonly<Record<string, string | number>>;

/** What to ask for. */
export interface BareReading {
  /** Rounds of concurrent requests. A round starts when the one before it has ended. */
  readonly rounds: readonly (readonly BareRequest[])[];
  /** The most concurrent requests, and the connections. */
  readonly concurrency: number;
}

/**
 * Times the bare requests of a call: they are signed beforehand, their connections are open, and their answers are
 * parsed as JSON and thrown away. A client that also makes something of the answers cannot be faster.
 *
 * @throws when an answer is no success
 */
export async function timeBareRequests(
  { settings }: SimulatorProcess,
  { rounds, concurrency }: BareReading,
): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });

  function encode(request: BareRequest): string {
    const encoded = encodeParameters({ ...request, PublicKey: settings.publicKey });
    const signature = signParameters(encoded, settings.privateKey);
    return new URLSearchParams([...encoded, ["Signature", signature]] as [string, string][]).toString();
  }

  async function send(body: string): Promise<void> {
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": Buffer.byteLength(body),
    };
    const request = http.request(settings.baseUrl, { agent, method: "POST", headers }).end(body);
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(response, "end");
    const { RetCode } = JSON.parse(Buffer.concat(chunks).toString()) as { RetCode?: unknown };
    if (RetCode !== 0) throw new Error(`a bare request was answered with RetCode ${String(RetCode)}`);
  }

  async function sendAll(bodies: readonly string[]): Promise<void> {
    const waiting = [...bodies];
    const work = async (): Promise<void> => {
      for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) await send(body);
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }

  const encoded = rounds.map((round) => round.map(encode));
  const first = encoded[0]?.[0] ?? "";
  // Opens the connections.
  await sendAll(new Array<string>(concurrency).fill(first));
  const startedAt = performance.now();
  for (const bodies of encoded) await sendAll(bodies);
  const elapsedMs = performance.now() - startedAt;
  agent.destroy();
  return elapsedMs;
}
