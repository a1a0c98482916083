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

/** A server whose outside is this object. */
class Outside {
  readonly clients: { options: ClientOptions; isCancelled: boolean; calls: Record<string, unknown>[] }[] = [];
  readonly logs: { address: string; texts: string[]; notices: string[]; isClosed: boolean }[] = [];
  environment = NOWHERE;
  answer: () => Promise<Record<string, unknown>> = () =>
    Promise.resolve({ RetCode: 0, DataSet: [ROW], TotalCount: 1 });

  createServer(options: ProviderOptions = {}): Provider {
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
      close: () => (log.isClosed = true),
    };
  }
}

describe("the provider server", () => {
  let outside: Outside;
  beforeEach(() => (outside = new Outside()));

  it("builds one client for all lookups, of the settings as they were configured", async () => {
    const server = outside.createServer();
    await server.configure({ ...KEYS, maxRetries: "0", timeoutSeconds: 1.5, version: "0.1.0" });
    await Promise.all([server.invoke(LIST, GROUP), server.invoke(LATEST, GROUP)]);
    await server.invoke(LIST, GROUP);
    assert.equal(outside.clients.length, 1);
    const [client] = outside.clients;
    assert.ok(client);
    const { credentials, maxRetries, timeoutSeconds, version } = client.options;
    assert.deepEqual(credentials, { publicKey: "public", privateKey: "private" });
    assert.deepEqual([maxRetries, timeoutSeconds, version], [0, 1.5, server.getVersion()]);
    assert.equal(client.calls.length, 2, "equal listings under way are one");
  });

  it("needs no client, and so no keys, for anything but a lookup", async () => {
    const server = outside.createServer();
    server.checkConfig({});
    await server.configure({});
    assert.ok("failures" in (await server.invoke(LIST, {})));
    server.getSchema();
    server.cancel();
    assert.deepEqual(outside.clients, []);
  });

  it("asks for keys at the first lookup, and takes those that were set meanwhile", async () => {
    const server = outside.createServer();
    await assert.rejects(server.invoke(LIST, { ...GROUP, region: "cn-bj2" }), { code: "MissingCredentials" });
    outside.environment = { ...NOWHERE, env: { UCLOUD_PUBLIC_KEY: "a", UCLOUD_PRIVATE_KEY: "b" } };
    await server.configure({ region: "cn-bj2" });
    assert.ok("result" in (await server.invoke(LIST, GROUP)));
  });

  it("serves the last configuration, in a process that serves several", async () => {
    const server = outside.createServer();
    await server.configure(KEYS);
    await server.invoke(LIST, GROUP);
    await server.configure({ ...KEYS, privateKey: new Secret("other"), region: "cn-sh2" });
    await server.invoke(LIST, GROUP);
    assert.deepEqual(
      outside.clients.map(({ options, calls }) => [options.credentials.privateKey, calls[0]?.Region]),
      [
        ["private", "cn-bj2"],
        ["other", "cn-sh2"],
      ],
    );
  });

  it("does not fall back on an earlier configuration when one is refused", async () => {
    const server = outside.createServer();
    await server.configure(KEYS);
    await assert.rejects(server.configure({ ...KEYS, maxRetries: "x" }), { code: "InvalidConfig" });
    await assert.rejects(server.invoke(LIST, GROUP), { code: "InvalidConfig" });
    assert.deepEqual(outside.clients, []);
  });

  it("cancels the clients of all configurations, each lookup after it, and nothing of the next run", async () => {
    const server = outside.createServer();
    for (const privateKey of ["private", "other", "private"]) {
      await server.configure({ ...KEYS, privateKey });
      await server.invoke(LIST, GROUP);
    }
    server.cancel();
    server.cancel();
    assert.deepEqual(
      outside.clients.map(({ isCancelled }) => isCancelled),
      [true, true],
    );
    await assert.rejects(server.invoke(LIST, GROUP), { code: "Cancelled" });
    server.attach(undefined);
    await server.invoke(LIST, GROUP);
    assert.deepEqual(
      outside.clients.map(({ isCancelled }) => isCancelled),
      [true, true, false],
    );
  });

  it("takes unknown settings for absent ones", async () => {
    const server = outside.createServer();
    await server.configure({ ...KEYS, region: UNKNOWN, baseUrl: new Secret(UNKNOWN) });
    await server.invoke(LIST, { ...GROUP, region: "hk" });
    assert.equal(outside.clients[0]?.options.baseUrl, "https://api.ucloud.cn");
  });

  it("logs to the engine of the command line until another one greets it", async () => {
    const server = outside.createServer({ engineAddress: "one" });
    const stale = { ...GROUP, maxAge: "1h", onStale: "warn" };
    await server.configure({ ...KEYS, baseUrl: "http://plain.example" });
    await server.invoke(LATEST, stale);
    for (const address of ["one", "", undefined, "two"]) server.attach(address);
    await server.invoke(LATEST, stale);
    assert.deepEqual(
      outside.logs.map(({ address, texts, isClosed }) => [address, texts.length, isClosed]),
      [
        ["one", 2, true],
        ["two", 1, false],
      ],
    );
    assert.match(outside.logs[0]?.texts[0] ?? "", /`baseUrl` has no TLS/);
    assert.match(outside.logs[1]?.texts[0] ?? "", /^\[StaleBackup\] .*`b`.*26h/);
  });

  it("says at info where backups are looked up, once a configuration, unless that is the default", async () => {
    const server = outside.createServer({ engineAddress: "engine" });
    await server.configure({ ...KEYS, baseUrl: "https://other.example" });
    await server.invoke(LIST, GROUP);
    await server.invoke(LATEST, GROUP);
    const given = "the stack's config or the provider's arguments";
    const notice = `Backups are looked up at other.example (\`baseUrl\` from ${given}), not at api.ucloud.cn.`;
    assert.deepEqual(outside.logs[0]?.notices, [notice]);
    await server.configure(KEYS);
    const [{ notices, texts }] = outside.logs as [(typeof outside.logs)[number]];
    assert.deepEqual([notices, texts], [[notice], []]);
  });

  it("works without an engine to log to", async () => {
    const server = outside.createServer();
    await server.configure(KEYS);
    const outcome = await server.invoke(LATEST, { ...GROUP, maxAge: "1h", onStale: "warn" });
    assert.ok("result" in outcome);
  });

  it("measures ages by its clock, to the second", async () => {
    const server = outside.createServer();
    await server.configure(KEYS);
    const outcome = await server.invoke(LATEST, { ...GROUP, maxAge: new Secret("26h") });
    assert.equal("result" in outcome && Reflect.get(outcome.result, "ageSeconds"), 26 * 3600);
    await assert.rejects(server.invoke(LATEST, { ...GROUP, maxAge: "25h59m59s" }), { code: "StaleBackup" });
  });

  it("gives back refused arguments as failures, and everything else as what it is", async () => {
    const server = outside.createServer();
    await server.configure(KEYS);
    const { failures } = await server.invoke(LIST, { groupId: 5 });
    assert.deepEqual(failures, [
      { property: "groupId", reason: "[InvalidArgument] groupId must be a string" },
    ]);
    outside.answer = () => Promise.reject(new InvalidInputError("InvalidConfig", []));
    await assert.rejects(server.invoke(LIST, GROUP), { code: "InvalidConfig" });
    outside.answer = () => Promise.reject(new RangeError("odd"));
    await assert.rejects(server.invoke(LIST, GROUP), RangeError);
  });
});
