/** Servers that cannot be reached or must not be trusted, and the failures that users read. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Simulator } from "../../simulator";
import { type Certificate, createCertificate } from "../support/certificate";
import { findClosedPort, serveBytes } from "../support/loopback";
import { startProxy } from "../support/proxy";
import {
  type Arrangement,
  type FaultCase,
  type Refused,
  type Service,
  SERVICES,
  simulate,
  TIMED_OUT,
} from "./faultCase";

const CHECK_NETWORK = "Check the network between here and the API, `baseUrl` and the proxy settings.";
const CHECK_PROXY =
  "Check the proxy settings (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), and that the proxy lets this machine reach the API.";
/** Faults that a retry would not change get two retries, and must not use them. */
const settings = { maxRetries: 2 };

/** The expectation of a failure to connect. */
function unavailable(what: string, { attempts, advice }: Pick<Refused, "attempts" | "advice">): Refused {
  return { code: "Unavailable", what, attempts, advice };
}

const certificates = (
  [
    [
      "self-signed certificate",
      simulateTls(createCertificate("127.0.0.1"), { isTrusted: false }),
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "Check `baseUrl`; if your company inspects TLS traffic, name its CA in NODE_EXTRA_CA_CERTS.",
    ],
    [
      "expired certificate",
      simulateTls(createCertificate("127.0.0.1", new Date(Date.now() - 3600_000))),
      "CERT_HAS_EXPIRED",
      "It has expired: check this machine's clock, and tell whoever runs the server or proxy.",
    ],
    [
      "certificate of another host",
      simulateTls(createCertificate("other.example")),
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "It belongs to another host: check `baseUrl` and `HTTPS_PROXY`.",
    ],
  ] as const
).map(([name, arrange, code, advice]): FaultCase => {
  const what = `the server's TLS certificate was not accepted (${code})`;
  return { name: `TLS: ${name}`, arrange, expected: unavailable(what, { attempts: 1, advice }) };
});

const logins = (["HTTPS_PROXY", "HTTP_PROXY"] as const).map((variable): FaultCase => ({
  name: `proxy that demands a login (407), by ${variable}`,
  arrange: arrangeProxy(variable, 407),
  expected: unavailable(
    variable === "HTTPS_PROXY" ? "the proxy refused the tunnel with HTTP 407" : "HTTP 407",
    { attempts: 1, advice: "The proxy wants a login; check `HTTPS_PROXY`." },
  ),
}));

export const unreachable: readonly FaultCase[] = [
  ...certificates,
  {
    name: "TLS: server without TLS",
    arrange: async (service) => {
      const baseUrl = (simulator: Simulator): string => simulator.url.replace("http:", "https:");
      return { ...(await simulate({ settings, baseUrl })(service)), countRequests: undefined };
    },
    expected: unavailable("the server speaks no TLS that this machine understands (EPROTO)", {
      attempts: 1,
      advice: "Check `baseUrl` and `HTTPS_PROXY`: https:// needs a server with TLS.",
    }),
  },
  {
    name: "connection refused",
    arrange: async (service) =>
      arrangeNobody(service, { baseUrl: `http://127.0.0.1:${await findClosedPort()}` }),
    expected: unavailable("the connection was refused (ECONNREFUSED)", {
      attempts: 2,
      advice: CHECK_NETWORK,
    }),
  },
  {
    name: "host name that does not exist",
    only: "uredis",
    arrange: (service) => {
      const env = { RES_OPTIONS: "timeout:1 attempts:1" };
      return Promise.resolve(arrangeNobody(service, { baseUrl: "http://api.ucloud.invalid", env }));
    },
    expected: unavailable("the host's name is not known (ENOTFOUND)", { attempts: 2, advice: CHECK_NETWORK }),
    // The error of a machine without a name server.
    or: "the host's name could not be looked up (EAI_AGAIN)",
    withinMs: 10_000,
  },
  {
    name: "proxy that refuses the connection (403)",
    arrange: arrangeProxy("HTTPS_PROXY", 403),
    expected: unavailable("the proxy refused the tunnel with HTTP 403", { attempts: 1, advice: CHECK_PROXY }),
  },
  ...logins,
  {
    name: "proxy that does not run",
    arrange: async (service) =>
      arrangeNobody(service, { env: { HTTPS_PROXY: `http://127.0.0.1:${await findClosedPort()}` } }),
    expected: unavailable("the proxy does not answer: the connection was refused (ECONNREFUSED)", {
      attempts: 2,
      advice: CHECK_PROXY,
    }),
  },
  {
    name: "proxy that never answers",
    arrange: async (service) => {
      const proxy = await serveBytes("", { isEnding: false });
      return {
        ...arrangeNobody(service, { env: { HTTPS_PROXY: proxy.url }, timeoutSeconds: 0.6 }),
        countRequests: proxy.connections,
        stop: () => proxy.close(),
      };
    },
    expected: TIMED_OUT,
  },
];

/** Returns a function that starts a simulator with this certificate. */
function simulateTls(tls: Certificate, { isTrusted = true } = {}): FaultCase["arrange"] {
  return async (service) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ca-"));
    const file = path.join(folder, "ca.pem");
    fs.writeFileSync(file, tls.cert);
    const env: Record<string, string> = isTrusted ? { NODE_EXTRA_CA_CERTS: file } : {};
    const arrangement = await simulate({ options: { tls }, settings, env })(service);
    return {
      ...arrangement,
      countRequests: undefined,
      stop: async () => {
        await arrangement.stop();
        fs.rmSync(folder, { recursive: true });
      },
    };
  };
}

/** Returns a function that starts a proxy which refuses every request with this status. */
function arrangeProxy(variable: "HTTPS_PROXY" | "HTTP_PROXY", status: number): FaultCase["arrange"] {
  return async (service) => {
    const proxy = await startProxy("http://127.0.0.1:1", { refusal: status });
    const scheme = variable === "HTTPS_PROXY" ? "https" : "http";
    return {
      ...arrangeNobody(service, {
        baseUrl: `${scheme}://api.ucloud.invalid`,
        env: { [variable]: `http://me:s3cret@${proxy.host}` },
        ...settings,
      }),
      countRequests: () => proxy.asked.length,
      stop: () => proxy.close(),
    };
  };
}

/** Arranges a plugin that calls a URL without an API behind it. */
function arrangeNobody(
  service: Service,
  {
    env,
    ...more
  }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly baseUrl?: string;
    readonly maxRetries?: number;
    readonly timeoutSeconds?: number;
  },
): Arrangement {
  const { source } = SERVICES[service].createKnownFleet(1);
  const keys = { publicKey: "nobody", privateKey: "nobody-either", region: "cn-bj2" };
  const defaults = { baseUrl: "https://api.ucloud.invalid", maxRetries: 1, timeoutSeconds: 5 };
  return {
    settings: { ...keys, ...defaults, ...more },
    known: { source, backupIds: [], usableIds: [], newerIds: [] },
    ...(env && { env }),
    stop: () => Promise.resolve(),
  };
}
