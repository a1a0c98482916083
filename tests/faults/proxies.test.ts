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
import { startPlugin } from "../support/pluginProcess";
import { startEngine } from "../support/standInEngine";
import { createSettings } from "../support/simulatedSettings";
import { type Certificate, createCertificate } from "../simulator/certificate";
import { findClosedPort } from "../support/loopback";
import { type Proxy, startHostileProxy, startProxy } from "../support/proxy";

const GROUP = { groupId: demo.uredisGroupId };
const HOST = "api.ucloud.invalid";
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

  /** A simulator with or without TLS, a proxy to it, and a file with the CA of its certificate for `host`. */
  async function start(scheme: "http" | "https", host = HOST, proxyTls?: Certificate): Promise<string> {
    const tls = createCertificate(host);
    simulator = await startSimulator(scheme === "https" ? { tls } : {});
    proxy = await startProxy(simulator.url, proxyTls === undefined ? {} : { tls: proxyTls });
    const file = path.join(folder, `ca-${scheme}-${host}.pem`);
    fs.writeFileSync(file, tls.cert + (proxyTls?.cert ?? ""));
    return file;
  }

  /** Looks backups up in a plugin with this environment, and returns the warnings. That of the base URL is checked. */
  async function lookUp(env: Readonly<Record<string, string>>, baseUrl = simulator.url): Promise<string[]> {
    const engine = await startEngine();
    const plugin = await startPlugin({ args: [engine.address], env });
    try {
      await plugin.configure(createSettings(simulator, { baseUrl }));
      for (let run = 0; run < 3; run++) {
        const { usable } = await plugin.invokeResult("getLatestURedisBackup", GROUP);
        assert.equal(usable, true);
      }
      const [notice, ...messages] = engine.messages.toSorted(([a], [b]) => a.localeCompare(b));
      const { host } = new URL(baseUrl);
      assert.deepEqual(notice, [
        "info",
        `Backups are looked up at ${host} (\`baseUrl\` from the stack's config or the provider's arguments), not at api.ucloud.cn.`,
      ]);
      return messages.map(([severity, text]) => `${severity}: ${text}`);
    } finally {
      await plugin.stop();
      engine.close();
    }
  }

  it("reaches an https API through HTTPS_PROXY, which sees its host and nothing else", async () => {
    const ca = await start("https");
    const env = { HTTPS_PROXY: `http://me:word@${proxy.host}`, NODE_EXTRA_CA_CERTS: ca };
    assert.deepEqual(await lookUp(env, `https://${HOST}`), []);
    assert.deepEqual([...new Set(proxy.asked)], [`CONNECT ${HOST}:443`]);
    assert.ok(proxy.authorizations.every((each) => each === `Basic ${btoa("me:word")}`));
    assert.equal(simulator.requests.length, 3);
  });

  it("reaches an https API through a proxy that is itself spoken to over TLS", async () => {
    const ca = await start("https", HOST, createCertificate("127.0.0.1"));
    const env = { HTTPS_PROXY: `https://me:word@${proxy.host}`, NODE_EXTRA_CA_CERTS: ca };
    assert.deepEqual(await lookUp(env, `https://${HOST}`), []);
    assert.deepEqual([...new Set(proxy.asked)], [`CONNECT ${HOST}:443`]);
    assert.equal(simulator.requests.length, 3);
  });

  it("keeps the connections that it opens through a proxy", async () => {
    const ca = await start("https");
    const env = { HTTPS_PROXY: `http://${proxy.host}`, NODE_EXTRA_CA_CERTS: ca };
    await lookUp(env, `https://${HOST}`);
    assert.deepEqual([proxy.asked.length, simulator.connections], [1, 1]);
  });

  it("reaches an http API through HTTP_PROXY, and warns of plain http once", async () => {
    await start("http");
    const warnings = await lookUp({ HTTP_PROXY: `http://${proxy.host}` }, `http://${HOST}`);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^warning: `baseUrl` has no TLS: .*Use https:\/\//);
    assert.deepEqual([...new Set(proxy.asked)], [`POST http://${HOST}/`]);
  });

  it("takes an http proxy for one that closes connections after an answer, whatever it says", async () => {
    const fleet = createFleet({ uredis: { backupsPerGroup: 1000 } });
    simulator = await startSimulator({ fleet });
    proxy = await startProxy(simulator.url, { isCurt: true });
    const env = { HTTP_PROXY: `http://${proxy.host}` };
    const plugin = await startPlugin({ env });
    try {
      await plugin.configure(createSettings(simulator, { baseUrl: `http://${HOST}` }));
      const groupId = listSources(fleet)[0]?.id;
      const { backups } = await plugin.invokeResult("getURedisBackups", { groupId });
      assert.ok(Array.isArray(backups) && backups.length === 1000);
    } finally {
      await plugin.stop();
    }
  });

  it("does not warn of plain http to UCloud's own gateway inside its networks, nor to this machine", async () => {
    await start("http");
    const env = { HTTP_PROXY: `http://${proxy.host}` };
    assert.deepEqual(await lookUp(env, "http://api.service.ucloud.cn"), []);
    assert.deepEqual(await lookUp({}), []);
  });

  it("passes the proxy over for the hosts of NO_PROXY", async () => {
    const ca = await start("https", "127.0.0.1");
    const proxies = { HTTPS_PROXY: `http://${proxy.host}`, HTTP_PROXY: `http://${proxy.host}` };
    assert.deepEqual(
      await lookUp({ ...proxies, NO_PROXY: "example.com,127.0.0.1", NODE_EXTRA_CA_CERTS: ca }),
      [],
    );
    assert.deepEqual(proxy.asked, []);
  });

  it("trusts a CA that NODE_EXTRA_CA_CERTS names, and without it does not", async () => {
    const ca = await start("https", "127.0.0.1");
    assert.deepEqual(await lookUp({ NODE_EXTRA_CA_CERTS: ca }), []);
    for (const env of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }]) {
      await assert.rejects(lookUp(env), { details: /certificate was not accepted .*NODE_EXTRA_CA_CERTS/ });
    }
    assert.equal(simulator.requests.length, 3);
  });

  it("checks certificates in a tunnel though NODE_TLS_REJECT_UNAUTHORIZED says not to", async () => {
    await start("https");
    const env = { HTTPS_PROXY: `http://${proxy.host}`, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    await assert.rejects(lookUp(env, `https://${HOST}`), { details: /certificate was not accepted/ });
    assert.equal(simulator.requests.length, 0);
  });

  const FORGED = JSON.stringify({
    RetCode: 0,
    TotalCount: 1,
    DataSet: [{ BackupId: "forged", State: "Success", BackupTime: 1700000000, GroupId: GROUP.groupId }],
  });
  const ANSWER = `HTTP/1.1 200 OK\r\nContent-Length: ${FORGED.length}\r\n\r\n${FORGED}`;
  const forgeries: [name: string, bytes: string, what: RegExp][] = [
    ["HTTP 100 and then 200", `HTTP/1.1 100 Continue\r\n\r\n${ANSWER}`, /refused the tunnel with HTTP 100\./],
    ["HTTP 201 with a body", ANSWER.replace("200", "201"), /refused the tunnel with HTTP 201\./],
    ["HTTP 407 with a body", ANSWER.replace("200", "407"), /HTTP 407\. .*The proxy wants a login/],
    ["HTTP 200 twice", `HTTP/1.1 200 OK\r\n\r\n${ANSWER}`, /certificate|TLS|reset|closed/],
  ];
  for (const [name, bytes, what] of forgeries) {
    it(`takes no backup from a proxy that answers a CONNECT with ${name}, for functions and pins`, async () => {
      await start("https");
      const hostile = await startHostileProxy((socket) => void socket.end(bytes));
      const plugin = await startPlugin({ env: { HTTPS_PROXY: `http://${hostile.host}` } });
      try {
        await plugin.configure(createSettings(simulator, { baseUrl: `https://${HOST}`, maxRetries: 0 }));
        const pin = new PinClient(plugin, "URedisBackupPin");
        for (const ask of [
          () => plugin.invokeResult("getLatestURedisBackup", GROUP),
          () => plugin.invokeResult("getURedisBackups", GROUP),
          () => pin.create(GROUP, true),
          () => pin.create(GROUP, false),
        ]) {
          await assert.rejects(ask(), ({ details }: { details: string }) => {
            assert.match(details, /^\[Unavailable\] /);
            assert.match(details, what);
            return !details.includes("forged");
          });
        }
        assert.doesNotMatch(hostile.received(), /POST|Signature/);
      } finally {
        await plugin.stop();
        await hostile.close();
      }
    });
  }

  for (const scheme of ["http", "https"] as const) {
    it(`reaches an ${scheme} API through tinyproxy, a real proxy`, async function () {
      if (!hasTinyproxy) leaveOut(this, { need: "tinyproxy", why: "it is not installed", evenInCi: true });
      const ca = await start(scheme, "localhost");
      const real = await startTinyproxy(folder);
      try {
        const address = `http://127.0.0.1:${real.port}`;
        const env = { HTTP_PROXY: address, HTTPS_PROXY: address, NODE_EXTRA_CA_CERTS: ca };
        // By name: behind a proxy, the proxy code knows no certificates of bare addresses, and refuses them.
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
  // What it writes comes late, and only its port says when it listens.
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
