/** Which failures of a call are outages, and how long a brief call takes. */
import assert from "node:assert/strict";
import { systemClock } from "../../provider/ucloud/clock";
import type { RedisBackupError } from "../../provider/ucloud/errors";
import { demo, type Fault, startSimulator } from "../../simulator";
import { createInstantClock } from "../support/fakeClock";
import { connect, findClosedPort, useServers, useSimulator } from "../support/loopback";

const ACTION = "DescribeURedisBackup";
const query = { Region: demo.region, RegionType: "normal" };

/** The failure of a call. */
async function fail(call: Promise<unknown>): Promise<RedisBackupError> {
  return call.then(
    () => assert.fail("no failure"),
    (error: unknown) => error as RedisBackupError,
  );
}

describe("client: outages", () => {
  const simulator = useSimulator();
  const open = useServers();

  const faults: [name: string, fault: Fault, isOutage: boolean][] = [
    ["RetCode 110", { kind: "retCode", retCode: 110 }, true],
    ["RetCode 130", { kind: "retCode", retCode: 130 }, true],
    ["RetCode 150", { kind: "retCode", retCode: 150 }, true],
    ["HTTP 500", { kind: "status", status: 500 }, true],
    ["HTTP 503", { kind: "status", status: 503 }, true],
    ["HTTP 503 with an unknown RetCode", { kind: "json", status: 503, body: { RetCode: 9999 } }, true],
    ["HTTP 503 with RetCode 0", { kind: "json", status: 503, body: { RetCode: 0 } }, true],
    ["HTTP 502 with a web page", { kind: "status", status: 502, body: "<html>" }, true],
    ["a connection that is reset", { kind: "reset" }, true],
    ["a body that is cut short", { kind: "cutBody", afterBytes: 20 }, true],
    ["no answer", { kind: "hang" }, true],
    ["an answer without an end", { kind: "hang", afterHeaders: true }, true],
    ["RetCode 153", { kind: "retCode", retCode: 153 }, false],
    ["RetCode 171", { kind: "retCode", retCode: 171 }, false],
    ["RetCode 230", { kind: "retCode", retCode: 230 }, false],
    ["RetCode 299", { kind: "retCode", retCode: 299 }, false],
    ["RetCode 20003", { kind: "retCode", retCode: 20003 }, false],
    ["an unknown RetCode", { kind: "retCode", retCode: 8000 }, false],
    ["HTTP 429", { kind: "status", status: 429 }, false],
    ["HTTP 403", { kind: "status", status: 403 }, false],
    ["HTTP 404", { kind: "status", status: 404 }, false],
    ["HTTP 407", { kind: "status", status: 407 }, false],
    ["HTTP 503 with RetCode 171", { kind: "json", status: 503, body: { RetCode: 171 } }, false],
    ["HTTP 503 with RetCode 153", { kind: "json", status: 503, body: { RetCode: 153 } }, false],
    ["HTTP 500 with RetCode 20003", { kind: "json", status: 500, body: { RetCode: 20003 } }, false],
    ["a redirect", { kind: "redirect", location: "http://127.0.0.1/" }, false],
    ["a web page", { kind: "html" }, false],
    ["JSON that ends too early", { kind: "truncatedJson", keepBytes: 20 }, false],
  ];
  for (const [name, fault, isOutage] of faults) {
    it(`are ${isOutage ? "" : "not "}seen in ${name}`, async () => {
      simulator().injectFault({ ...fault, times: Infinity });
      const client = connect(simulator(), {
        maxRetries: 1,
        timeoutSeconds: fault.kind === "hang" ? 0.05 : 10,
      });
      assert.equal((await fail(client.call(ACTION, query))).isOutage, isOutage);
    });
  }

  it("are seen where nothing listens", async () => {
    const url = `http://127.0.0.1:${await findClosedPort()}`;
    assert.equal((await fail(connect({ url }).call(ACTION, query))).isOutage, true);
  });

  it("are not seen in a certificate that is not accepted, or a server without TLS", async () => {
    const plain = await open(startSimulator());
    const url = plain.url.replace("http:", "https:");
    assert.equal((await fail(connect({ url }).call(ACTION, query))).isOutage, false);
  });

  it("are not seen in a cancelled call", async () => {
    const client = connect(simulator());
    client.cancel();
    const { code, isOutage } = await fail(client.call(ACTION, query));
    assert.deepEqual([code, isOutage], ["Cancelled", false]);
  });
});

describe("client: a brief call", () => {
  const simulator = useSimulator();
  const isBrief = true;

  it("that gets no answer takes timeoutSeconds, with one attempt", async () => {
    simulator().injectFault({ kind: "hang", times: Infinity });
    // Real time, of which a wait of 250 ms would need more than is left.
    const clock = { ...systemClock, random: () => 0.5 };
    const client = connect(simulator(), { maxRetries: 3, timeoutSeconds: 0.05, clock });
    const { code, message } = await fail(client.call(ACTION, query, { isBrief }));
    assert.equal(code, "Timeout");
    assert.match(message, /within 0\.05 s\. 1 attempt at /);
  });

  it("is repeated while its time lasts, the waits included", async () => {
    simulator().injectFault({ kind: "status", status: 503, times: Infinity });
    const clock = createInstantClock({ chance: 0.5 });
    const client = connect(simulator(), { maxRetries: 9, timeoutSeconds: 1, clock });
    assert.match((await fail(client.call(ACTION, query, { isBrief }))).message, /3 attempts/);
    // The third wait, of 1000 ms, would end too late.
    assert.deepEqual(clock.slept, [250, 500]);
  });

  it("succeeds within its time", async () => {
    simulator().injectFault({ kind: "status", status: 503, times: 2 });
    const client = connect(simulator(), { maxRetries: 9, timeoutSeconds: 1 });
    assert.equal((await client.call(ACTION, query, { isBrief })).RetCode, 0);
  });

  it("leaves a later attempt what time is left", async () => {
    simulator().injectFault({ kind: "status", status: 503 });
    simulator().injectFault({ kind: "hang", times: Infinity });
    // The first wait takes all but 40 ms of a minute.
    const clock = createInstantClock({ chance: 59_960 / 500 });
    const client = connect(simulator(), { maxRetries: 1, timeoutSeconds: 60, clock });
    assert.match((await fail(client.call(ACTION, query, { isBrief }))).message, /Timeout.*2 attempts/);
    assert.deepEqual(clock.slept, [59_960]);
  });

  it("does not wait for as long as Retry-After asks if that is too long", async () => {
    simulator().injectFault({ kind: "status", status: 503, retryAfter: "20", times: Infinity });
    const clock = createInstantClock();
    const client = connect(simulator(), { maxRetries: 3, timeoutSeconds: 10, clock });
    assert.match((await fail(client.call(ACTION, query, { isBrief }))).message, /1 attempt,/);
    assert.deepEqual(clock.slept, []);
  });

  it("does not spend its time on waiting for its turn", async () => {
    simulator().injectFault({ kind: "status", status: 429, retryAfter: "5" });
    const clock = createInstantClock({ chance: 0 });
    const client = connect(simulator(), { maxRetries: 0, timeoutSeconds: 1, clock });
    assert.equal((await fail(client.call(ACTION, query))).code, "Throttled");
    assert.equal((await client.call(ACTION, query, { isBrief })).RetCode, 0);
    assert.ok(clock.now() >= 5000);
  });

  it("is limited for other calls as ever", async () => {
    simulator().injectFault({ kind: "status", status: 503, times: 4 });
    const clock = createInstantClock({ chance: 0.5 });
    const client = connect(simulator(), { maxRetries: 4, timeoutSeconds: 1, clock });
    assert.equal((await client.call(ACTION, query)).RetCode, 0);
    assert.deepEqual(clock.slept, [250, 500, 1000, 2000]);
  });
});
