/** Faults of the network and the gateway after which the answer is complete. */
import { type Fault, startSimulator } from "../../simulator";
import { findClosedPort } from "../support/loopback";
import { createSettings } from "../support/simulatedSettings";
import {
  type Answered,
  type Arrangement,
  countRequests,
  type FaultCase,
  type Service,
  SERVICES,
  simulate,
} from "./faultCase";

/** The expectation after one retry. */
const RETRIED = { requests: countRequests(2) };
/** While the plugin answers so many other calls, it has tried to connect for an earlier one. */
const ROUND_TRIPS = 20;

/** Returns a case with a fault that hits one request. */
function once(name: string, { atLeastMs, ...fault }: Fault & Pick<Answered, "atLeastMs">): FaultCase {
  const expected = { ...RETRIED, ...(atLeastMs !== undefined && { atLeastMs }) };
  return { name, arrange: simulate({ faults: [fault] }), expected };
}

/** Returns the next whole second but one, in the form of HTTP dates: 1 to 2 seconds from now. */
function nextSecond(): string {
  return new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toUTCString();
}

/** Arranges a simulator that starts only after the first attempt to connect. */
async function startLate(service: Service): Promise<Arrangement> {
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
}

export const survived: readonly FaultCase[] = [
  once("connection reset", { kind: "reset" }),
  {
    name: "connection refused, then accepted",
    arrange: startLate,
    expected: { requests: countRequests(1) },
    withinMs: 30_000,
  },
  once("HTTP 429", { kind: "status", status: 429 }),
  once("HTTP 429 with Retry-After in seconds", {
    kind: "status",
    status: 429,
    retryAfter: "1",
    atLeastMs: 1000,
  }),
  {
    name: "HTTP 429 with Retry-After as a date",
    arrange: (service) =>
      simulate({ faults: [{ kind: "status", status: 429, retryAfter: nextSecond() }] })(service),
    expected: { ...RETRIED, atLeastMs: 700 },
  },
  ...[502, 503, 504].map((status) =>
    once(`HTTP ${status}`, { kind: "status", status, body: "<html><h1>Bad day</h1></html>" }),
  ),
  ...[110, 130, 150, 153].map((retCode) => once(`RetCode ${retCode}`, { kind: "retCode", retCode })),
  once("body cut short", { kind: "cutBody", afterBytes: 100 }),
  once("JSON cut short in a complete answer", { kind: "truncatedJson", keepBytes: 100 }),
  once("no body at all, with HTTP 200", { kind: "raw", body: "" }),
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
