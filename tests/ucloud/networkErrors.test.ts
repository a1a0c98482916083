import assert from "node:assert/strict";
import { explainNetworkError, explainTimeout, type Peers } from "../../provider/ucloud/networkErrors";

const PEERS = { api: "api.example:443 (`baseUrl`)" };
const PROXIED = { ...PEERS, proxy: "the proxy p:1 (HTTPS_PROXY)" };

const withCode = (code: string): Error => Object.assign(new Error("to http://x/?Signature=s"), { code });

describe("explainNetworkError", () => {
  const reasons: [code: string, what: string][] = [
    ["ECONNREFUSED", "the connection was refused (ECONNREFUSED)"],
    ["ECONNRESET", "the connection was reset (ECONNRESET)"],
    ["EPIPE", "the connection was closed (EPIPE)"],
    ["ENOTFOUND", "the host's name is not known (ENOTFOUND)"],
    ["EAI_AGAIN", "the host's name could not be looked up (EAI_AGAIN)"],
    ["EHOSTUNREACH", "the host cannot be reached (EHOSTUNREACH)"],
    ["ENETUNREACH", "the network cannot be reached (ENETUNREACH)"],
    ["ETIMEDOUT", "connecting took too long (ETIMEDOUT)"],
    ["ERR_STREAM_PREMATURE_CLOSE", "the answer was cut short (ERR_STREAM_PREMATURE_CLOSE)"],
    ["EWHATEVER", "the request did not get through (EWHATEVER)"],
  ];
  for (const [code, what] of reasons) {
    it(`says of ${code} that ${what.replace(/ \(.*/, "")}, which is worth a retry`, () => {
      const failure = explainNetworkError(withCode(code), PEERS);
      assert.deepEqual([failure.code, failure.isRetryable, failure.what], ["Unavailable", true, what]);
      assert.equal(failure.isOutage, true);
      assert.match(failure.advice, /`baseUrl`/);
    });
  }

  for (const code of ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL"]) {
    it(`takes ${code} for no outage, as this machine ran out of something`, () => {
      const { isOutage, isRetryable } = explainNetworkError(withCode(code), PEERS);
      assert.deepEqual([isOutage, isRetryable], [false, true]);
    });
  }

  const tlsCodes: [code: string, advice: RegExp][] = [
    ["CERT_HAS_EXPIRED", /clock/],
    ["CERT_NOT_YET_VALID", /clock/],
    ["CERT_UNTRUSTED", /NODE_EXTRA_CA_CERTS/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", /NODE_EXTRA_CA_CERTS/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /NODE_EXTRA_CA_CERTS/],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /NODE_EXTRA_CA_CERTS/],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /NODE_EXTRA_CA_CERTS/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /another host.*`baseUrl`/],
    ["HOSTNAME_MISMATCH", /another host.*`baseUrl`/],
  ];
  for (const [code, advice] of tlsCodes) {
    it(`says of ${code} that the certificate was not accepted, without a retry`, () => {
      const failure = explainNetworkError(withCode(code), PEERS);
      assert.deepEqual([failure.code, failure.isRetryable], ["Unavailable", false]);
      assert.notEqual(failure.isOutage, true);
      assert.match(failure.what, new RegExp(`certificate was not accepted \\(${code}\\)`));
      assert.match(failure.advice, advice);
    });
  }

  for (const code of ["EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER"]) {
    it(`says of ${code} that the server speaks no TLS, without a retry`, () => {
      const failure = explainNetworkError(withCode(code), PEERS);
      assert.deepEqual([failure.code, failure.isRetryable], ["Unavailable", false]);
      assert.notEqual(failure.isOutage, true);
      assert.match(failure.what, /speaks no TLS/);
    });
  }

  it("finds the code in causes, and in the first of several errors", () => {
    const nested = new Error("a", {
      cause: new AggregateError([new Error("b", { cause: withCode("EPIPE") })]),
    });
    assert.match(explainNetworkError(nested, PEERS).what, /\(EPIPE\)/);
  });

  it("shows no message, and nothing that is not a code", () => {
    for (const error of [
      new Error("secret"),
      withCode("no code: secret"),
      "secret",
      null,
      undefined,
      { code: 7 },
    ]) {
      assert.equal(explainNetworkError(error, PEERS).what, "the request did not get through (unknown error)");
    }
  });

  it("ends for an error that is its own cause", () => {
    const error = new Error("a");
    error.cause = error;
    assert.equal(explainNetworkError(error, PEERS).what, "the request did not get through (unknown error)");
  });

  it("names the time limit that ended a request, and the whole route", () => {
    const failure = explainTimeout(1.5, PROXIED);
    assert.deepEqual(
      [failure.code, failure.isRetryable, failure.what, failure.peer],
      ["Timeout", true, "no complete answer within 1.5 s", `${PEERS.api} through ${PROXIED.proxy}`],
    );
    assert.equal(failure.isOutage, true);
  });

  it("does not retry after an answer that is too large", () => {
    const failure = explainNetworkError(Object.assign(new Error("x"), { type: "max-size" }), PEERS);
    assert.deepEqual([failure.code, failure.isRetryable], ["BadResponse", false]);
  });

  const peers: [name: string, code: string, peers: Peers, peer: string][] = [
    ["the API if there is no proxy", "ECONNREFUSED", PEERS, PEERS.api],
    ["the API and the proxy on the way", "ECONNRESET", PROXIED, `${PEERS.api} through ${PROXIED.proxy}`],
    ["the proxy if the error is the proxy's", "PROXY_ECONNREFUSED", PROXIED, PROXIED.proxy],
    [
      "the proxy if all connections go to it",
      "ECONNREFUSED",
      { ...PROXIED, isPlainHttpProxy: true },
      PROXIED.proxy,
    ],
  ];
  for (const [name, code, whom, peer] of peers) {
    it(`names ${name}`, () => assert.equal(explainNetworkError(withCode(code), whom).peer, peer));
  }

  it("tells a proxy that does not answer from an API that does not", () => {
    const { what, advice, isOutage } = explainNetworkError(withCode("PROXY_ECONNREFUSED"), PROXIED);
    assert.equal(isOutage, true);
    assert.equal(what, "the proxy does not answer: the connection was refused (ECONNREFUSED)");
    assert.match(advice, /^Check the proxy settings/);
    assert.doesNotMatch(explainNetworkError(withCode("ECONNREFUSED"), PROXIED).what, /proxy/);
  });

  const refusals: [status: number, isRetryable: boolean, advice: RegExp][] = [
    [407, false, /^The proxy wants a login; check `HTTPS_PROXY`\.$/],
    [403, false, /the proxy lets this machine reach the API/],
    [100, false, /the proxy lets this machine reach the API/],
    [201, false, /the proxy lets this machine reach the API/],
    [502, true, /the proxy lets this machine reach the API/],
  ];
  for (const [status, isRetryable, advice] of refusals) {
    it(`says of a tunnel refused with HTTP ${status} that the proxy refused it, and what to do`, () => {
      const failure = explainNetworkError(withCode(`PROXY_HTTP_${status}`), PROXIED);
      assert.deepEqual(
        [failure.code, failure.isRetryable, failure.what],
        ["Unavailable", isRetryable, `the proxy refused the tunnel with HTTP ${status}`],
      );
      assert.equal(failure.isOutage, status >= 500);
      assert.match(failure.advice, advice);
    });
  }
});
