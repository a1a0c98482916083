import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { type RecordedRequest, startSimulator } from "../../simulator";
import { RateLimit } from "../../simulator/rateLimit";
import { withSimulator } from "../support/withSimulator";
import { ask, hasCause, post, sign, UREDIS_QUERY } from "./client";

async function getThrough(agent: Agent, url: string): Promise<void> {
  const [response] = (await once(get(url, { agent }), "response")) as [IncomingMessage];
  await once(response.resume(), "end");
}

describe("a simulator", () => {
  it("records every request as it was sent, and how it was answered", () =>
    withSimulator({}, async (simulator) => {
      const signed = sign(simulator, { ...UREDIS_QUERY, Limit: "4" });
      const response = await post(simulator, signed);
      await response.text();
      await fetch(`${simulator.url}/?Action=${UREDIS_QUERY.Action}`);
      const [first, second] = simulator.requests;
      assert.deepEqual(first?.parameters, signed);
      assert.deepEqual(
        [first.number, first.method, first.path, first.action, first.status, first.retCode, first.rows],
        [1, "POST", "/", "DescribeURedisBackup", 200, 0, 4],
      );
      assert.equal(first.requestUuid, response.headers.get("X-UCLOUD-REQUEST-UUID"));
      assert.match(first.headers["content-type"] ?? "", /^application\/x-www-form-urlencoded/);
      assert.ok(Math.abs(Date.now() - first.time) < 60_000);
      assert.deepEqual(
        [second?.method, second?.status, second?.retCode, second?.rows],
        ["GET", 200, 170, undefined],
      );
    }));

  it("counts connections and the most concurrent requests", async () => {
    // fetch() decides by itself when to open a connection; an agent does not.
    const agent = new Agent({ keepAlive: true });
    let arrived = 0;
    let release: () => void = () => undefined;
    const allArrived = new Promise<void>((resolve) => (release = resolve));
    const onRequest = async (): Promise<void> => {
      arrived += 1;
      if (arrived === 5) release();
      await allArrived;
    };
    await withSimulator({ onRequest }, async (simulator) => {
      await Promise.all(Array.from({ length: 5 }, () => getThrough(agent, simulator.url)));
      assert.deepEqual([simulator.peakConcurrency, simulator.connections], [5, 5]);
      assert.deepEqual(simulator.requests.map(({ connection }) => connection).sort(), [1, 2, 3, 4, 5]);
      await getThrough(agent, simulator.url);
      assert.equal(simulator.connections, 5);
      agent.destroy();
    });
  });

  it("closes immediately although an answer hangs, and may be closed twice", async () => {
    let onArrival: (request: RecordedRequest) => void = () => undefined;
    const arrival = new Promise<RecordedRequest>((resolve) => (onArrival = resolve));
    const simulator = await startSimulator({ onRequest: (request) => onArrival(request) });
    simulator.injectFault({ kind: "hang" });
    const refusal = assert.rejects(ask(simulator, UREDIS_QUERY));
    await arrival;
    await simulator.close();
    await refusal;
    await simulator.close();
    await assert.rejects(fetch(simulator.url), hasCause("ECONNREFUSED"));
  });

  it("can be started again on the same port, but not twice", async () => {
    const first = await startSimulator();
    await first.close();
    const port = Number(new URL(first.url).port);
    await withSimulator({ port }, async (second) => {
      assert.equal(second.url, first.url);
      assert.equal((await ask(second, UREDIS_QUERY)).body.RetCode, 0);
      await assert.rejects(startSimulator({ port }), { code: "EADDRINUSE" });
    });
  });

  it("survives garbage and incomplete requests", () =>
    withSimulator({}, async (simulator) => {
      const { port } = new URL(simulator.url);
      for (const text of [
        "garbage\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nAction=",
      ]) {
        const socket = connect(Number(port), "127.0.0.1");
        socket.end(text);
        socket.resume();
        await once(socket, "close");
      }
      assert.equal((await ask(simulator, UREDIS_QUERY)).body.RetCode, 0);
      assert.equal(simulator.requests.length, 1);
    }));

  it("answers 500 with the reason if a hook fails", () =>
    withSimulator({ onRequest: () => assert.fail("not today") }, async (simulator) => {
      const response = await post(simulator, sign(simulator, UREDIS_QUERY));
      assert.equal(response.status, 500);
      assert.match(await response.text(), /not today/);
    }));

  it("delays every answer by its latency", () =>
    withSimulator({ latencyMs: 60 }, async (simulator) => {
      const startedAt = performance.now();
      await ask(simulator, UREDIS_QUERY);
      assert.ok(performance.now() - startedAt > 50);
    }));

  it("answers requests above its rate with RetCode 153", () =>
    withSimulator({ maxRequestsPerSecond: 3 }, async (simulator) => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(simulator, UREDIS_QUERY)));
      const codes = answers.map(({ body }) => body.RetCode);
      assert.ok(codes.filter((code) => code === 0).length >= 3);
      assert.deepEqual([...new Set(codes)].sort(), [0, 153]);
    }));

  for (const options of [{ pageCap: 0 }, { pageCap: 1.5 }, { latencyMs: -1 }, { maxRequestsPerSecond: 0 }]) {
    it(`does not start with ${JSON.stringify(options)}`, () =>
      assert.rejects(startSimulator(options), RangeError));
  }
});

describe("the simulator's rate limit", () => {
  it("admits so many requests in any second, and does not count refused ones", () => {
    const limit = new RateLimit(2);
    const times = [0, 100, 200, 900, 999, 1000, 1001, 1100, 1500];
    assert.deepEqual(
      times.map((time) => limit.admit(time)),
      [true, true, false, false, false, true, false, true, false],
    );
  });
});
