import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import type { Simulator } from "../../simulator";
import { withSimulator } from "../support/withSimulator";
import { createCertificate } from "../support/certificate";
import { sign, UREDIS_QUERY } from "./client";

async function askSecurely(simulator: Simulator, options: RequestOptions): Promise<unknown> {
  const parameters = new URLSearchParams(sign(simulator, UREDIS_QUERY));
  const request = get(`${simulator.url}/?${parameters.toString()}`, { ...options, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return json(response);
}

// Expired certificates and those of other hosts are tested with the plugin: see tests/faults.
describe("a simulator with TLS", () => {
  const trusted = createCertificate("127.0.0.1");

  it("serves clients that trust its certificate, and no others", () =>
    withSimulator({ tls: trusted }, async (simulator) => {
      assert.match(simulator.url, /^https:/);
      const answer = (await askSecurely(simulator, { ca: trusted.cert })) as { RetCode: number };
      assert.equal(answer.RetCode, 0);
      await assert.rejects(askSecurely(simulator, {}), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
      assert.deepEqual([simulator.connections, simulator.requests[0]?.connection], [2, 1]);
    }));

  it("can close a connection instead of answering", () =>
    withSimulator({ tls: trusted }, async (simulator) => {
      simulator.injectFault({ kind: "reset" });
      await assert.rejects(askSecurely(simulator, { ca: trusted.cert }), { code: "ECONNRESET" });
    }));
});
