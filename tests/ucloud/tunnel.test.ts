import * as assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { RedisBackupError } from "../../provider/ucloud/errors";
import { TunnelAgent } from "../../provider/ucloud/tunnel";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { createCertificate } from "../simulator/certificate";
import { connect } from "../support/loopback";
import { type HostileProxy, startHostileProxy, startProxy, withProxyVariables } from "../support/proxy";

const ACTION = "DescribeURedisBackup";
const API = "https://api.invalid";
const QUERY = { Region: demo.region, GroupId: "uredis-1" };

const FORGED = JSON.stringify({
  RetCode: 0,
  TotalCount: 1,
  DataSet: [{ BackupId: "forged", State: "Success" }],
});
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${FORGED.length}\r\n\r\n${FORGED}`;

/** Calls the API through a proxy, and returns the error. */
async function fail(proxy: Pick<HostileProxy, "host">, scheme = "http"): Promise<RedisBackupError> {
  let error: unknown;
  await withProxyVariables({ HTTPS_PROXY: `${scheme}://me:s3cret@${proxy.host}` }, async () => {
    const client = connect({ url: API }, { maxRetries: 0, timeoutSeconds: 5 });
    error = await client.call(ACTION, QUERY).catch((reason: unknown) => reason);
    client.cancel();
  });
  assert.ok(error instanceof RedisBackupError, `was answered: ${JSON.stringify(error)}`);
  assert.doesNotMatch(error.message, /s3cret|forged|Signature/);
  return error;
}

/** Runs `task` with a proxy that answers each CONNECT so. It must get no more than the CONNECT. */
async function withHostileProxy(
  answer: string | ((socket: Socket) => void),
  task: (proxy: HostileProxy) => Promise<void>,
): Promise<void> {
  const reply = typeof answer === "string" ? (socket: Socket) => void socket.end(answer) : answer;
  const proxy = await startHostileProxy(reply);
  try {
    await task(proxy);
    assert.match(proxy.received(), /^CONNECT api\.invalid:443 HTTP\/1\.1\r\n/);
    assert.doesNotMatch(proxy.received(), /POST|Signature|RetCode/);
  } finally {
    await proxy.close();
  }
}

describe("a proxy's answer is never taken for the API's", () => {
  const statuses = [
    100, 101, 102, 103, 199, 201, 202, 204, 206, 299, 301, 302, 307, 400, 401, 403, 407, 429, 500, 502, 503,
    504,
  ];
  for (const status of statuses) {
    const headers = `Location: https://elsewhere.invalid/\r\nContent-Length: ${FORGED.length}`;
    const variants: [name: string, bytes: string][] = [
      ["with a forged body", `HTTP/1.1 ${status} So\r\n${headers}\r\n\r\n${FORGED}`],
      ["followed by a forged 200", `HTTP/1.1 ${status} So\r\n\r\n${ANSWER}`],
    ];
    for (const [name, bytes] of variants) {
      it(`where it refuses the tunnel with HTTP ${status} ${name}`, () =>
        withHostileProxy(bytes, async (proxy) => {
          const { code, message } = await fail(proxy);
          assert.equal(code, "Unavailable");
          assert.ok(
            message.includes(`the proxy refused the tunnel with HTTP ${status}. 1 attempt at the proxy `),
          );
          assert.ok(message.includes(` ${proxy.host} (HTTPS_PROXY). `), message);
          assert.equal(message.includes("The proxy wants a login"), status === 407);
        }));
    }
  }

  const forgeries: [name: string, answer: string | ((socket: Socket) => void), what: RegExp][] = [
    [
      "where a forged answer follows the 200 in the same packet",
      `HTTP/1.1 200 Connection established\r\n\r\n${ANSWER}`,
      /reset|closed|TLS/,
    ],
    [
      "where a forged answer follows the 200 later",
      (socket) => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.once("data", () => socket.end(ANSWER));
      },
      /speaks no TLS/,
    ],
    [
      "where a forged answer follows a 100 later",
      (socket) => {
        socket
          .setNoDelay(true)
          .write("HTTP/1.1 100 Continue\r\n\r\n", () => setImmediate(() => socket.end(ANSWER)));
      },
      /refused the tunnel with HTTP 100/,
    ],
    ["where the status line has no version", `200 OK\r\n\r\n${ANSWER}`, /the proxy does not answer: .*HPE_/],
    [
      "where the status is no number",
      `HTTP/1.1 yes OK\r\n\r\n${ANSWER}`,
      /the proxy does not answer: .*HPE_/,
    ],
    [
      "where the status is too long",
      `HTTP/1.1 2000 OK\r\n\r\n${ANSWER}`,
      /the proxy does not answer: .*HPE_/,
    ],
    ["where it is no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", /the proxy does not answer: .*HPE_/],
    [
      "where a header is none",
      `HTTP/1.1 200 OK\r\nno header\r\n\r\n${ANSWER}`,
      /the proxy does not answer: .*HPE_/,
    ],
    ["where it is an answer at once", (socket) => void socket.end(ANSWER), /reset|closed|TLS/],
    [
      "where it closes at once",
      (socket) => void socket.end(),
      /the proxy does not answer: the connection was reset/,
    ],
    [
      "where it resets",
      (socket) => void socket.resetAndDestroy(),
      /the proxy does not answer: the connection was reset/,
    ],
    [
      "where it closes in the middle of the headers",
      "HTTP/1.1 200 OK\r\nA: b\r\n",
      /the proxy does not answer: the connection was reset/,
    ],
  ];
  for (const [name, answer, what] of forgeries) {
    it(name, () =>
      withHostileProxy(answer, async (proxy) => {
        const { code, message } = await fail(proxy);
        assert.equal(code, "Unavailable");
        assert.match(message, what);
      }),
    );
  }

  for (const [name, head] of [
    ["headers without end", "HTTP/1.1 200 OK\r\n"],
    ["a status line without end", "HTTP/1.1 200 "],
  ] as const) {
    it(`where it sends ${name}, which are not read to the last`, () => {
      let sent = 0;
      const drown = (socket: Socket): void => {
        const more = `X-${"a".repeat(1000)}: ${"b".repeat(60_000)}`.replace(
          ": ",
          head.endsWith("\n") ? ": " : "",
        );
        const write = (): void => {
          while (!socket.destroyed && socket.write(head.endsWith("\n") ? `${more}\r\n` : more))
            sent += more.length;
          if (!socket.destroyed) socket.once("drain", write);
        };
        socket.write(head);
        write();
      };
      return withHostileProxy(drown, async (proxy) => {
        const { message } = await fail(proxy);
        assert.match(message, /the proxy does not answer: .*HPE_HEADER_OVERFLOW/);
        assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes were taken`);
      });
    });
  }

  it("where it goes on sending after a refusal, and its connection is closed", () => {
    const closed: Promise<void>[] = [];
    const goOn = (socket: Socket): void => {
      closed.push(new Promise((resolve) => socket.once("close", () => resolve())));
      const write = (): void => {
        while (!socket.destroyed && socket.write(ANSWER.repeat(100))) continue;
        if (!socket.destroyed) socket.once("drain", write);
      };
      socket.write("HTTP/1.1 403 Forbidden\r\n\r\n");
      write();
    };
    return withHostileProxy(goOn, async (proxy) => {
      assert.match((await fail(proxy)).message, /refused the tunnel with HTTP 403/);
      await Promise.all(closed);
      assert.equal(proxy.open(), 0);
    });
  });

  it("where it is asked again after a status that may pass", async () => {
    let asked = 0;
    const proxy = await startHostileProxy((socket) => {
      asked += 1;
      socket.end(`HTTP/1.1 503 Busy\r\n\r\n${ANSWER}`);
    });
    try {
      await withProxyVariables({ HTTPS_PROXY: `http://${proxy.host}` }, async () => {
        await assert.rejects(connect({ url: API }, { maxRetries: 2 }).call(ACTION, QUERY), {
          message: /HTTP 503\. 3 attempts at the proxy /,
        });
      });
      assert.equal(asked, 3);
    } finally {
      await proxy.close();
    }
  });
});

describe("certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says", () => {
  const UNCHECKED = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ tls: createCertificate("api.invalid") });
  });
  afterEach(() => simulator.close());

  it("of the API", async () => {
    await withProxyVariables(UNCHECKED, async () => {
      await assert.rejects(connect(simulator).call(ACTION, QUERY), {
        code: "Unavailable",
        message: /the server's TLS certificate was not accepted/,
      });
    });
    assert.equal(simulator.requests.length, 0);
  });

  it("of the API behind a proxy", async () => {
    const proxy = await startProxy(simulator.url);
    try {
      await withProxyVariables({ ...UNCHECKED, HTTPS_PROXY: `http://${proxy.host}` }, async () => {
        await assert.rejects(connect({ url: API }).call(ACTION, QUERY), {
          message: /the server's TLS certificate was not accepted .* through the proxy /,
        });
      });
      assert.deepEqual([proxy.asked.length, simulator.requests.length], [1, 0]);
    } finally {
      await proxy.close();
    }
  });

  for (const url of [API, "http://api.invalid"]) {
    it(`of a proxy that is spoken to over TLS, for ${url}`, async () => {
      let received = "";
      const server = createTlsServer(createCertificate("127.0.0.1"), (socket) => {
        socket.on("data", (data: Buffer) => (received += data.toString())).on("error", () => undefined);
      }).on("tlsClientError", () => undefined);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const variables = { HTTPS_PROXY: `https://me:s3cret@${host}`, HTTP_PROXY: `https://me:s3cret@${host}` };
      await withProxyVariables({ ...UNCHECKED, ...variables }, async () => {
        await assert.rejects(connect({ url }, { timeoutSeconds: 5 }).call(ACTION, QUERY), {
          code: "Unavailable",
          message: /the proxy's TLS certificate was not accepted .* at the proxy 127\.0\.0\.1:/,
        });
      });
      assert.equal(received, "", "neither the login nor a request was sent");
      await new Promise((resolve) => server.close(resolve));
    });
  }
});

describe("a tunnel that a proxy never opens", () => {
  it("is given up when its time is over, although garbage is collected meanwhile", async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => accepted.push(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const collecting = setInterval(collect, 10);
    try {
      const proxy = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const agent = new TunnelAgent(proxy, { timeoutMs: 200 });
      const failure = await new Promise<Error | null>((resolve) => {
        agent.createConnection({ host: "api.test", port: 443 }, resolve);
      });
      assert.notEqual(failure, null);
      assert.equal(accepted.length, 1);
    } finally {
      clearInterval(collecting);
      for (const socket of accepted) socket.destroy();
      server.close();
    }
  });
});
