import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { createCertificate } from "./certificate";
import { sign } from "./client";

const query = { Action: "DescribeURedisBackup", Region: demo.region, GroupId: demo.uredisGroupId };

async function askSecurely(simulator: Simulator, options: RequestOptions): Promise<unknown> {
  const parameters = new URLSearchParams(sign(simulator, query));
  const request = get(`${simulator.url}/?${parameters.toString()}`, { ...options, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return json(response);
}

describe("a simulator with TLS", () => {
  it("serves clients that trust its certificate, and only those", async () => {
    const tls = createCertificate("127.0.0.1");
    const simulator = await startSimulator({ tls });
    try {
      assert.match(simulator.url, /^https:/);
      const answer = (await askSecurely(simulator, { ca: tls.cert })) as { RetCode: number };
      assert.equal(answer.RetCode, 0);
      await assert.rejects(askSecurely(simulator, {}), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
      assert.deepEqual([simulator.connections, simulator.requests[0]?.connection], [2, 1]);
    } finally {
      await simulator.close();
    }
  });

  it("can drop a connection instead of answering", async () => {
    const tls = createCertificate("127.0.0.1");
    const simulator = await startSimulator({ tls });
    try {
      simulator.injectFault({ kind: "reset" });
      await assert.rejects(askSecurely(simulator, { ca: tls.cert }), { code: "ECONNRESET" });
    } finally {
      await simulator.close();
    }
  });

  for (const { title, tls, code } of [
    {
      title: "an expired certificate",
      tls: createCertificate("127.0.0.1", new Date("2020-01-01T00:00:00Z")),
      code: "CERT_HAS_EXPIRED",
    },
    {
      title: "another host's certificate",
      tls: createCertificate("api.example.com"),
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    },
  ]) {
    it(`can show ${title}`, async () => {
      const simulator = await startSimulator({ tls });
      try {
        await assert.rejects(askSecurely(simulator, { ca: tls.cert }), { code });
      } finally {
        await simulator.close();
      }
    });
  }
});
