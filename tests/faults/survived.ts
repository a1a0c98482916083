/** Faults of the network and the gateway after which the answer is complete all the same. */
import { startSimulator } from "../../simulator";
import { createSettings } from "../support/simulatedSettings";
import { findClosedPort } from "../support/loopback";
import { countRequests, type FaultCase, SERVICES, simulate } from "./faultCase";

const RETRIED = { requests: countRequests(2) };
/** An answer to a request that was made before may be on its way while these are made. */
const ROUND_TRIPS = 20;

/** The next whole second but one, as HTTP writes dates: from 1 to 2 seconds away. */
const soon = (): string => new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toUTCString();

export const survived: readonly FaultCase[] = [
  {
    name: "connection reset",
    arrange: simulate({ faults: [{ kind: "reset" }] }),
    expected: RETRIED,
  },
  {
    name: "connection refused, then accepted",
    arrange: async (service) => {
      const known = SERVICES[service].createKnownFleet(40);
      const port = await findClosedPort();
      const keys = { publicKey: "late", privateKey: "late-too" };
      let simulator: Awaited<ReturnType<typeof startSimulator>> | undefined;
      return {
        settings: createSettings({ ...keys, url: `http://127.0.0.1:${port}` }, { maxRetries: 6 }),
        known,
        countRequests: () => simulator?.requests.length ?? 0,
        meanwhile: async (roundTrip) => {
          for (let trip = 0; trip < ROUND_TRIPS; trip++) await roundTrip();
          simulator = await startSimulator({ ...keys, fleet: known.fleet, port });
        },
        stop: async () => simulator?.close(),
      };
    },
    expected: { requests: countRequests(1) },
    withinMs: 30_000,
  },
  {
    name: "HTTP 429",
    arrange: simulate({ faults: [{ kind: "status", status: 429 }] }),
    expected: RETRIED,
  },
  {
    name: "HTTP 429 with Retry-After in seconds",
    arrange: simulate({ faults: [{ kind: "status", status: 429, retryAfter: "1" }] }),
    expected: { ...RETRIED, atLeastMs: 1000 },
  },
  {
    name: "HTTP 429 with Retry-After as a date",
    arrange: (service) =>
      simulate({ faults: [{ kind: "status", status: 429, retryAfter: soon() }] })(service),
    expected: { ...RETRIED, atLeastMs: 700 },
  },
  ...[502, 503, 504].map((status): FaultCase => ({
    name: `HTTP ${status}`,
    arrange: simulate({ faults: [{ kind: "status", status, body: "<html><h1>Bad day</h1></html>" }] }),
    expected: RETRIED,
  })),
  ...[110, 130, 150, 153].map((retCode): FaultCase => ({
    name: `RetCode ${retCode}`,
    arrange: simulate({ faults: [{ kind: "retCode", retCode }] }),
    expected: RETRIED,
  })),
  {
    name: "body cut short",
    arrange: simulate({ faults: [{ kind: "cutBody", afterBytes: 100 }] }),
    expected: RETRIED,
  },
  {
    name: "JSON cut short, in an answer that is whole",
    arrange: simulate({ faults: [{ kind: "truncatedJson", keepBytes: 100 }] }),
    expected: RETRIED,
  },
  {
    name: "no body at all, with HTTP 200",
    arrange: simulate({ faults: [{ kind: "raw", body: "" }] }),
    expected: RETRIED,
  },
  {
    name: "slow first byte, within the timeout",
    arrange: simulate({ faults: [{ kind: "latency", ms: 700 }], settings: { maxRetries: 0 } }),
    expected: { requests: countRequests(1), atLeastMs: 700 },
  },
  {
    name: "no answer to the first attempt",
    arrange: simulate({ faults: [{ kind: "hang" }], settings: { timeoutSeconds: 0.5 } }),
    expected: { ...RETRIED, atLeastMs: 500 },
  },
];
