import assert from "node:assert/strict";
import { type Fault, type Simulator, startSimulator } from "../../simulator";
import { until } from "../support/until";
import { ask, post, readAnswer, sign, UMEM_QUERY, UREDIS_QUERY } from "./client";

// Redirects, web pages, JSON that is cut short, delays and resets are tested with the plugin: see
// tests/faults.
describe("the simulator's faults", () => {
  let simulator: Simulator;
  beforeEach(async () => (simulator = await startSimulator()));
  afterEach(() => simulator.close());

  function send(): Promise<Response> {
    return post(simulator, sign(simulator, UREDIS_QUERY));
  }

  async function isServed(): Promise<boolean> {
    const { body } = await ask(simulator, UREDIS_QUERY);
    return body.RetCode === 0 && body.DataSet?.length === 10;
  }

  it("can be an HTTP status with Retry-After, once", async () => {
    simulator.injectFault({ kind: "status", status: 503, retryAfter: "2", body: "busy" });
    const response = await send();
    const { status, headers } = response;
    assert.deepEqual([status, headers.get("Retry-After"), await response.text()], [503, "2", "busy"]);
    assert.match(headers.get("X-UCLOUD-REQUEST-UUID") ?? "", /^[0-9a-f-]{36}$/);
    assert.ok(await isServed());
  });

  it("can be a RetCode, several times", async () => {
    simulator.injectFault({ kind: "retCode", retCode: 150, message: "Service unavailable", times: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { status, body } = await ask(simulator, UREDIS_QUERY);
      const Action = "DescribeURedisBackupResponse";
      assert.deepEqual([status, body], [200, { Action, RetCode: 150, Message: "Service unavailable" }]);
    }
    assert.ok(await isServed());
  });

  it("can echo the request in a RetCode's message", async () => {
    const message = ({ parameters }: { parameters: Record<string, string> }): string =>
      `signed: ${parameters.Signature ?? ""}`;
    simulator.injectFault({ kind: "retCode", retCode: 171, message });
    const signed = sign(simulator, UREDIS_QUERY);
    const { body } = await readAnswer(await post(simulator, signed));
    assert.equal(body.Message, `signed: ${signed.Signature ?? ""}`);
  });

  it("can be any JSON and any bytes", async () => {
    simulator.injectFault({ kind: "json", body: { RetCode: "0", DataSet: null } });
    const body = Buffer.of(0x7b, 0xff);
    simulator.injectFault({ kind: "raw", status: 201, headers: { "X-Odd": "1" }, body });
    assert.equal(await (await send()).text(), '{"RetCode":"0","DataSet":null}');
    const response = await send();
    assert.deepEqual([response.status, response.headers.get("X-Odd")], [201, "1"]);
    assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [0x7b, 0xff]);
  });

  it("can be the same page for every offset, or a shorter page", async () => {
    const first = await ask(simulator, UREDIS_QUERY);
    simulator.injectFault({
      kind: "page",
      offset: 0,
      times: Infinity,
      when: ({ parameters }) => parameters.Offset !== "0",
    });
    simulator.injectFault({ kind: "page", cap: 3 });
    for (const Offset of ["10", "20", "1000"]) {
      assert.deepEqual((await ask(simulator, { ...UREDIS_QUERY, Offset })).body, first.body);
    }
    const short = await ask(simulator, { ...UREDIS_QUERY, Offset: "0" });
    assert.deepEqual(short.body.DataSet, first.body.DataSet?.slice(0, 3));
  });

  for (const afterBytes of [0, 25]) {
    it(`can close the connection after ${afterBytes} bytes of the body`, async () => {
      simulator.injectFault({ kind: "cutBody", afterBytes });
      const response = await send();
      let received = 0;
      await assert.rejects(async () => {
        for await (const chunk of response.body ?? []) received += (chunk as Uint8Array).length;
      }, /terminated/);
      assert.ok(Number(response.headers.get("Content-Length")) > 25);
      assert.equal(received, afterBytes);
      assert.ok(await isServed());
    });
  }

  it("can leave a request without an answer, and record that the client closed the connection", async () => {
    simulator.injectFault({ kind: "hang", times: 2, when: () => true });
    simulator.injectFault({ kind: "hang", afterHeaders: true });
    for (let attempt = 0; attempt < 2; attempt++) {
      const body = new URLSearchParams(sign(simulator, UREDIS_QUERY));
      const signal = AbortSignal.timeout(40);
      await assert.rejects(fetch(simulator.url, { method: "POST", body, signal }), { name: "TimeoutError" });
    }
    const response = await send();
    assert.equal(response.status, 200);
    await response.body?.cancel();
    assert.ok(await isServed());
    await until(() => simulator.requests.slice(0, 3).every(({ abandoned }) => abandoned));
    assert.deepEqual(
      simulator.requests.map(({ status, abandoned, fault }) => [status, abandoned, fault]),
      [...Array<unknown>(3).fill([undefined, true, "hang"]), [200, false, undefined]],
    );
  });

  it("can send an answer byte by byte", async () => {
    const query = { ...UREDIS_QUERY, Limit: "1" };
    const whole = (await ask(simulator, query)).body;
    simulator.injectFault({ kind: "drip", intervalMs: 0 });
    const response = await post(simulator, sign(simulator, query));
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk as Uint8Array);
    assert.deepEqual(JSON.parse(Buffer.concat(chunks).toString("utf8")), whole);
    assert.ok(chunks.length > 5, String(chunks.length));
  });

  for (const declareLength of [false, true]) {
    it(`can be a huge answer ${declareLength ? "with" : "without"} Content-Length`, async () => {
      const bytes = 5_000_000;
      simulator.injectFault({ kind: "hugeBody", bytes, declareLength });
      const response = await send();
      const text = await response.text();
      assert.equal(response.headers.get("Content-Length"), declareLength ? String(bytes) : null);
      assert.equal(Buffer.byteLength(text), bytes);
      assert.equal((JSON.parse(text) as { RetCode: number }).RetCode, 0);
    });
  }

  it("end when the client closes the connection inside a huge answer", async () => {
    simulator.injectFault({ kind: "hugeBody", bytes: 1e10 });
    const response = await send();
    await response.body?.cancel();
    await until(() => simulator.requests[0]?.abandoned === true);
    assert.ok(await isServed());
  });

  it("hit only their action and their requests, after those to skip", async () => {
    const faults: Fault[] = [
      { kind: "retCode", retCode: 130, action: "DescribeUMemBackup" },
      { kind: "retCode", retCode: 150, when: ({ parameters }) => parameters.Offset === "20" },
      { kind: "retCode", retCode: 153, skip: 2 },
    ];
    for (const fault of faults) simulator.injectFault(fault);
    const codes = [];
    const uredis = UREDIS_QUERY;
    for (const query of [uredis, { ...uredis, Offset: "20" }, UMEM_QUERY, uredis, uredis, uredis]) {
      codes.push((await ask(simulator, query)).body.RetCode);
    }
    assert.deepEqual(codes, [0, 150, 130, 0, 153, 0]);
  });

  it("end with clearFaults, also by the deprecated names", async () => {
    const fault = { kind: "status", status: 500, times: Infinity } as const;
    for (const [inject, clear] of [
      ["injectFault", "clearFaults"],
      ["misbehave", "behave"],
    ] as const) {
      simulator[inject](fault);
      assert.equal((await send()).status, 500);
      simulator[clear]();
      assert.ok(await isServed());
    }
  });
});
