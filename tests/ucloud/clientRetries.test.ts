import assert from "node:assert/strict";
import { type Fault, demo } from "../../simulator";
import { createInstantClock } from "../support/fakeClock";
import { connect, findClosedPort, useSimulator } from "../support/loopback";

const ACTION = "DescribeURedisBackup";
const query = { Region: demo.region, RegionType: "normal" };

/** A fault without how often it occurs. */
type FaultKind = Fault extends infer Each ? (Each extends Fault ? Omit<Each, "times"> : never) : never;

describe("client: attempts", () => {
  const simulator = useSimulator();

  // One of each kind; the classes of all RetCodes and statuses are in retCodes.test.ts.
  const retried: [name: string, fault: FaultKind, code: string][] = [
    ["RetCode 150", { kind: "retCode", retCode: 150 }, "Unavailable"],
    ["RetCode 153", { kind: "retCode", retCode: 153 }, "Throttled"],
    ["HTTP 429", { kind: "status", status: 429 }, "Throttled"],
    ["HTTP 503", { kind: "status", status: 503 }, "Unavailable"],
    ["HTTP 504 with a web page", { kind: "status", status: 504, body: "<html>" }, "Unavailable"],
    ["a connection that is reset", { kind: "reset" }, "Unavailable"],
    ["a body that is cut short", { kind: "cutBody", afterBytes: 20 }, "Unavailable"],
  ];
  for (const [name, fault, code] of retried) {
    it(`are repeated after ${name}, until one succeeds`, async () => {
      simulator().injectFault({ ...fault, times: 3 });
      const body = await connect(simulator(), { maxRetries: 3 }).call(ACTION, query);
      assert.equal(body.RetCode, 0);
      assert.equal(simulator().requests.length, 4);
    });

    it(`are limited by maxRetries after ${name}, also with 0`, async () => {
      for (const maxRetries of [0, 2]) {
        simulator().clearFaults();
        simulator().injectFault({ ...fault, times: Infinity });
        const before = simulator().requests.length;
        const word = maxRetries === 0 ? "1 attempt" : "3 attempts";
        await assert.rejects(connect(simulator(), { maxRetries }).call(ACTION, query), {
          code,
          message: new RegExp(`\\b${word}(?: at 127\\.0\\.0\\.1:\\d+ \\(\`baseUrl\`\\))?[,.]`),
        });
        assert.equal(simulator().requests.length - before, maxRetries + 1);
      }
    });
  }

  const final: [name: string, fault: FaultKind, code: string][] = [
    ["RetCode 171", { kind: "retCode", retCode: 171 }, "Unauthorized"],
    ["an unknown RetCode", { kind: "retCode", retCode: 8000 }, "ApiError"],
    ["a negative RetCode", { kind: "retCode", retCode: -1 }, "ApiError"],
    ["RetCode as text", { kind: "json", body: { RetCode: "171", Message: "no" } }, "Unauthorized"],
    ["a RetCode 171 with HTTP 503", { kind: "json", status: 503, body: { RetCode: 171 } }, "Unauthorized"],
    ["HTTP 404", { kind: "status", status: 404 }, "NotFound"],
    ["HTTP 500", { kind: "status", status: 500 }, "Unavailable"],
    ["HTTP 201 with RetCode 0", { kind: "json", status: 201, body: { RetCode: 0 } }, "ApiError"],
  ];
  for (const [name, fault, code] of final) {
    it(`are not repeated after ${name}`, async () => {
      simulator().injectFault({ ...fault, times: 1 });
      await assert.rejects(connect(simulator(), { maxRetries: 3 }).call(ACTION, query), { code });
      assert.equal(simulator().requests.length, 1);
    });
  }

  it("are repeated after an unknown RetCode with HTTP 503", async () => {
    simulator().injectFault({ kind: "json", status: 503, body: { RetCode: 9999 } });
    assert.equal((await connect(simulator(), { maxRetries: 1 }).call(ACTION, query)).RetCode, 0);
  });

  it("are each signed anew, and correctly", async () => {
    simulator().injectFault({ kind: "status", status: 503, times: 2 });
    await connect(simulator(), { maxRetries: 2 }).call(ACTION, query);
    const signatures = simulator().requests.map(({ parameters }) => parameters.Signature);
    assert.equal(signatures.length, 3);
    assert.ok(signatures.every((signature) => /^[0-9a-f]{40}$/.test(signature ?? "")));
  });

  it("fail with the address if nothing listens there", async () => {
    const url = `http://127.0.0.1:${await findClosedPort()}`;
    const clock = createInstantClock();
    await assert.rejects(connect({ url }, { clock, maxRetries: 2 }).call(ACTION, query), {
      code: "Unavailable",
      message:
        /the connection was refused \(ECONNREFUSED\)\. 3 attempts at 127\.0\.0\.1:\d+ \(`baseUrl`\)\. Check the network/,
    });
    assert.equal(clock.slept.length, 2);
  });
});

describe("client: waits between attempts", () => {
  const simulator = useSimulator();

  it("grow, with jitter", async () => {
    simulator().injectFault({ kind: "status", status: 503, times: 3 });
    const clock = createInstantClock({ chance: 0.5 });
    await connect(simulator(), { clock, maxRetries: 3 }).call(ACTION, query);
    assert.deepEqual(clock.slept, [250, 500, 1000]);
  });

  it("are as long as Retry-After says in seconds, plus jitter", async () => {
    simulator().injectFault({ kind: "status", status: 503, retryAfter: "7" });
    const clock = createInstantClock({ chance: 0.5 });
    await connect(simulator(), { clock, maxRetries: 3 }).call(ACTION, query);
    assert.deepEqual(clock.slept, [7250]);
  });

  it("end at the date that Retry-After names, plus jitter", async () => {
    const startMs = Date.parse("2026-01-02T03:04:05Z");
    simulator().injectFault({ kind: "status", status: 429, retryAfter: "Fri, 02 Jan 2026 03:04:15 GMT" });
    const clock = createInstantClock({ startMs, chance: 0 });
    await connect(simulator(), { clock, maxRetries: 3 }).call(ACTION, query);
    assert.equal(clock.now() - startMs, 10_000);
  });

  it("do not take place if Retry-After asks for more than a minute", async () => {
    simulator().injectFault({ kind: "status", status: 429, retryAfter: "3600" });
    const clock = createInstantClock();
    const client = connect(simulator(), { clock, maxRetries: 3 });
    await assert.rejects(client.call(ACTION, query), { code: "Throttled", message: /1 attempt/ });
    assert.deepEqual(clock.slept, []);
    // Other calls do not wait for that either.
    await client.call(ACTION, query);
    assert.ok(clock.now() <= 60_000, `${clock.now()} ms`);
  });

  for (const count of [1, 8, 9, 30, 100]) {
    it(`of the minute that Retry-After asks for do not use up the patience of ${count} concurrent calls`, async () => {
      simulator().injectFault({ kind: "status", status: 429, retryAfter: "60", times: count });
      const client = connect(simulator(), { clock: createInstantClock(), maxRetries: 3 });
      const answers = await Promise.all(Array.from({ length: count }, () => client.call(ACTION, query)));
      assert.ok(answers.every(({ RetCode }) => RetCode === 0));
    });
  }

  it("depend on the rate that the API accepted before it throttled", async () => {
    const clock = createInstantClock({ chance: 0 });
    const client = connect(simulator(), { clock, maxRetries: 1 });
    await Promise.all(Array.from({ length: 100 }, () => client.call(ACTION, { ...query, Limit: 1 })));
    assert.equal(clock.now(), 0);
    simulator().injectFault({ kind: "retCode", retCode: 153 });
    for (let call = 0; call < 10; call++) await client.call(ACTION, { ...query, Limit: 1 });
    // 70 % of 100 a second.
    assert.ok(clock.now() > 120 && clock.now() < 160, `${clock.now()} ms`);
  });

  it("hold back other calls too if the API throttles", async () => {
    simulator().injectFault({ kind: "status", status: 429, retryAfter: "5" });
    const clock = createInstantClock();
    const client = connect(simulator(), { clock });
    await assert.rejects(client.call(ACTION, query), { code: "Throttled" });
    await client.call(ACTION, query);
    assert.equal(clock.now(), 5000);
  });
});

describe("client: the time limit", () => {
  const simulator = useSimulator();

  it("may be any fraction of a second", async () => {
    for (const timeoutSeconds of [1.005, 2.0005, 30.3333]) {
      const client = connect(simulator(), { timeoutSeconds });
      assert.equal((await client.call(ACTION, query)).RetCode, 0);
    }
    simulator().injectFault({ kind: "hang" });
    const client = connect(simulator(), { timeoutSeconds: 0.0005 });
    await assert.rejects(client.call(ACTION, query), { code: "Timeout" });
  });

  it("applies to each attempt", async () => {
    simulator().injectFault({ kind: "latency", ms: 60, times: 2 });
    simulator().injectFault({ kind: "status", status: 503 });
    const client = connect(simulator(), { timeoutSeconds: 2, maxRetries: 3 });
    assert.equal((await client.call(ACTION, query)).RetCode, 0);
  });
});
