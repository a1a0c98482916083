import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { RedisBackupError } from "../../provider/ucloud/errors";
import { TunnelAgent } from "../../provider/ucloud/tunnel";
import { demo } from "../../simulator";
import { createCertificate } from "../support/certificate";
import { connect, useServers, useSimulator } from "../support/loopback";
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

/**
 * Runs `task` with a proxy that answers each CONNECT with `answer`. Fails if it receives more than the
 * CONNECT.
 */
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

/** Writes `chunk` again and again until the socket is closed. */
function writeOn(socket: Socket, chunk: string, onWrite?: () => void): void {
  while (!socket.destroyed && socket.write(chunk)) onWrite?.();
  if (!socket.destroyed) socket.once("drain", () => writeOn(socket, chunk, onWrite));
}

describe("a proxy's answer is never read as the API's", () => {
  const open = useServers();
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
      it(`if it refuses the tunnel with HTTP ${status} ${name}`, () =>
        withHostileProxy(bytes, async (proxy) => {
          const { code, message } = await fail(proxy);
          assert.equal(code, "Unavailable");
          const refusal = `the proxy refused the tunnel with HTTP ${status}. 1 attempt at the proxy `;
          assert.ok(message.includes(`${refusal}${proxy.host} (HTTPS_PROXY). `), message);
          assert.equal(message.includes("The proxy wants a login"), status === 407);
        }));
    }
  }

  const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";
  const CLOSED = /reset|closed|TLS/;
  const NO_HTTP = /the proxy does not answer: .*HPE_/;
  const RESET = /the proxy does not answer: the connection was reset/;
  const forgeries: [name: string, answer: string | ((socket: Socket) => void), what: RegExp][] = [
    ["a forged answer follows the 200 in the same packet", `${ESTABLISHED}${ANSWER}`, CLOSED],
    [
      "a forged answer follows the 200 later",
      (socket) => {
        socket.write(ESTABLISHED);
        socket.once("data", () => socket.end(ANSWER));
      },
      /speaks no TLS/,
    ],
    [
      "a forged answer follows a 100 later",
      (socket) => {
        socket.setNoDelay(true);
        socket.write("HTTP/1.1 100 Continue\r\n\r\n", () => setImmediate(() => socket.end(ANSWER)));
      },
      /refused the tunnel with HTTP 100/,
    ],
    ["the status line has no version", `200 OK\r\n\r\n${ANSWER}`, NO_HTTP],
    ["the status is no number", `HTTP/1.1 yes OK\r\n\r\n${ANSWER}`, NO_HTTP],
    ["the status is too long", `HTTP/1.1 2000 OK\r\n\r\n${ANSWER}`, NO_HTTP],
    ["it does not send HTTP", "SSH-2.0-OpenSSH_9.2\r\n", NO_HTTP],
    ["a header is malformed", `HTTP/1.1 200 OK\r\nno header\r\n\r\n${ANSWER}`, NO_HTTP],
    ["it sends an answer immediately", (socket) => void socket.end(ANSWER), CLOSED],
    ["it closes immediately", (socket) => void socket.end(), RESET],
    ["it resets", (socket) => void socket.resetAndDestroy(), RESET],
    ["it closes within the headers", "HTTP/1.1 200 OK\r\nA: b\r\n", RESET],
  ];
  for (const [name, answer, what] of forgeries) {
    it(`if ${name}`, () =>
      withHostileProxy(answer, async (proxy) => {
        const { code, message } = await fail(proxy);
        assert.equal(code, "Unavailable");
        assert.match(message, what);
      }));
  }

  for (const [name, head, chunk] of [
    ["headers", "HTTP/1.1 200 OK\r\n", `X-${"a".repeat(1000)}: ${"b".repeat(60_000)}\r\n`],
    ["a status line", "HTTP/1.1 200 ", "c".repeat(60_000)],
  ] as const) {
    it(`if it sends ${name} without end, which are not read to their end`, () => {
      let sent = 0;
      const flood = (socket: Socket): void => {
        socket.write(head);
        writeOn(socket, chunk, () => (sent += chunk.length));
      };
      return withHostileProxy(flood, async (proxy) => {
        const { message } = await fail(proxy);
        assert.match(message, /the proxy does not answer: .*HPE_HEADER_OVERFLOW/);
        assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes were taken`);
      });
    });
  }

  it("if it continues after a refusal, and its connection is closed", () => {
    const closed: Promise<void>[] = [];
    const goOn = (socket: Socket): void => {
      closed.push(new Promise((resolve) => socket.once("close", () => resolve())));
      socket.write("HTTP/1.1 403 Forbidden\r\n\r\n");
      writeOn(socket, ANSWER.repeat(100));
    };
    return withHostileProxy(goOn, async (proxy) => {
      assert.match((await fail(proxy)).message, /refused the tunnel with HTTP 403/);
      await Promise.all(closed);
      assert.equal(proxy.open(), 0);
    });
  });

  it("if it is asked again after a status that may pass", async () => {
    let asked = 0;
    const proxy = await open(
      startHostileProxy((socket) => {
        asked += 1;
        socket.end(`HTTP/1.1 503 Busy\r\n\r\n${ANSWER}`);
      }),
    );
    await withProxyVariables({ HTTPS_PROXY: `http://${proxy.host}` }, async () => {
      await assert.rejects(connect({ url: API }, { maxRetries: 2 }).call(ACTION, QUERY), {
        message: /HTTP 503\. 3 attempts at the proxy /,
      });
    });
    assert.equal(asked, 3);
  });
});

describe("NODE_TLS_REJECT_UNAUTHORIZED does not turn off the check of the certificate", () => {
  const open = useServers();
  const UNCHECKED = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
  const simulator = useSimulator(() => ({ tls: createCertificate("api.invalid") }));

  it("of the API", async () => {
    await withProxyVariables(UNCHECKED, async () => {
      await assert.rejects(connect(simulator()).call(ACTION, QUERY), {
        code: "Unavailable",
        message: /the server's TLS certificate was not accepted/,
      });
    });
    assert.equal(simulator().requests.length, 0);
  });

  it("of the API behind a proxy", async () => {
    const proxy = await open(startProxy(simulator().url));
    await withProxyVariables({ ...UNCHECKED, HTTPS_PROXY: `http://${proxy.host}` }, async () => {
      await assert.rejects(connect({ url: API }).call(ACTION, QUERY), {
        message: /the server's TLS certificate was not accepted .* through the proxy /,
      });
    });
    assert.deepEqual([proxy.asked.length, simulator().requests.length], [1, 0]);
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

describe("a tunnel that the proxy never opens", () => {
  it("fails after its time limit, even if garbage is collected meanwhile", async () => {
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
