import { once } from "node:events";
import http from "node:http";
import { encodeParameters, signParameters } from "../provider/ucloud/signature";
import type { SimulatorProcess } from "./simulatorProcess";

/** What to ask for: the first page, then all others, so many at once. */
export interface BareReading {
  readonly parameters: Readonly<Record<string, string>>;
  readonly pageSize: number;
  readonly pages: number;
  readonly concurrency: number;
}

/**
 * Times the requests of a listing without anything around them: signed beforehand, their answers thrown away. Nothing
 * that reads the answers can be faster on this machine.
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
  const send = async (): Promise<boolean> => {
    const body = bodies.shift();
    if (body === undefined) return false;
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": Buffer.byteLength(body),
    };
    const request = http.request(settings.baseUrl, { agent, method: "POST", headers }).end(body);
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    await once(response.resume(), "end");
    return true;
  };
  const sendAll = async (): Promise<void> => {
    while (await send());
  };
  const startedAt = performance.now();
  await send();
  await Promise.all(Array.from({ length: concurrency }, sendAll));
  agent.destroy();
  return performance.now() - startedAt;
}
