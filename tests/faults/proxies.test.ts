import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { createFleet, demo, listSources, type Simulator, startSimulator } from "../../simulator";
import { PinClient } from "../support/pinClient";
import { leaveOut } from "../support/leftOut";
import { dropLookupLines, isLookupLine } from "../support/lookupLines";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { startEngine, type StandInEngine } from "../support/standInEngine";
import { createSettings } from "../support/simulatedSettings";
import { type Certificate, createCertificate } from "../support/certificate";
import { findClosedPort } from "../support/loopback";
import { type Proxy, startHostileProxy, startProxy } from "../support/proxy";

const GROUP = { groupId: demo.uredisGroupId };
const HOST = "api.ucloud.invalid";
const HTTPS_API = `https://${HOST}`;
const HTTP_API = `http://${HOST}`;
const hasTinyproxy = spawnSync("tinyproxy", ["-v"]).status === 0;

describe("the plugin behind proxies and other CAs", () => {
  let folder: string;
  let simulator: Simulator;
  let proxy: Proxy;

  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "proxies-"))));
  afterEach(async () => {
    await proxy.close();
    await simulator.close();
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  /** Starts a simulator and a proxy to it, and returns the file with the CAs of their certificates. */
  async function start(
    scheme: "http" | "https",
    { host = HOST, proxyTls }: { readonly host?: string; readonly proxyTls?: Certificate } = {},
  ): Promise<string> {
    const tls = createCertificate(host);
    simulator = await startSimulator(scheme === "https" ? { tls } : {});
    proxy = await startProxy(simulator.url, proxyTls === undefined ? {} : { tls: proxyTls });
    const file = path.join(folder, `ca-${scheme}-${host}.pem`);
    fs.writeFileSync(file, tls.cert + (proxyTls?.cert ?? ""));
    return file;
  }

  /** Runs a task with a plugin that has this environment and calls this URL. */
  async function withPlugin<Result>(
    { env, baseUrl = simulator.url }: { readonly env: Record<string, string>; readonly baseUrl?: string },
    task: (plugin: PluginProcess, engine: StandInEngine) => Promise<Result>,
  ): Promise<Result> {
    const engine = await startEngine();
    const plugin = await startPlugin({ args: [engine.address], env });
    try {
      await plugin.configure(createSettings(simulator, { baseUrl }));
      return await task(plugin, engine);
    } finally {
      await plugin.stop();
      engine.close();
    }
  }

  /** Makes three lookups, checks that what they found and the base URL are told of once, and returns the other messages. */
  function lookUp(env: Record<string, string>, baseUrl = simulator.url): Promise<string[]> {
    return withPlugin({ env, baseUrl }, async (plugin, engine) => {
      for (let run = 0; run < 3; run++) {
        const { usable } = await plugin.invokeResult("getLatestURedisBackup", GROUP);
        assert.equal(usable, true);
      }
      const [notice, ...messages] = dropLookupLines(engine.messages).toSorted(([a], [b]) =>
        a.localeCompare(b),
      );
      assert.equal(engine.messages.filter(isLookupLine).length, 1);
      const { host } = new URL(baseUrl);
      assert.deepEqual(notice, [
        "info",
        `Requests go to ${host} (\`baseUrl\` from the stack's config or the provider's arguments), not at api.ucloud.cn.`,
      ]);
      return messages.map(([severity, text]) => `${severity}: ${text}`);
    });
  }

  it("reaches an https API through HTTPS_PROXY, over one connection that shows it only the host", async () => {
    const NODE_EXTRA_CA_CERTS = await start("https");
    const env = { HTTPS_PROXY: `http://me:word@${proxy.host}`, NODE_EXTRA_CA_CERTS };
    assert.deepEqual(await lookUp(env, HTTPS_API), []);
    assert.deepEqual(proxy.asked, [`CONNECT ${HOST}:443`]);
    assert.deepEqual(proxy.authorizations, [`Basic ${btoa("me:word")}`]);
    assert.deepEqual([simulator.requests.length, simulator.connections], [3, 1]);
  });

  it("reaches an https API through a proxy with TLS", async () => {
    const NODE_EXTRA_CA_CERTS = await start("https", { proxyTls: createCertificate("127.0.0.1") });
    const env = { HTTPS_PROXY: `https://me:word@${proxy.host}`, NODE_EXTRA_CA_CERTS };
    assert.deepEqual(await lookUp(env, HTTPS_API), []);
    assert.deepEqual([...new Set(proxy.asked)], [`CONNECT ${HOST}:443`]);
    assert.equal(simulator.requests.length, 3);
  });

  it("reaches an http API through HTTP_PROXY, and warns about plain http once", async () => {
    await start("http");
    const warnings = await lookUp({ HTTP_PROXY: `http://${proxy.host}` }, HTTP_API);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^warning: `baseUrl` has no TLS: .*Use https:\/\//);
    assert.deepEqual([...new Set(proxy.asked)], [`POST ${HTTP_API}/`]);
  });

  it("expects an http proxy to close connections after an answer without saying so", async () => {
    const fleet = createFleet({ uredis: { backupsPerGroup: 1000 } });
    simulator = await startSimulator({ fleet });
    proxy = await startProxy(simulator.url, { isCurt: true });
    const env = { HTTP_PROXY: `http://${proxy.host}` };
    await withPlugin({ env, baseUrl: HTTP_API }, async (plugin) => {
      const groupId = listSources(fleet)[0]?.id;
      const { backups } = await plugin.invokeResult("getURedisBackups", { groupId });
      assert.ok(Array.isArray(backups) && backups.length === 1000);
    });
  });

  it("does not warn about plain http to UCloud's own gateway inside its networks, nor to this machine", async () => {
    await start("http");
    const env = { HTTP_PROXY: `http://${proxy.host}` };
    assert.deepEqual(await lookUp(env, "http://api.service.ucloud.cn"), []);
    assert.deepEqual(await lookUp({}), []);
  });

  it("connects directly to the hosts in NO_PROXY", async () => {
    const NODE_EXTRA_CA_CERTS = await start("https", { host: "127.0.0.1" });
    const proxies = { HTTPS_PROXY: `http://${proxy.host}`, HTTP_PROXY: `http://${proxy.host}` };
    const env = { ...proxies, NO_PROXY: "example.com,127.0.0.1", NODE_EXTRA_CA_CERTS };
    assert.deepEqual(await lookUp(env), []);
    assert.deepEqual(proxy.asked, []);
  });

  it("trusts a CA in NODE_EXTRA_CA_CERTS, and no other, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const NODE_EXTRA_CA_CERTS = await start("https", { host: "127.0.0.1" });
    assert.deepEqual(await lookUp({ NODE_EXTRA_CA_CERTS }), []);
    for (const env of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }]) {
      await assert.rejects(lookUp(env), { details: /certificate was not accepted .*NODE_EXTRA_CA_CERTS/ });
    }
    assert.equal(simulator.requests.length, 3);
  });

  it("takes no backup from a proxy that answers a CONNECT itself, neither for functions nor for pins", async () => {
    await start("https");
    const backup = { BackupId: "forged", State: "Success", BackupTime: 1700000000, ...GROUP };
    const forged = JSON.stringify({ RetCode: 0, TotalCount: 1, DataSet: [backup] });
    const answer = `HTTP/1.1 201 Created\r\nContent-Length: ${forged.length}\r\n\r\n${forged}`;
    const hostile = await startHostileProxy((socket) => void socket.end(answer));
    const env = { HTTPS_PROXY: `http://${hostile.host}` };
    try {
      await withPlugin({ env, baseUrl: HTTPS_API }, async (plugin) => {
        const pin = new PinClient(plugin, "URedisBackupPin");
        for (const call of [
          () => plugin.invokeResult("getLatestURedisBackup", GROUP),
          () => plugin.invokeResult("getURedisBackups", GROUP),
          () => pin.create(GROUP, true),
          () => pin.create(GROUP, false),
        ]) {
          await assert.rejects(call(), ({ details }: { details: string }) => {
            assert.match(details, /^\[Unavailable\] .*refused the tunnel with HTTP 201\./);
            return !details.includes("forged");
          });
        }
        assert.doesNotMatch(hostile.received(), /POST|Signature/);
      });
    } finally {
      await hostile.close();
    }
  });

  for (const scheme of ["http", "https"] as const) {
    it(`reaches an ${scheme} API through tinyproxy`, async function () {
      if (!hasTinyproxy) leaveOut(this, { need: "tinyproxy", why: "it is not installed", evenInCi: true });
      const NODE_EXTRA_CA_CERTS = await start(scheme, { host: "localhost" });
      const real = await startTinyproxy(folder);
      try {
        const address = `http://127.0.0.1:${real.port}`;
        const env = { HTTP_PROXY: address, HTTPS_PROXY: address, NODE_EXTRA_CA_CERTS };
        // By name: behind a proxy, certificates of IP addresses are refused.
        await lookUp(env, simulator.url.replace("127.0.0.1", "localhost"));
        assert.equal(simulator.requests.length, 3);
        assert.match(real.log(), scheme === "https" ? /CONNECT localhost/ : /POST http:\/\/localhost/);
      } finally {
        real.child.kill();
        await once(real.child, "close");
      }
    });
  }
});

async function startTinyproxy(
  folder: string,
): Promise<{ port: number; child: ChildProcess; log: () => string }> {
  const port = await findClosedPort();
  const file = path.join(folder, "tinyproxy.conf");
  const logFile = path.join(folder, `tinyproxy-${port}.log`);
  const settings = [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Allow 127.0.0.1",
    "Timeout 60",
    `LogFile "${logFile}"`,
  ];
  fs.writeFileSync(file, [...settings, "LogLevel Connect", ""].join("\n"));
  const child = spawn("tinyproxy", ["-d", "-c", file], { stdio: "ignore" });
  // Its log is written late, so only the port shows when it listens.
  while (!(await isListening(port))) assert.equal(child.exitCode, null, "tinyproxy ended");
  return { port, child, log: () => fs.readFileSync(logFile, "utf8") };
}

function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  }).then((isOpen) => {
    socket.destroy();
    return isOpen === true;
  });
}
