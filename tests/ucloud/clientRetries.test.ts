import * as assert from "node:assert/strict";
import { startSimulator, type Fault, type Simulator, demo } from "../../simulator";
import { createInstantClock } from "./fakeClock";
import { connect, findClosedPort } from "../support/loopback";

const ACTION = "DescribeURedisBackup";
const query = { Region: demo.region, RegionType: "normal" };

/** A fault before it is said how often it strikes. */
type Strike = Fault extends infer Each ? (Each extends Fault ? Omit<Each, "times"> : never) : never;

describe("client: attempts", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.close());

  const retried: [name: string, fault: Strike, code: string][] = [
    ...[110, 130, 150, 20003, 20016, 20102, 20202, 20206].map((retCode): [string, Strike, string] => [
      `RetCode ${retCode}`,
      { kind: "retCode", retCode },
      "Unavailable",
    ]),
    ["RetCode 153", { kind: "retCode", retCode: 153 }, "Throttled"],
    ["HTTP 429", { kind: "status", status: 429 }, "Throttled"],
    ["HTTP 502", { kind: "status", status: 502 }, "Unavailable"],
    ["HTTP 503", { kind: "status", status: 503 }, "Unavailable"],
    ["HTTP 504 with a web page", { kind: "status", status: 504, body: "<html>" }, "Unavailable"],
    ["a connection that is reset", { kind: "reset" }, "Unavailable"],
    ["a body that is cut short", { kind: "cutBody", afterBytes: 20 }, "Unavailable"],
    ["JSON that breaks off", { kind: "truncatedJson", keepBytes: 30 }, "BadResponse"],
    ["an empty body", { kind: "raw", body: "" }, "BadResponse"],
    ["a body of blanks", { kind: "raw", body: " \n" }, "BadResponse"],
  ];
  for (const [name, fault, code] of retried) {
    it(`are made again after ${name}, and after that is over, end well`, async () => {
      simulator.injectFault({ ...fault, times: 3 });
      const body = await connect(simulator, { maxRetries: 3 }).call(ACTION, query);
      assert.equal(body.RetCode, 0);
      assert.equal(simulator.requests.length, 4);
    });

    it(`are as many as maxRetries allows after ${name}, and none more with 0`, async () => {
      for (const maxRetries of [0, 2]) {
        simulator.clearFaults();
        simulator.injectFault({ ...fault, times: Infinity });
        const before = simulator.requests.length;
        const word = maxRetries === 0 ? "1 attempt" : "3 attempts";
        await assert.rejects(connect(simulator, { maxRetries }).call(ACTION, query), {
          code,
          message: new RegExp(`\\b${word}(?: at 127\\.0\\.0\\.1:\\d+ \\(\`baseUrl\`\\))?[,.]`),
        });
        assert.equal(simulator.requests.length - before, maxRetries + 1);
      }
    });
  }

  const final: [name: string, fault: Strike, code: string][] = [
    ...[170, 171, 172, 174].map((retCode): [string, Strike, string] => [
      `RetCode ${retCode}`,
      { kind: "retCode", retCode },
      "Unauthorized",
    ]),
    ...[293, 294, 295, 299, 20004].map((retCode): [string, Strike, string] => [
      `RetCode ${retCode}`,
      { kind: "retCode", retCode },
      "Forbidden",
    ]),
    ...[160, 161, 220, 230, 1, -1, 8000, 20001].map((retCode): [string, Strike, string] => [
      `RetCode ${retCode}`,
      { kind: "retCode", retCode },
      "ApiError",
    ]),
    ["RetCode 292", { kind: "retCode", retCode: 292 }, "NotFound"],
    ["RetCode as text", { kind: "json", body: { RetCode: "171", Message: "no" } }, "Unauthorized"],
    ["a RetCode 171 with HTTP 503", { kind: "json", status: 503, body: { RetCode: 171 } }, "Unauthorized"],
    ["HTTP 400", { kind: "status", status: 400 }, "ApiError"],
    ["HTTP 401", { kind: "status", status: 401 }, "Unauthorized"],
    ["HTTP 403", { kind: "status", status: 403 }, "Forbidden"],
    ["HTTP 404", { kind: "status", status: 404 }, "NotFound"],
    ["HTTP 407", { kind: "status", status: 407 }, "Unavailable"],
    ["HTTP 500", { kind: "status", status: 500 }, "Unavailable"],
    ["HTTP 201 with RetCode 0", { kind: "json", status: 201, body: { RetCode: 0 } }, "ApiError"],
    ["a web page with HTTP 200", { kind: "html" }, "BadResponse"],
    ["a JSON list", { kind: "json", body: [{ RetCode: 0 }] }, "BadResponse"],
    ["null", { kind: "json", body: null }, "BadResponse"],
    ["an answer without RetCode", { kind: "json", body: { DataSet: [] } }, "BadResponse"],
    ["a RetCode of null", { kind: "json", body: { RetCode: null } }, "BadResponse"],
    ["a RetCode of words", { kind: "json", body: { RetCode: "none" } }, "BadResponse"],
  ];
  for (const [name, fault, code] of final) {
    it(`end with the first after ${name}`, async () => {
      simulator.injectFault({ ...fault, times: 1 });
      await assert.rejects(connect(simulator, { maxRetries: 3 }).call(ACTION, query), { code });
      assert.equal(simulator.requests.length, 1);
    });
  }

  it("are made again after an unknown RetCode that comes with HTTP 503", async () => {
    simulator.injectFault({ kind: "json", status: 503, body: { RetCode: 9999 } });
    assert.equal((await connect(simulator, { maxRetries: 1 }).call(ACTION, query)).RetCode, 0);
  });

  it("are signed afresh, each one right", async () => {
    simulator.injectFault({ kind: "status", status: 503, times: 2 });
    await connect(simulator, { maxRetries: 2 }).call(ACTION, query);
    const signatures = simulator.requests.map(({ parameters }) => parameters.Signature);
    assert.equal(signatures.length, 3);
    assert.ok(signatures.every((signature) => /^[0-9a-f]{40}$/.test(signature ?? "")));
  });

  it("say that nobody listens", async () => {
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
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.close());

  it("grow, with jitter", async () => {
    simulator.injectFault({ kind: "status", status: 503, times: 3 });
    const clock = createInstantClock({ chance: 0.5 });
    await connect(simulator, { clock, maxRetries: 3 }).call(ACTION, query);
    assert.deepEqual(clock.slept, [250, 500, 1000]);
  });

  it("are as long as Retry-After says in seconds, plus jitter", async () => {
    simulator.injectFault({ kind: "status", status: 503, retryAfter: "7" });
    const clock = createInstantClock({ chance: 0.5 });
    await connect(simulator, { clock, maxRetries: 3 }).call(ACTION, query);
    assert.deepEqual(clock.slept, [7250]);
  });

  it("end at the date that Retry-After names, plus jitter", async () => {
    const startMs = Date.parse("2026-01-02T03:04:05Z");
    simulator.injectFault({ kind: "status", status: 429, retryAfter: "Fri, 02 Jan 2026 03:04:15 GMT" });
    const clock = createInstantClock({ startMs, chance: 0 });
    await connect(simulator, { clock, maxRetries: 3 }).call(ACTION, query);
    assert.equal(clock.now() - startMs, 10_000);
  });

  it("are not made where Retry-After asks for more than a minute", async () => {
    simulator.injectFault({ kind: "status", status: 429, retryAfter: "3600" });
    const clock = createInstantClock();
    const client = connect(simulator, { clock, maxRetries: 3 });
    await assert.rejects(client.call(ACTION, query), { code: "Throttled", message: /1 attempt/ });
    assert.deepEqual(clock.slept, []);
    // Nor do other calls wait for longer than that.
    await client.call(ACTION, query);
    assert.ok(clock.now() <= 60_000, `${clock.now()} ms`);
  });

  for (const count of [1, 8, 9, 30, 100]) {
    it(`of a minute that Retry-After asks for do not exhaust the patience of ${count} calls at once`, async () => {
      simulator.injectFault({ kind: "status", status: 429, retryAfter: "60", times: count });
      const client = connect(simulator, { clock: createInstantClock(), maxRetries: 3 });
      const answers = await Promise.all(Array.from({ length: count }, () => client.call(ACTION, query)));
      assert.ok(answers.every(({ RetCode }) => RetCode === 0));
    });
  }

  it("follow what the API accepted before it throttled", async () => {
    const clock = createInstantClock({ chance: 0 });
    const client = connect(simulator, { clock, maxRetries: 1 });
    await Promise.all(Array.from({ length: 100 }, () => client.call(ACTION, { ...query, Limit: 1 })));
    assert.equal(clock.now(), 0);
    simulator.injectFault({ kind: "retCode", retCode: 153 });
    for (let call = 0; call < 10; call++) await client.call(ACTION, { ...query, Limit: 1 });
    // 70 % of 100 a second.
    assert.ok(clock.now() > 120 && clock.now() < 160, `${clock.now()} ms`);
  });

  it("hold back other calls too where the API throttles", async () => {
    simulator.injectFault({ kind: "status", status: 429, retryAfter: "5" });
    const clock = createInstantClock();
    const client = connect(simulator, { clock });
    await assert.rejects(client.call(ACTION, query), { code: "Throttled" });
    await client.call(ACTION, query);
    assert.equal(clock.now(), 5000);
  });
});
