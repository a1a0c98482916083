/** Servers that cannot be reached, or must not be trusted, and what users are told about them. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Simulator } from "../../simulator";
import { type Certificate, createCertificate } from "../simulator/certificate";
import { findClosedPort, serveBytes } from "../support/loopback";
import { startProxy } from "../support/proxy";
import { type FaultCase, type Refused, type Service, SERVICES, simulate } from "./faultCase";

const CHECK_NETWORK = "Check the network between here and the API, `baseUrl` and the proxy settings.";
const CHECK_PROXY =
  "Check the proxy settings (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), and that the proxy lets this machine reach the API.";
const settings = { maxRetries: 2 };

/** Nothing is asked of the API where no connection to it comes about. */
function refused(code: string, what: string, attempts: number, advice: string): Refused {
  return { code, what, attempts, advice };
}

export const unreachable: readonly FaultCase[] = [
  {
    name: "TLS: self-signed certificate",
    arrange: simulateTls(createCertificate("127.0.0.1"), { isTrusted: false }),
    expected: refused(
      "Unavailable",
      "the server's TLS certificate was not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)",
      1,
      "Check `baseUrl`; if your company inspects TLS traffic, name its CA in NODE_EXTRA_CA_CERTS.",
    ),
  },
  {
    name: "TLS: expired certificate",
    arrange: simulateTls(createCertificate("127.0.0.1", new Date(Date.now() - 3600_000)), {
      isTrusted: true,
    }),
    expected: refused(
      "Unavailable",
      "the server's TLS certificate was not accepted (CERT_HAS_EXPIRED)",
      1,
      "It has expired: check this machine's clock, and tell whoever runs the server or proxy.",
    ),
  },
  {
    name: "TLS: certificate of another host",
    arrange: simulateTls(createCertificate("other.example"), { isTrusted: true }),
    expected: refused(
      "Unavailable",
      "the server's TLS certificate was not accepted (ERR_TLS_CERT_ALTNAME_INVALID)",
      1,
      "It belongs to another host: check `baseUrl` and `HTTPS_PROXY`.",
    ),
  },
  {
    name: "TLS: server without TLS",
    arrange: async (service) => {
      const baseUrl = (simulator: Simulator): string => simulator.url.replace("http:", "https:");
      return { ...(await simulate({ settings, baseUrl })(service)), countRequests: undefined };
    },
    expected: refused(
      "Unavailable",
      "the server speaks no TLS that this machine understands (EPROTO)",
      1,
      "Check `baseUrl` and `HTTPS_PROXY`: https:// needs a server with TLS.",
    ),
  },
  {
    name: "connection refused",
    arrange: async (service) => arrangeNobody(service, `http://127.0.0.1:${await findClosedPort()}`),
    expected: refused("Unavailable", "the connection was refused (ECONNREFUSED)", 2, CHECK_NETWORK),
  },
  {
    name: "host name that does not exist",
    only: "uredis",
    arrange: (service) =>
      Promise.resolve(
        arrangeNobody(service, "http://api.ucloud.invalid", { RES_OPTIONS: "timeout:1 attempts:1" }),
      ),
    expected: refused("Unavailable", "the host's name is not known (ENOTFOUND)", 2, CHECK_NETWORK),
    // How a machine without a name server says it.
    or: "the host's name could not be looked up (EAI_AGAIN)",
    withinMs: 10_000,
  },
  {
    name: "proxy that refuses the connection (403)",
    arrange: arrangeProxy("HTTPS_PROXY", 403),
    expected: refused("Unavailable", "the proxy refused the tunnel with HTTP 403", 1, CHECK_PROXY),
  },
  ...(["HTTPS_PROXY", "HTTP_PROXY"] as const).map((variable): FaultCase => ({
    name: `proxy that wants a login (407), by ${variable}`,
    arrange: arrangeProxy(variable, 407),
    expected: refused(
      "Unavailable",
      variable === "HTTPS_PROXY" ? "the proxy refused the tunnel with HTTP 407" : "HTTP 407",
      1,
      "The proxy wants a login; check `HTTPS_PROXY`.",
    ),
  })),
  {
    name: "proxy that is not there",
    arrange: async (service) =>
      arrangeNobody(service, "https://api.ucloud.invalid", {
        HTTPS_PROXY: `http://127.0.0.1:${await findClosedPort()}`,
      }),
    expected: refused(
      "Unavailable",
      "the proxy does not answer: the connection was refused (ECONNREFUSED)",
      2,
      CHECK_PROXY,
    ),
  },
  {
    name: "proxy that never answers",
    arrange: async (service) => {
      const proxy = await serveBytes("", { isEnding: false });
      const nobody = arrangeNobody(service, "https://api.ucloud.invalid", { HTTPS_PROXY: proxy.url });
      return {
        ...nobody,
        settings: { ...nobody.settings, timeoutSeconds: 0.6 },
        countRequests: proxy.connections,
        stop: () => proxy.close(),
      };
    },
    expected: refused(
      "Timeout",
      "no complete answer within 0.6 s",
      2,
      "Try again in a few minutes, or raise `timeoutSeconds`.",
    ),
  },
];

/** A simulator with a certificate that the plugin trusts, or does not. */
function simulateTls(tls: Certificate, { isTrusted }: { isTrusted: boolean }): FaultCase["arrange"] {
  return async (service) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ca-"));
    const file = path.join(folder, "ca.pem");
    fs.writeFileSync(file, tls.cert);
    const arrangement = await simulate({
      options: { tls },
      settings,
      env: isTrusted ? { NODE_EXTRA_CA_CERTS: file } : {},
    })(service);
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

function arrangeProxy(variable: "HTTPS_PROXY" | "HTTP_PROXY", status: number): FaultCase["arrange"] {
  return async (service) => {
    const proxy = await startProxy("http://127.0.0.1:1", { refusal: status });
    const scheme = variable === "HTTPS_PROXY" ? "https" : "http";
    const nobody = arrangeNobody(service, `${scheme}://api.ucloud.invalid`, {
      [variable]: `http://me:s3cret@${proxy.host}`,
    });
    return {
      ...nobody,
      settings: { ...nobody.settings, maxRetries: 2 },
      countRequests: () => proxy.asked.length,
      stop: () => proxy.close(),
    };
  };
}

function arrangeNobody(
  service: Service,
  baseUrl: string,
  env?: Readonly<Record<string, string>>,
): Awaited<ReturnType<FaultCase["arrange"]>> {
  const { source } = SERVICES[service].createKnownFleet(1);
  const keys = { publicKey: "nobody", privateKey: "nobody-either", region: "cn-bj2" };
  return {
    settings: { ...keys, baseUrl, maxRetries: 1, timeoutSeconds: 5 },
    known: { source, backupIds: [], usableIds: [], newerIds: [] },
    ...(env === undefined ? {} : { env }),
    stop: () => Promise.resolve(),
  };
}
