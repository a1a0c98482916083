import assert from "node:assert/strict";
import { Tracing } from "../../provider/plugin/tracing";
import { openSpanExport } from "../../provider/plugin/spanExport";
import { bypassProxy, findTraceTarget } from "../../provider/plugin/traceTarget";
import { createDemoFleet, demo, type Simulator, startSimulator } from "../../simulator";
import { createInstantClock } from "../support/fakeClock";
import { findClosedPort } from "../support/loopback";
import { makeSecret } from "../support/pinClient";
import { serveProvider, type ServedProvider } from "../support/servedProvider";
import { startProxy } from "../support/proxy";
import { createSettings } from "../support/simulatedSettings";
import { type StandInEngine, startEngine } from "../support/standInEngine";
import { until } from "../support/until";
import { startGrpcReceiver, startTraceReceiver, type TraceReceiver } from "../support/traceReceiver";

const KEYS = { publicKey: "marked-public", privateKey: "marked-private", securityToken: "marked-token" };
const LOST = ["debug", "Traces were not taken by the receiver. Nothing else is affected."];
const GROUP = { groupId: demo.uredisGroupId };

describe("the plugin's traces", () => {
  let simulator: Simulator;
  let receiver: TraceReceiver;
  let engine: StandInEngine;
  let served: ServedProvider;

  beforeEach(async () => {
    simulator = await startSimulator({ ...KEYS, fleet: createDemoFleet({ now: new Date() }) });
    receiver = await startTraceReceiver();
    engine = await startEngine();
  });
  afterEach(async () => {
    served.close();
    engine.close();
    await receiver.close();
    await simulator.close();
  });

  async function serve(
    url = receiver.url,
    {
      load,
      settings,
    }: {
      readonly load?: ConstructorParameters<typeof Tracing>[1];
      readonly settings?: object;
    } = {},
  ): Promise<void> {
    served = await serveProvider({
      engineAddress: engine.address,
      clock: createInstantClock({ startMs: Date.now() }),
      tracing: new Tracing({ protocol: "http/json", url }, load),
    });
    await served.client.configure({
      ...createSettings(simulator, { maxRetries: "2" }),
      ...KEYS,
      ...settings,
    });
  }

  const lookUp = (args: object = GROUP): Promise<unknown> =>
    served.client.invoke("getLatestURedisBackup", args);

  const listFaults = (): unknown[] => engine.messages.filter(([, text]) => text.startsWith("Traces "));

  /** Ends the provider, and waits for the span that ends last: on a busy machine, the end does not. */
  async function drain(last: string): Promise<void> {
    await served.drain();
    await until(() => receiver.spans().some(({ name }) => name.endsWith(last)));
  }

  it("hold a span for the call, and one inside it for each request and each wait", async () => {
    await serve();
    simulator.injectFault({ kind: "retCode", retCode: 153 });
    await lookUp();
    await drain("/Invoke");
    const spans = receiver.spans();
    const [call] = spans.filter(({ name }) => name === "pulumirpc.ResourceProvider/Invoke");
    assert.ok(call);
    assert.equal(call.attributes["ucloud_redis.token"], "ucloud-redis:index:getLatestURedisBackup");
    assert.equal(call.attributes["rpc.grpc.status_code"], 0);
    const children = spans.filter(({ parentSpanId }) => parentSpanId === call.spanId);
    assert.deepEqual([...new Set(children.map(({ traceId }) => traceId))], [call.traceId]);
    const [failed, next] = children.filter(({ name }) => name === "DescribeURedisBackup");
    assert.deepEqual(
      [failed?.isError, failed?.attributes["ucloud_redis.ret_code"], failed?.attributes["error.type"]],
      [true, 153, "Throttled"],
    );
    assert.deepEqual(
      [
        next?.isError,
        next?.attributes["ucloud_redis.attempt"],
        next?.attributes["http.response.status_code"],
      ],
      [false, 2, 200],
    );
    assert.equal(next?.attributes["ucloud_redis.region"], demo.region);
    assert.ok(Number(next.attributes["http.response.body.size"]) > 100);
    assert.ok(children.some(({ name }) => name === "wait (retry)"));
  });

  it("name the code of a failure, and not its text", async () => {
    await serve();
    await assert.rejects(lookUp({ groupId: "marked-absent-group" }));
    await drain("/Invoke");
    const [call] = receiver.spans().filter(({ name }) => name.endsWith("/Invoke"));
    assert.deepEqual([call?.isError, call?.attributes["error.type"]], [true, "NoBackups"]);
    assert.ok(!receiver.bodies.join("").includes("marked"));
  });

  it("hold no key, signature, link, password, request id, or secret argument", async () => {
    await serve();
    await lookUp({ ...GROUP, region: makeSecret(demo.region) });
    const { result } = await served.client.invoke("getLatestURedisBackup", GROUP);
    const backupId = result["backupId"] as string;
    await served.client.invoke("getURedisBackupUrl", { ...GROUP, backupId });
    const urn = "urn:pulumi:dev::shop::ucloud-redis:index:RestoredURedisGroup::orders";
    const inputs = { source: GROUP, name: "orders", password: makeSecret("marked-Password1") };
    await served.client.create(urn, inputs, { preview: true });
    await drain("/Create");
    const sent = receiver.bodies.join("\n");
    const [first] = receiver.spans().filter(({ name }) => name === "DescribeURedisBackup");
    assert.equal(first?.attributes["ucloud_redis.region"], undefined);
    assert.ok(receiver.spans().some(({ name }) => name.endsWith("/Create")));
    assert.ok(receiver.spans().some(({ name }) => name === "DescribeURedisBackupURL"));
    for (const { parameters } of simulator.requests) {
      assert.ok(!sent.includes(String(parameters["Signature"])));
    }
    assert.doesNotMatch(sent, /marked|Signature|PublicKey|https?:|[?&]\w+=|request.uuid/i);
    // The only ids that look like those of requests would be theirs: no backup is named either.
    assert.doesNotMatch(sent, /[0-9a-f]{8}-[0-9a-f]{4}-/i);
  });

  it("hold no setting that is a secret, such as the region", async () => {
    await serve(undefined, { settings: { region: makeSecret(demo.region) } });
    await lookUp();
    await drain("/Invoke");
    const [request] = receiver.spans().filter(({ name }) => name === "DescribeURedisBackup");
    assert.ok(request);
    assert.equal(request.attributes["ucloud_redis.region"], undefined);
    assert.ok(!receiver.bodies.join("").includes(demo.region));
  });

  it("are made of a call whose arguments are nested too deeply, which is refused", async () => {
    await serve();
    let deep: object = { a: "marked" };
    for (let depth = 0; depth < 110; depth++) deep = { a: deep };
    await assert.rejects(lookUp({ ...GROUP, deep }), /nested more than/);
    await drain("/Invoke");
    assert.ok(!receiver.bodies.join("").includes("marked"));
  });

  it("neither fail nor hold up a call if the receiver is gone, and say so once at debug", async () => {
    await serve(`http://127.0.0.1:${await findClosedPort()}/v1/traces`);
    await lookUp();
    await served.drain();
    await until(() => listFaults().length > 0);
    assert.deepEqual(listFaults(), [LOST]);
  });

  it("neither fail nor hold up a call if the library cannot be loaded", async () => {
    await serve(undefined, { load: () => Promise.reject(new Error("marked")) });
    await lookUp();
    await served.drain();
    assert.ok(
      engine.messages.some(([level, text]) => level === "debug" && text.startsWith("Traces could not")),
    );
    assert.deepEqual(receiver.bodies, []);
  });

  for (const [what, isUnderWay] of [
    ["spans that the end sends", false],
    ["spans that were under way before", true],
  ] as const) {
    it(`end within 2.5 s if the receiver never answers, and say that ${what} are lost`, async () => {
      const silent = await startTraceReceiver({ isSilent: true });
      try {
        await serve(silent.url);
        await lookUp();
        if (isUnderWay) await until(() => silent.bodies.length > 0);
        const startedAt = performance.now();
        await served.drain();
        const tookMs = performance.now() - startedAt;
        assert.ok(tookMs < 2500, `${tookMs} ms`);
        assert.deepEqual(listFaults(), [LOST]);
      } finally {
        await silent.close();
      }
    });
  }

  it("are sent before Cancel is answered, since the engine ends the process then", async () => {
    await serve();
    await lookUp();
    await served.client.cancel();
    assert.ok(receiver.spans().some(({ name }) => name.endsWith("/Invoke")));
  });

  it("have the right parents if calls run concurrently", async () => {
    await serve();
    // Each call waits once, while the others go on.
    simulator.injectFault({ kind: "retCode", retCode: 153, times: 3 });
    const regions = [demo.region, "hk", "cn-sh2"];
    await Promise.allSettled(regions.map((region) => lookUp({ ...GROUP, region })));
    await served.drain();
    await until(() => receiver.spans().filter(({ name }) => name.endsWith("/Invoke")).length === 3);
    const calls = receiver.spans().filter(({ name }) => name.endsWith("/Invoke"));
    const asked = calls.map(({ spanId }) => {
      const children = receiver.spans().filter(({ parentSpanId }) => parentSpanId === spanId);
      const requests = children.filter(({ name }) => name.startsWith("Describe"));
      assert.ok(requests.length > 0);
      return [...new Set(requests.map(({ attributes }) => attributes["ucloud_redis.region"]))];
    });
    assert.deepEqual(asked.sort(), regions.map((region) => [region]).sort());
  });
});

describe("openSpanExport", () => {
  const VARIABLES = ["grpc_proxy", "no_grpc_proxy", "no_proxy"];
  let saved: [string, string | undefined][];
  beforeEach(() => (saved = VARIABLES.map((name) => [name, process.env[name]])));
  afterEach(() => {
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  it("sends spans for this machine past the proxy of the environment", async () => {
    const receiver = await startGrpcReceiver();
    const proxy = await startProxy(receiver.url);
    try {
      process.env["grpc_proxy"] = `http://${proxy.host}`;
      Reflect.deleteProperty(process.env, "no_grpc_proxy");
      process.env["no_proxy"] = "elsewhere.example";
      let faults = 0;
      const spans = openSpanExport({ protocol: "grpc", url: receiver.url }, () => faults++);
      spans.start({ name: "a", kind: "internal", attributes: {} }).end();
      await spans.flush();
      assert.deepEqual([receiver.count(), proxy.asked, faults], [1, [], 0]);
    } finally {
      receiver.close();
      await proxy.close();
    }
  });
});

describe("bypassProxy", () => {
  const cases: [url: string, env: Record<string, string>, expected: string | undefined][] = [
    ["http://127.0.0.1:4", {}, "127.0.0.1"],
    ["http://localhost:4", { no_proxy: "a,b" }, "a,b,localhost"],
    ["http://[::1]:4", { no_proxy: "a", no_grpc_proxy: "c" }, "c,::1"],
    ["http://collector.example:4", { no_proxy: "a" }, undefined],
    ["http://127.0.0.1.example:4", {}, undefined],
  ];
  for (const [url, env, expected] of cases) {
    it(`sets no_grpc_proxy for ${url} to ${expected ?? "nothing"}`, () => {
      const changed = { ...env };
      bypassProxy(url, changed);
      assert.equal(changed["no_grpc_proxy"], expected);
    });
  }
});

describe("findTraceTarget", () => {
  const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  const cases: [title: string, env: Record<string, string>, target: string | undefined][] = [
    ["nobody asks", {}, undefined],
    ["the engine asks", { PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT: "127.0.0.1:4" }, "grpc http://127.0.0.1:4"],
    ["an endpoint is named", { [ENDPOINT]: "http://c:4318/" }, "http/protobuf http://c:4318/v1/traces"],
    [
      "an endpoint for traces is named",
      { [ENDPOINT]: "http://c", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://t/x" },
      "http/protobuf https://t/x",
    ],
    [
      "a protocol is named",
      { [ENDPOINT]: "http://c:1", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
      "grpc http://c:1",
    ],
    ["a protocol is not known", { [ENDPOINT]: "http://c", OTEL_EXPORTER_OTLP_PROTOCOL: "smoke" }, undefined],
    ["an endpoint is malformed", { [ENDPOINT]: "file:///x" }, undefined],
    ["an endpoint is empty", { [ENDPOINT]: "" }, undefined],
    ["traces are off", { [ENDPOINT]: "http://c", OTEL_TRACES_EXPORTER: "none" }, undefined],
    ["all is off", { [ENDPOINT]: "http://c", OTEL_SDK_DISABLED: "true" }, undefined],
  ];
  for (const [title, env, target] of cases) {
    it(`finds ${target ?? "none"} where ${title}`, () => {
      const found = findTraceTarget(env);
      assert.equal(found && `${found.protocol} ${found.url}`, target);
    });
  }
});
