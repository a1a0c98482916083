import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/engine/unknowns";
import { Secret } from "../../provider/plugin/codec";
import type { OpenEngineLog } from "../../provider/plugin/engineLog";
import { Provider, type ProviderOptions } from "../../provider/plugin/provider";
import type { Client, ClientOptions } from "../../provider/ucloud/client";
import { InvalidInputError } from "../../provider/ucloud/errors";
import type { HostEnvironment } from "../../provider/ucloud/settingSources";

const KEYS = { publicKey: "public", privateKey: "private", region: "cn-bj2" };
const LIST = "ucloud-redis:index:getURedisBackups";
const LATEST = "ucloud-redis:index:getLatestURedisBackup";
const GROUP = { groupId: "g" };
const ROW = { BackupId: "b", GroupId: "g", BackupTime: 1_700_000_000, State: "Success" };
const NOWHERE: HostEnvironment = { env: {}, home: "/home/nobody", readFile: () => undefined };

/** Replaces the API, the engine's log and the environment of a provider. */
class Outside {
  readonly clients: { options: ClientOptions; isCancelled: boolean; calls: Record<string, unknown>[] }[] = [];
  readonly logs: { address: string; texts: string[]; notices: string[]; isClosed: boolean }[] = [];
  environment = NOWHERE;
  answer: () => Promise<Record<string, unknown>> = () =>
    Promise.resolve({ RetCode: 0, DataSet: [ROW], TotalCount: 1 });

  createProvider(options: ProviderOptions = {}): Provider {
    return new Provider({
      environment: () => this.environment,
      createClient: (given) => this.#createClient(given),
      openLog: (address) => this.#openLog(address),
      now: () => new Date(1_700_000_000_000 + 26 * 3_600_000),
      ...options,
    });
  }

  #createClient(options: ClientOptions): Client {
    const client = { options, isCancelled: false, calls: [] as Record<string, unknown>[] };
    this.clients.push(client);
    return {
      maxConcurrency: options.maxConcurrency,
      call: (Action, parameters) => {
        client.calls.push({ Action, ...parameters });
        return this.answer();
      },
      cancel: () => (client.isCancelled = true),
    };
  }

  #openLog(address: string): OpenEngineLog {
    const log = { address, texts: [] as string[], notices: [] as string[], isClosed: false };
    this.logs.push(log);
    return {
      warn: (text) => Promise.resolve(void log.texts.push(text)),
      info: (text) => Promise.resolve(void log.notices.push(text)),
      progress: () => Promise.resolve(),
      close: () => (log.isClosed = true),
    };
  }
}

/** What both lookups of the group's one backup say. */
const LINES = [
  "Listed 1 backup of URedis group g in cn-bj2. Newest usable: `b`, made at 2023-11-14T22:13:20.000Z, 26h ago.",
  "Found backup `b` of URedis group g in cn-bj2, made at 2023-11-14T22:13:20.000Z, 26h ago.",
];

describe("the provider", () => {
  let outside: Outside;
  beforeEach(() => (outside = new Outside()));

  it("cuts the middle out of a failure that repeats an argument of 50,000 characters", async () => {
    const provider = outside.createProvider();
    await provider.configure(KEYS);
    outside.answer = () => Promise.resolve({ RetCode: 0, DataSet: [], TotalCount: 0 });
    const { failures = [] } = await provider.invoke(LATEST, { groupId: "g".repeat(50_000) });
    const [{ property, reason } = { property: undefined, reason: "" }] = failures;
    assert.equal(property, "");
    assert.match(reason, /^\[NoBackups\] g+…: no backup found\.\n[^]*\n…\n[^]*[Cc]heck /);
    assert.equal(reason.length, 16_000);
  });

  it("opens one client for all lookups, with the configured settings", async () => {
    const provider = outside.createProvider();
    await provider.configure({ ...KEYS, maxRetries: "0", timeoutSeconds: 1.5, version: "0.1.0" });
    await Promise.all([provider.invoke(LIST, GROUP), provider.invoke(LATEST, GROUP)]);
    await provider.invoke(LIST, GROUP);
    assert.equal(outside.clients.length, 1);
    const [client] = outside.clients;
    assert.ok(client);
    const { credentials, maxRetries, timeoutSeconds, version } = client.options;
    assert.deepEqual(credentials, { publicKey: "public", privateKey: "private" });
    assert.deepEqual([maxRetries, timeoutSeconds, version], [0, 1.5, provider.getVersion()]);
    assert.equal(client.calls.length, 2, "equal lookups that run concurrently share a listing");
  });

  it("needs a client, and so keys, for lookups only", async () => {
    const provider = outside.createProvider();
    provider.checkConfig({});
    await provider.configure({});
    assert.ok("failures" in (await provider.invoke(LIST, {})));
    provider.getSchema();
    provider.cancel();
    assert.deepEqual(outside.clients, []);
  });

  it("requires keys at the first lookup, and uses keys that were set later", async () => {
    const provider = outside.createProvider();
    await assert.rejects(provider.invoke(LIST, { ...GROUP, region: "cn-bj2" }), {
      code: "MissingCredentials",
    });
    outside.environment = { ...NOWHERE, env: { UCLOUD_PUBLIC_KEY: "a", UCLOUD_PRIVATE_KEY: "b" } };
    await provider.configure({ region: "cn-bj2" });
    assert.ok("result" in (await provider.invoke(LIST, GROUP)));
  });

  it("uses the last of several configurations", async () => {
    const provider = outside.createProvider();
    await provider.configure(KEYS);
    await provider.invoke(LIST, GROUP);
    await provider.configure({ ...KEYS, privateKey: new Secret("other"), region: "cn-sh2" });
    await provider.invoke(LIST, GROUP);
    assert.deepEqual(
      outside.clients.map(({ options, calls }) => [options.credentials.privateKey, calls[0]?.Region]),
      [
        ["private", "cn-bj2"],
        ["other", "cn-sh2"],
      ],
    );
  });

  it("does not use an earlier configuration after one was refused", async () => {
    const provider = outside.createProvider();
    await provider.configure(KEYS);
    await assert.rejects(provider.configure({ ...KEYS, maxRetries: "x" }), { code: "InvalidConfig" });
    await assert.rejects(provider.invoke(LIST, GROUP), { code: "InvalidConfig" });
    assert.deepEqual(outside.clients, []);
  });

  it("cancels the clients of all configurations and later lookups, until the next run", async () => {
    const provider = outside.createProvider();
    for (const privateKey of ["private", "other", "private"]) {
      await provider.configure({ ...KEYS, privateKey });
      await provider.invoke(LIST, GROUP);
    }
    provider.cancel();
    provider.cancel();
    assert.deepEqual(
      outside.clients.map(({ isCancelled }) => isCancelled),
      [true, true],
    );
    await assert.rejects(provider.invoke(LIST, GROUP), { code: "Cancelled" });
    provider.attach(undefined);
    await provider.invoke(LIST, GROUP);
    assert.deepEqual(
      outside.clients.map(({ isCancelled }) => isCancelled),
      [true, true, false],
    );
  });

  it("treats unknown settings as absent", async () => {
    const provider = outside.createProvider();
    await provider.configure({ ...KEYS, region: UNKNOWN, baseUrl: new Secret(UNKNOWN) });
    await provider.invoke(LIST, { ...GROUP, region: "hk" });
    assert.equal(outside.clients[0]?.options.baseUrl, "https://api.ucloud.cn");
  });

  it("logs to the engine of the command line until another one attaches", async () => {
    const provider = outside.createProvider({ engineAddress: "one" });
    const stale = { ...GROUP, maxAge: "1h", onStale: "warn" };
    await provider.configure({ ...KEYS, baseUrl: "http://plain.example" });
    await provider.invoke(LATEST, stale);
    for (const address of ["one", "", undefined, "two"]) provider.attach(address);
    await provider.invoke(LATEST, stale);
    assert.deepEqual(
      outside.logs.map(({ address, texts, isClosed }) => [address, texts.length, isClosed]),
      [
        ["one", 2, true],
        ["two", 1, false],
      ],
    );
    assert.match(outside.logs[0]?.texts[0] ?? "", /`baseUrl` has no TLS/);
    assert.match(
      outside.logs[1]?.texts[0] ?? "",
      /^\[StaleBackup\] g: newest usable backup is 26h old[^]*`b`/,
    );
  });

  it("shows the API that is not the default, once for each configuration", async () => {
    const provider = outside.createProvider({ engineAddress: "engine" });
    await provider.configure({ ...KEYS, baseUrl: "https://other.example" });
    await provider.invoke(LIST, GROUP);
    await provider.invoke(LATEST, GROUP);
    const given = "the stack's config or the provider's arguments";
    const notice = `Requests go to other.example (\`baseUrl\` from ${given}), not at api.ucloud.cn.`;
    assert.deepEqual(outside.logs[0]?.notices, [notice, ...LINES]);
    await provider.configure(KEYS);
    const [{ notices, texts }] = outside.logs as [(typeof outside.logs)[number]];
    assert.deepEqual([notices, texts], [[notice, ...LINES], []]);
  });

  it("shows messages about settings at the first lookup if the engine did not configure it", async () => {
    const env = { UCLOUD_PUBLIC_KEY: "p", UCLOUD_PRIVATE_KEY: "q", UCLOUD_REGION: "cn-bj2" };
    outside.environment = { ...NOWHERE, env: { ...env, UCLOUD_API_BASE_URL: "http://plain.example" } };
    const provider = outside.createProvider({ engineAddress: "engine" });
    for (const token of [LIST, LATEST]) await provider.invoke(token, GROUP);
    const [log] = outside.logs;
    assert.deepEqual([log?.texts.length, log?.notices.slice(1)], [1, LINES]);
  });

  it("works without an engine", async () => {
    const provider = outside.createProvider();
    await provider.configure(KEYS);
    const outcome = await provider.invoke(LATEST, { ...GROUP, maxAge: "1h", onStale: "warn" });
    assert.ok("result" in outcome);
  });

  it("measures ages in seconds by its clock", async () => {
    const provider = outside.createProvider();
    await provider.configure(KEYS);
    const outcome = await provider.invoke(LATEST, { ...GROUP, maxAge: new Secret("26h") });
    assert.equal("result" in outcome && Reflect.get(outcome.result, "ageSeconds"), 26 * 3600);
    await assert.rejects(provider.invoke(LATEST, { ...GROUP, maxAge: "25h59m59s" }), { code: "StaleBackup" });
  });

  it("returns refused arguments as failures, and throws everything else", async () => {
    const provider = outside.createProvider();
    await provider.configure(KEYS);
    const { failures } = await provider.invoke(LIST, { groupId: 5 });
    assert.deepEqual(failures, [
      { property: "groupId", reason: "[InvalidArgument] groupId must be a string" },
    ]);
    outside.answer = () => Promise.reject(new InvalidInputError("InvalidConfig", []));
    await assert.rejects(provider.invoke(LIST, GROUP), { code: "InvalidConfig" });
    outside.answer = () => Promise.reject(new RangeError("odd"));
    await assert.rejects(provider.invoke(LIST, GROUP), RangeError);
  });
});
