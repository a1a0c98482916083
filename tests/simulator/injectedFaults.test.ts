import assert from "node:assert/strict";
import { demo, type Fault, type Simulator, startSimulator } from "../../simulator";
import { ask, hasCause, post, readAnswer, sign, until } from "./client";

const query = { Action: "DescribeURedisBackup", Region: demo.region, GroupId: demo.uredisGroupId };

async function send(simulator: Simulator): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await post(simulator, sign(simulator, query));
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function isServed(simulator: Simulator): Promise<boolean> {
  const { body } = await ask(simulator, query);
  return body.RetCode === 0 && body.DataSet?.length === 10;
}

describe("simulator faults", () => {
  let simulator: Simulator;
  beforeEach(async () => (simulator = await startSimulator()));
  afterEach(() => simulator.close());

  it("answers with an HTTP status and Retry-After, then as usual", async () => {
    simulator.injectFault({ kind: "status", status: 503, retryAfter: "2", body: "busy" });
    const { status, headers, text } = await send(simulator);
    assert.deepEqual([status, headers.get("Retry-After"), text], [503, "2", "busy"]);
    assert.match(headers.get("X-UCLOUD-REQUEST-UUID") ?? "", /^[0-9a-f-]{36}$/);
    assert.ok(await isServed(simulator));
  });

  it("answers with a RetCode so many times", async () => {
    simulator.injectFault({ kind: "retCode", retCode: 150, message: "Service unavailable", times: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { status, body } = await ask(simulator, query);
      const expected = {
        Action: "DescribeURedisBackupResponse",
        RetCode: 150,
        Message: "Service unavailable",
      };
      assert.deepEqual([status, body], [200, expected]);
    }
    assert.ok(await isServed(simulator));
  });

  it("can echo what was sent in a RetCode's message", async () => {
    const message = ({ parameters }: { parameters: Record<string, string> }): string =>
      `signed: ${parameters.Signature ?? ""}`;
    simulator.injectFault({ kind: "retCode", retCode: 171, message });
    const signed = sign(simulator, query);
    const { body } = await readAnswer(await post(simulator, signed));
    assert.equal(body.Message, `signed: ${signed.Signature ?? ""}`);
  });

  it("redirects", async () => {
    simulator.injectFault({ kind: "redirect", location: "http://127.0.0.1:9/?a=b" });
    simulator.injectFault({ kind: "redirect", location: "/again", status: 307 });
    const [first, second] = [await send(simulator), await send(simulator)];
    assert.deepEqual([first.status, first.headers.get("Location")], [302, "http://127.0.0.1:9/?a=b"]);
    assert.deepEqual([second.status, second.headers.get("Location")], [307, "/again"]);
  });

  it("answers with a web page", async () => {
    simulator.injectFault({ kind: "html" });
    const { status, headers, text } = await send(simulator);
    assert.equal(status, 200);
    assert.match(headers.get("Content-Type") ?? "", /html/);
    assert.match(text, /^<!DOCTYPE html>/);
  });

  it("answers with any JSON and with any bytes", async () => {
    simulator.injectFault({ kind: "json", body: { RetCode: "0", DataSet: null } });
    simulator.injectFault({
      kind: "raw",
      status: 201,
      headers: { "X-Odd": "1" },
      body: Buffer.of(0x7b, 0xff),
    });
    assert.equal((await send(simulator)).text, '{"RetCode":"0","DataSet":null}');
    const response = await post(simulator, sign(simulator, query));
    assert.deepEqual([response.status, response.headers.get("X-Odd")], [201, "1"]);
    assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [0x7b, 0xff]);
  });

  it("serves the same page for ever, or a shorter one", async () => {
    const first = await ask(simulator, query);
    simulator.injectFault({
      kind: "page",
      offset: 0,
      times: Infinity,
      when: ({ parameters }) => parameters.Offset !== "0",
    });
    simulator.injectFault({ kind: "page", cap: 3 });
    for (const Offset of ["10", "20", "1000"]) {
      assert.deepEqual((await ask(simulator, { ...query, Offset })).body, first.body);
    }
    assert.deepEqual(
      (await ask(simulator, { ...query, Offset: "0" })).body.DataSet,
      first.body.DataSet?.slice(0, 3),
    );
  });

  it("breaks JSON off inside a whole HTTP answer", async () => {
    const whole = (await send(simulator)).text;
    simulator.injectFault({ kind: "truncatedJson", keepBytes: 40 });
    const { status, text } = await send(simulator);
    assert.deepEqual([status, text], [200, whole.slice(0, 40)]);
  });

  it("answers late, but correctly", async () => {
    simulator.injectFault({ kind: "latency", ms: 60 });
    const startedAt = performance.now();
    assert.ok(await isServed(simulator));
    // Timers may fire a little early by another clock.
    assert.ok(performance.now() - startedAt > 50);
  });

  for (const afterBytes of [0, 25]) {
    it(`cuts the connection after ${afterBytes} bytes of the body`, async () => {
      simulator.injectFault({ kind: "cutBody", afterBytes });
      const response = await post(simulator, sign(simulator, query));
      const reader = response.body?.getReader();
      assert.ok(reader);
      let received = 0;
      await assert.rejects(async () => {
        for (;;) {
          const chunk = (await reader.read()) as { value?: Uint8Array };
          received += chunk.value?.length ?? 0;
        }
      }, /terminated/);
      assert.ok(Number(response.headers.get("Content-Length")) > 25);
      assert.equal(received, afterBytes);
      assert.ok(await isServed(simulator));
    });
  }

  it("resets the connection before any answer", async () => {
    simulator.injectFault({ kind: "reset" });
    await assert.rejects(send(simulator), hasCause("ECONNRESET"));
    assert.ok(await isServed(simulator));
  });

  it("never answers, and lets the client's leaving be seen", async () => {
    simulator.injectFault({ kind: "hang", times: 2, when: () => true });
    simulator.injectFault({ kind: "hang", afterHeaders: true });
    for (let attempt = 0; attempt < 2; attempt++) {
      const giveUp = AbortSignal.timeout(40);
      const body = new URLSearchParams(sign(simulator, query));
      await assert.rejects(fetch(simulator.url, { method: "POST", body, signal: giveUp }), {
        name: "TimeoutError",
      });
    }
    const response = await post(simulator, sign(simulator, query));
    assert.equal(response.status, 200);
    await response.body?.cancel();
    assert.ok(await isServed(simulator));
    await until(() => simulator.requests.slice(0, 3).every(({ abandoned }) => abandoned));
    assert.deepEqual(
      simulator.requests.map(({ status, abandoned, fault }) => [status, abandoned, fault]),
      [
        [undefined, true, "hang"],
        [undefined, true, "hang"],
        [undefined, true, "hang"],
        [200, false, undefined],
      ],
    );
  });

  it("drips its answer byte by byte", async () => {
    const whole = (await ask(simulator, { ...query, Limit: "1" })).body;
    simulator.injectFault({ kind: "drip", intervalMs: 0 });
    const response = await post(simulator, sign(simulator, { ...query, Limit: "1" }));
    let chunks = 0;
    let text = "";
    for await (const chunk of response.body ?? []) {
      chunks += 1;
      text += Buffer.from(chunk as Uint8Array).toString("utf8");
    }
    assert.deepEqual(JSON.parse(text), whole);
    assert.ok(chunks > 5, String(chunks));
  });

  for (const declareLength of [false, true]) {
    it(`blows its answer up to a size ${declareLength ? "said" : "not said"} beforehand`, async () => {
      const bytes = 5_000_000;
      simulator.injectFault({ kind: "hugeBody", bytes, declareLength });
      const { headers, text } = await send(simulator);
      assert.equal(headers.get("Content-Length"), declareLength ? String(bytes) : null);
      assert.equal(Buffer.byteLength(text), bytes);
      assert.equal((JSON.parse(text) as { RetCode: number }).RetCode, 0);
    });
  }

  it("stops streaming a huge answer when the client leaves", async () => {
    simulator.injectFault({ kind: "hugeBody", bytes: 1e10 });
    const response = await post(simulator, sign(simulator, query));
    await response.body?.cancel();
    await until(() => simulator.requests[0]?.abandoned === true);
    assert.ok(await isServed(simulator));
  });

  it("hits only the action, the requests and the turns it is meant for", async () => {
    const umem = {
      Action: "DescribeUMemBackup",
      Region: demo.region,
      Zone: demo.zone,
      SpaceId: demo.umemSpaceId,
    };
    const faults: Fault[] = [
      { kind: "retCode", retCode: 130, action: "DescribeUMemBackup" },
      { kind: "retCode", retCode: 150, when: ({ parameters }) => parameters.Offset === "20" },
      { kind: "retCode", retCode: 153, skip: 2 },
    ];
    for (const fault of faults) simulator.injectFault(fault);
    const codes = [];
    for (const parameters of [query, { ...query, Offset: "20" }, umem, query, query, query]) {
      codes.push((await ask(simulator, parameters)).body.RetCode);
    }
    assert.deepEqual(codes, [0, 150, 130, 0, 153, 0]);
  });

  it("forgets its faults when told to behave", async () => {
    simulator.injectFault({ kind: "status", status: 500, times: Infinity });
    assert.equal((await send(simulator)).status, 500);
    simulator.clearFaults();
    assert.ok(await isServed(simulator));
  });
});
