import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { demo, type RecordedRequest, startSimulator } from "../../simulator";
import { RateLimit } from "../../simulator/rateLimit";
import { ask, hasCause, post, sign } from "./client";

const query = { Action: "DescribeURedisBackup", Region: demo.region, GroupId: demo.uredisGroupId };

async function getThrough(agent: Agent, url: string): Promise<void> {
  const [response] = (await once(get(url, { agent }), "response")) as [IncomingMessage];
  await once(response.resume(), "end");
}

describe("a simulator", () => {
  it("records every request as it was sent, and what was answered", async () => {
    const simulator = await startSimulator();
    try {
      const signed = sign(simulator, { ...query, Limit: "4" });
      const response = await post(simulator, signed);
      await response.text();
      await ask(simulator, { ...query, Region: undefined }, "GET");
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
        ["GET", 200, 220, undefined],
      );
    } finally {
      await simulator.close();
    }
  });

  it("counts connections and the most requests at a time", async () => {
    // fetch() opens connections as it sees fit; an agent does not.
    const agent = new Agent({ keepAlive: true });
    let arrived = 0;
    let release: () => void = () => undefined;
    const allArrived = new Promise<void>((resolve) => (release = resolve));
    const simulator = await startSimulator({
      onRequest: async () => {
        arrived += 1;
        if (arrived === 5) release();
        await allArrived;
      },
    });
    try {
      await Promise.all(Array.from({ length: 5 }, () => getThrough(agent, simulator.url)));
      assert.equal(simulator.peakConcurrency, 5);
      assert.equal(simulator.connections, 5);
      assert.deepEqual(simulator.requests.map(({ connection }) => connection).sort(), [1, 2, 3, 4, 5]);
      await getThrough(agent, simulator.url);
      assert.equal(simulator.connections, 5);
    } finally {
      agent.destroy();
      await simulator.close();
    }
  });

  it("closes at once although an answer hangs, and may be closed twice", async () => {
    let seen: (request: RecordedRequest) => void = () => undefined;
    const arrival = new Promise<RecordedRequest>((resolve) => (seen = resolve));
    const simulator = await startSimulator({ onRequest: (request) => seen(request) });
    simulator.injectFault({ kind: "hang" });
    const refusal = assert.rejects(ask(simulator, query));
    await arrival;
    await simulator.close();
    await refusal;
    await simulator.close();
    await assert.rejects(fetch(simulator.url), hasCause("ECONNREFUSED"));
  });

  it("comes back on the same port", async () => {
    const first = await startSimulator();
    await first.close();
    const port = Number(new URL(first.url).port);
    const second = await startSimulator({ port });
    try {
      assert.equal(second.url, first.url);
      assert.equal((await ask(second, query)).body.RetCode, 0);
      await assert.rejects(startSimulator({ port }), { code: "EADDRINUSE" });
    } finally {
      await second.close();
    }
  });

  it("survives garbage and half requests", async () => {
    const simulator = await startSimulator();
    try {
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
      assert.equal((await ask(simulator, query)).body.RetCode, 0);
      assert.equal(simulator.requests.length, 1);
    } finally {
      await simulator.close();
    }
  });

  it("answers 500 with the reason when a hook fails", async () => {
    const onRequest = (): never => assert.fail("not today");
    const simulator = await startSimulator({ onRequest });
    try {
      const response = await post(simulator, sign(simulator, query));
      assert.equal(response.status, 500);
      assert.match(await response.text(), /not today/);
    } finally {
      await simulator.close();
    }
  });

  it("answers every request after the latency it was given", async () => {
    const simulator = await startSimulator({ latencyMs: 60 });
    try {
      const startedAt = performance.now();
      await ask(simulator, query);
      assert.ok(performance.now() - startedAt > 50);
    } finally {
      await simulator.close();
    }
  });

  it("answers requests above its rate with RetCode 153", async () => {
    const simulator = await startSimulator({ maxRequestsPerSecond: 3 });
    try {
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(simulator, query)));
      const codes = answers.map(({ body }) => body.RetCode);
      assert.ok(codes.filter((code) => code === 0).length >= 3);
      assert.ok(codes.includes(153));
      assert.deepEqual([...new Set(codes)].sort(), [0, 153]);
    } finally {
      await simulator.close();
    }
  });

  for (const options of [{ pageCap: 0 }, { pageCap: 1.5 }, { latencyMs: -1 }, { maxRequestsPerSecond: 0 }]) {
    it(`does not start with ${JSON.stringify(options)}`, async () => {
      await assert.rejects(startSimulator(options), RangeError);
    });
  }
});

describe("the rate limit", () => {
  it("admits so many in any one second, and does not count those it refuses", () => {
    const limit = new RateLimit(2);
    const times = [0, 100, 200, 900, 999, 1000, 1001, 1100, 1500];
    assert.deepEqual(
      times.map((time) => limit.admit(time)),
      [true, true, false, false, false, true, false, true, false],
    );
  });
});
