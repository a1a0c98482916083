import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createServer as createRawTlsServer } from "node:tls";
import { promisify } from "node:util";
import { repositoryRoot } from "../../tools/repository";
import { createCertificate } from "../support/certificate";
import { createInstantClock } from "../support/fakeClock";
import {
  findClosedPort,
  type Loopback,
  serveBytes,
  serveHttp,
  useServers,
  writeAnswer,
} from "../support/loopback";
import { startHostileProxy, startProxy, withProxyVariables } from "../support/proxy";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { describeOutcome, openWriter } from "./openWriter";

const ACTION = "CreateURedisGroup";
const API = "https://api.invalid";

/** Starts a TLS server whose certificate nobody trusts. It counts the bytes that came decrypted. */
async function serveTls(): Promise<Loopback & { received: () => number }> {
  let received = 0;
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createRawTlsServer(createCertificate("127.0.0.1"), (socket) => {
    socket
      .on("error", () => undefined)
      .on("data", (data: Buffer) => {
        received += data.length;
      });
  });
  server.on("tlsClientError", () => undefined);
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    received: () => received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Sends a write in a process that trusts the certificate in a file. Node.js reads which ones it trusts when it starts. */
async function sendTrusting(file: string, url: string, proxies: Record<string, string>): Promise<string> {
  const program =
    "require('./tests/ucloud/openWriter.ts').openWriter(process.argv[1]).send('CreateURedisGroup', {})" +
    ".then((outcome) => console.log(outcome.kind, outcome.error?.message ?? ''))";
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "-e", program, url],
    { cwd: repositoryRoot, env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: file, ...proxies } },
  );
  return stdout.trim();
}

describe("writer: what was certainly not sent", () => {
  const open = useServers();

  it("is a write whose TLS handshake was refused, and no byte of it arrived", async () => {
    const server = await open(serveTls());
    const outcome = await openWriter(server.url, { maxRetries: 3 }).send(ACTION, {});
    assert.equal(describeOutcome(outcome), "refused Unavailable");
    assert.equal(server.received(), 0);
    // A certificate does not become valid by asking again.
    assert.equal(server.connections(), 1);
  });

  it("is a write to a server that resets the connection during the TLS handshake", async () => {
    const server = await open(serveBytes("", { isEnding: true }));
    const url = server.url.replace("http:", "https:");
    const outcome = await openWriter(url, { maxRetries: 2 }).send(ACTION, {});
    assert.equal(describeOutcome(outcome), "refused Unavailable");
    assert.equal(server.connections(), 3);
  });

  it("is a write whose connection is not ready in time", async () => {
    // Accepts connections, and never answers the TLS handshake.
    const server = await open(serveBytes("", { isEnding: false }));
    const url = server.url.replace("http:", "https:");
    const outcome = await openWriter(url, { timeoutSeconds: 0.05, maxRetries: 1 }).send(ACTION, {});
    assert.equal(describeOutcome(outcome), "refused Timeout");
    assert.match((outcome as { error: Error }).error.message, /no connection within 0\.05 s\. 2 attempts at/);
    assert.equal(server.connections(), 2);
  });

  it("is a write for which a proxy opens no tunnel", async () => {
    for (const [refusal, attempts] of [
      [403, 1],
      [407, 1],
      [503, 3],
    ] as const) {
      const proxy = await open(startProxy("http://127.0.0.1:1", { refusal }));
      await withProxyVariables({ HTTPS_PROXY: `http://${proxy.host}` }, async () => {
        const outcome = await openWriter(API, { maxRetries: 2 }).send(ACTION, {});
        assert.equal(describeOutcome(outcome), "refused Unavailable");
      });
      assert.equal(proxy.asked.length, attempts);
    }
  });

  it("is a write for which a proxy closes the tunnel before TLS", async () => {
    const proxy = await open(
      startHostileProxy((socket) => socket.end("HTTP/1.1 200 Connection established\r\n\r\n")),
    );
    await withProxyVariables({ HTTPS_PROXY: `http://${proxy.host}` }, async () => {
      const outcome = await openWriter(API).send(ACTION, {});
      assert.equal(describeOutcome(outcome), "refused Unavailable");
    });
    assert.doesNotMatch(proxy.received(), /POST|Signature/);
  });

  it("is a write whose proxy refuses connections", async () => {
    const port = await findClosedPort();
    for (const url of [API, "http://api.invalid"]) {
      await withProxyVariables({ ALL_PROXY: `http://127.0.0.1:${port}` }, async () => {
        const clock = createInstantClock();
        const outcome = await openWriter(url, { maxRetries: 2, clock }).send(ACTION, {});
        assert.equal(describeOutcome(outcome), "refused Unavailable");
        assert.equal(clock.slept.length, 2);
      });
    }
  });

  it("is a write whose proxy's address is malformed", async () => {
    await withProxyVariables({ HTTPS_PROXY: "socks5://127.0.0.1:1" }, async () => {
      const outcome = await openWriter(API, { maxRetries: 2 }).send(ACTION, {});
      assert.equal(describeOutcome(outcome), "refused InvalidConfig");
    });
  });
});

describe("writer: what may have been sent", () => {
  const open = useServers();

  it("is a write whose connection is reset once it was open, also before anything was read", async () => {
    const server = await open(
      serveHttp((request) => {
        request.socket.resetAndDestroy();
      }),
    );
    const outcome = await openWriter(server.url, { maxRetries: 3 }).send(ACTION, {});
    assert.equal(describeOutcome(outcome), "unknown Unavailable");
    assert.equal(server.connections(), 1);
  });

  it("is a write that a plain HTTP proxy took, and cut", async () => {
    const proxy = await open(startHostileProxy((socket) => socket.destroy()));
    await withProxyVariables({ HTTP_PROXY: `http://${proxy.host}` }, async () => {
      const outcome = await openWriter("http://api.invalid", { maxRetries: 3 }).send(ACTION, {});
      assert.equal(describeOutcome(outcome), "unknown Unavailable");
    });
    assert.equal(proxy.received().match(/POST /g)?.length, 1);
  });

  it("is a write that a plain HTTP proxy answers with 502", async () => {
    const proxy = await open(startProxy("http://127.0.0.1:1", { refusal: 502 }));
    await withProxyVariables({ HTTP_PROXY: `http://${proxy.host}` }, async () => {
      const outcome = await openWriter("http://api.invalid", { maxRetries: 3 }).send(ACTION, {});
      assert.equal(describeOutcome(outcome), "unknown Unavailable");
    });
    assert.equal(proxy.asked.length, 1);
  });

  it("is a write that is not answered in time", async () => {
    for (const bytes of ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]) {
      const server = await open(serveBytes(bytes, { isEnding: false }));
      const outcome = await openWriter(server.url, { answerSeconds: 0.05, maxRetries: 3 }).send(ACTION, {});
      assert.equal(describeOutcome(outcome), "unknown Timeout");
      const { message } = (outcome as { error: Error }).error;
      assert.match(
        message,
        /may have taken effect, or not: no complete answer within 0\.05 s\. 1 attempt at/,
      );
      assert.match(message, /Look whether it took effect before it is repeated\.$/);
      assert.doesNotMatch(message, /[Tt]ry again/);
      assert.equal(server.connections(), 1);
    }
  });
});

describe("writer: connections", () => {
  const open = useServers();

  it("are one for each write, and closed after it", async () => {
    const headers: (string | undefined)[] = [];
    const server = await open(
      serveHttp((request, response) => {
        headers.push(request.headers.connection);
        response.end('{"RetCode":0}');
      }),
    );
    const writer = openWriter(server.url);
    for (let i = 0; i < 3; i++) assert.equal((await writer.send(ACTION, {})).kind, "accepted");
    assert.equal(server.connections(), 3);
    assert.deepEqual(headers, ["close", "close", "close"]);
  });

  it("go through a tunnel or a plain proxy where one is set", async () => {
    const server = await open(serveBytes(writeAnswer('{"RetCode":0}')));
    const proxy = await open(startProxy(server.url));
    await withProxyVariables({ HTTP_PROXY: `http://me:s3cret@${proxy.host}` }, async () => {
      const outcome = await openWriter("http://api.invalid").send(ACTION, {});
      assert.equal(outcome.kind, "accepted");
    });
    assert.deepEqual(proxy.asked, ["POST http://api.invalid/"]);
    assert.ok(proxy.authorizations[0]?.startsWith("Basic "));
  });
});

describe("writer: over TLS", () => {
  const join = useTemporaryFolder("writer-");

  it("is accepted by a server whose certificate is trusted, directly and through a tunnel", async function () {
    // Two processes compile the writer.
    this.timeout(60_000);
    const certificate = createCertificate("localhost");
    const file = join("ca.pem");
    writeFileSync(file, certificate.cert);
    const server = createTlsServer(certificate, (request, response) => {
      request.resume().on("end", () => response.end('{"RetCode":0}'));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const proxy = await startProxy(`http://127.0.0.1:${port}`);
    try {
      assert.equal(await sendTrusting(file, `https://localhost:${port}`, {}), "accepted");
      const variables = { HTTPS_PROXY: `http://${proxy.host}` };
      assert.equal(await sendTrusting(file, `https://localhost:${port}`, variables), "accepted");
      assert.deepEqual(proxy.asked, [`CONNECT localhost:${port}`]);
    } finally {
      await proxy.close();
      server.close();
    }
  });
});
