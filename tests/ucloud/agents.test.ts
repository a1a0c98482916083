import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import type { RedisBackupError } from "../../provider/ucloud/errors";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { createCertificate } from "../support/certificate";
import { createInstantClock } from "../support/fakeClock";
import { connect, findClosedPort, serveBytes, useServers, useSimulator } from "../support/loopback";
import { type Proxy, startProxy, withProxyVariables } from "../support/proxy";

const ACTION = "DescribeURedisBackup";
const query = { Region: demo.region, RegionType: "normal", Limit: 1 };

describe("agents: proxies for http:// addresses", () => {
  const open = useServers();
  let simulator: Simulator;
  let proxy: Proxy;
  beforeEach(async () => {
    simulator = await startSimulator();
    proxy = await startProxy(simulator.url);
  });
  afterEach(async () => {
    await proxy.close();
    await simulator.close();
  });

  /** Calls an API that only the proxy can reach. */
  const callUnknown = (): Promise<unknown> =>
    connect(simulator, { baseUrl: "http://api.invalid" }).call(ACTION, query);

  for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]) {
    it(`are used if ${name} is set`, async () => {
      await withProxyVariables({ [name]: `http://${proxy.host}` }, async () => {
        assert.equal(((await callUnknown()) as { RetCode: number }).RetCode, 0);
      });
      assert.deepEqual(proxy.asked, ["POST http://api.invalid/"]);
      assert.equal(simulator.requests[0]?.parameters.Action, ACTION);
    });
  }

  it("are used if the lower-case variable is set and the upper-case one is empty", async () => {
    await withProxyVariables({ HTTP_PROXY: "", http_proxy: `http://${proxy.host}` }, async () => {
      await callUnknown();
    });
    assert.equal(proxy.asked.length, 1);
  });

  it("are spoken to in plain HTTP if the variable has no scheme", async () => {
    await withProxyVariables({ HTTP_PROXY: proxy.host }, async () => {
      await callUnknown();
    });
    assert.equal(proxy.asked.length, 1);
  });

  it("get the login of the variable", async () => {
    await withProxyVariables({ HTTP_PROXY: `http://me:p%40ss@${proxy.host}` }, async () => {
      await callUnknown();
    });
    assert.deepEqual(proxy.authorizations, [`Basic ${Buffer.from("me:p@ss").toString("base64")}`]);
  });

  const direct: [name: string, variables: Record<string, string>][] = [
    ["NO_PROXY names the host", { NO_PROXY: "example.com,127.0.0.1" }],
    ["no_proxy names the host", { no_proxy: "127.0.0.1" }],
    ["NO_PROXY is *", { NO_PROXY: "*" }],
  ];
  for (const [name, variables] of direct) {
    it(`are not used if ${name}`, async () => {
      await withProxyVariables({ HTTP_PROXY: `http://${proxy.host}`, ...variables }, async () => {
        await connect(simulator).call(ACTION, query);
      });
      assert.deepEqual(proxy.asked, []);
    });
  }

  it("are not used if only HTTPS_PROXY is set, or nothing", async () => {
    for (const variables of [{ HTTPS_PROXY: `http://${proxy.host}` }, {}]) {
      await withProxyVariables(variables, async () => {
        await connect(simulator).call(ACTION, query);
      });
    }
    assert.deepEqual(proxy.asked, []);
  });

  for (const value of [
    "http://",
    "http://me:s3cret@",
    "http://s3cret:x:y",
    "socks5://s3cret:1",
    "::s3cret",
    "http://%",
    "http://s3cret:%@h:1",
  ]) {
    it(`are refused if the variable holds ${value}, without repeating it`, async () => {
      await withProxyVariables({ HTTP_PROXY: value }, async () => {
        const clock = createInstantClock();
        const client = connect(simulator, { clock, maxRetries: 3 });
        for (let call = 0; call < 2; call++) {
          await assert.rejects(client.call(ACTION, query), (error: RedisBackupError) => {
            assert.equal(error.code, "InvalidConfig");
            assert.ok(!/s3cret/.test(error.message), error.message);
            assert.match(error.message, /^\[InvalidConfig\] .*HTTP_PROXY/);
            return true;
          });
        }
        assert.deepEqual(clock.slept, []);
      });
    });
  }

  it("that refuse are told apart from an API that refuses, and are not asked again", async () => {
    const refusing = await open(startProxy(simulator.url, { refusal: 407 }));
    await withProxyVariables({ HTTP_PROXY: `http://me:s3cret@${refusing.host}` }, async () => {
      const client = connect(simulator, { baseUrl: "http://api.invalid", maxRetries: 3 });
      await assert.rejects(client.call(ACTION, query), {
        code: "Unavailable",
        message: /HTTP 407\. 1 attempt\. The proxy wants a login; check `HTTPS_PROXY`\.$/,
      });
    });
    assert.equal(refusing.asked.length, 1);
  });

  it("that do not answer are named by host, port and variable, without their login", async () => {
    const port = await findClosedPort();
    await withProxyVariables({ HTTP_PROXY: `http://me:s3cret@127.0.0.1:${port}` }, async () => {
      await assert.rejects(connect(simulator).call(ACTION, query), (error: RedisBackupError) => {
        assert.equal(error.code, "Unavailable");
        assert.match(error.message, /the proxy does not answer: .*refused \(ECONNREFUSED\).*proxy settings/);
        assert.ok(error.message.includes(` at the proxy 127.0.0.1:${port} (HTTP_PROXY).`), error.message);
        assert.ok(!error.message.includes("s3cret"));
        return true;
      });
    });
  });
});

describe("agents: TLS", () => {
  const open = useServers();
  const simulator = useSimulator(() => ({ tls: createCertificate("127.0.0.1") }));

  const refused = {
    code: "Unavailable",
    message:
      /certificate was not accepted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. 1 attempt at 127\.0\.0\.1:\d+ \(`baseUrl`\)\. .*NODE_EXTRA_CA_CERTS/,
  };

  it("refuses a self-signed certificate without a retry, and says what to do", async () => {
    await withProxyVariables({}, async () => {
      await assert.rejects(connect(simulator(), { maxRetries: 3 }).call(ACTION, query), refused);
    });
    assert.equal(simulator().connections, 1);
  });

  it("does so through a proxy too, which only sees the host", async () => {
    for (const scheme of ["http://", ""]) {
      const proxy = await open(startProxy(simulator().url));
      await withProxyVariables({ HTTPS_PROXY: `${scheme}${proxy.host}` }, async () => {
        const client = connect(simulator(), { baseUrl: "https://api.invalid", maxRetries: 3 });
        await assert.rejects(client.call(ACTION, query), {
          code: "Unavailable",
          message:
            /certificate was not accepted \(\w+\)\. 1 attempt at api\.invalid:443 .* through the proxy /,
        });
      });
      assert.deepEqual(proxy.asked, ["CONNECT api.invalid:443"]);
    }
  });

  it("times out for each request if a proxy never answers, and frees the connection", async () => {
    // Three attempts follow each other, and each needs the only connection.
    const closed: Promise<void>[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      closed.push(new Promise((resolve) => socket.once("close", () => resolve())));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await withProxyVariables({ HTTPS_PROXY: `http://127.0.0.1:${port}` }, async () => {
      const client = connect(simulator(), { maxRetries: 2, timeoutSeconds: 0.1, maxConcurrency: 1 });
      await assert.rejects(client.call(ACTION, query), { code: "Timeout", message: /3 attempts/ });
    });
    assert.equal(closed.length, 3);
    await Promise.all(closed);
    server.close();
  });

  it("refuses a server without TLS, without a retry", async () => {
    const plain = await open(serveBytes("HTTP/1.1 200 OK\r\n\r\n"));
    await withProxyVariables({}, async () => {
      const client = connect({ url: plain.url.replace("http:", "https:") }, { maxRetries: 3 });
      await assert.rejects(client.call(ACTION, query), {
        code: "Unavailable",
        message: /TLS.* 1 attempt at /,
      });
    });
    assert.equal(plain.connections(), 1);
  });
});
