/** Answers that cannot be used, and the failures that users read. */
import type { BadDelivery, BentReply, WrongReply } from "../../simulator";
import { type FaultCase, type Refused, simulate, TIMED_OUT } from "./faultCase";

const WAIT = "The API is in trouble; try again in a few minutes.";
const CHECK_URL = "Check `baseUrl`, and that no proxy or login page stands between here and the API.";
const CHECK_KEYS =
  "Check `publicKey` and `privateKey`: they must belong together and to the brand that `baseUrl` names.";
const KEYS_ORIGIN = " Both keys came from the stack's config or the provider's arguments.";
const ASK_ADMIN = "Ask the account's administrator for the right to this action.";
const CHECK_BETWEEN =
  "The API refuses with a RetCode, so this may come from a proxy or gateway before it; check `baseUrl` and `HTTPS_PROXY`.";

const tooLarge: Refused = {
  code: "BadResponse",
  what: "the answer is larger than 32 MiB",
  attempts: 1,
  advice: "Check `baseUrl`: the API sends no such answers.",
};
const unavailable: Refused = { code: "Unavailable", what: "HTTP 503", attempts: 2, advice: WAIT };
const throttled: Omit<Refused, "what"> = {
  code: "Throttled",
  attempts: 2,
  advice: "The account sends too many requests; try again in a minute, or lower `maxConcurrency`.",
};
const TEN_GIGABYTES = 10 * 1000 ** 3;

/** A row of the table whose fault hits every request. */
interface LastingCase extends Omit<FaultCase, "arrange"> {
  readonly fault: WrongReply | BentReply | BadDelivery;
  readonly expected: Refused;
  readonly settings?: object;
}

const timeouts = (
  [
    ["never answering", { kind: "hang" }],
    ["headers, and then nothing", { kind: "hang", afterHeaders: true }],
    ["one byte a second", { kind: "drip", intervalMs: 1000 }],
  ] as const
).map(([name, fault]): LastingCase => ({
  name,
  fault,
  expected: TIMED_OUT,
  settings: { timeoutSeconds: 0.6 },
  // Two attempts of 0.6 s, half a second between them, and as much again for a busy machine.
  withinMs: 3400,
}));

/** Answers that a retry would not change. The plugin could retry twice. */
const notRetried = (
  [
    ["not JSON", { kind: "raw", body: "It works!" }, "the answer is not a JSON object"],
    ["a web page with HTTP 200", { kind: "html" }, "the answer is a web page, not JSON"],
    ["JSON without RetCode", { kind: "json", body: { DataSet: [] } }, "the answer holds no RetCode"],
  ] as const
).map(([name, fault, what]): LastingCase => ({
  name,
  fault,
  expected: { code: "BadResponse", what, attempts: 1, advice: CHECK_URL },
  settings: { maxRetries: 2 },
}));

/** RetCodes and HTTP statuses that refuse the account. The plugin could retry twice. */
const refusals = (
  [
    [170, "Unauthorized", CHECK_KEYS],
    [171, "Unauthorized", CHECK_KEYS + KEYS_ORIGIN],
    [172, "Unauthorized", CHECK_KEYS + KEYS_ORIGIN],
    [174, "Unauthorized", "Check `securityToken`: it may have expired, or belong to other keys."],
    [293, "Forbidden", "The account has no right to this zone; check `zone` and the project's rights."],
    [294, "Forbidden", "The account does not allow this machine's IP address; add it to the API key's list."],
    [295, "Forbidden", "The account is under a security lock; unlock it in the console."],
    [299, "Forbidden", ASK_ADMIN],
    [401, "Unauthorized", CHECK_BETWEEN],
    [403, "Forbidden", CHECK_BETWEEN],
  ] as const
).map(([number, code, advice]): LastingCase => {
  const isStatus = number > 400;
  const what = `${isStatus ? "HTTP" : "RetCode"} ${number}`;
  return {
    name: `${what}, never retried`,
    fault: isStatus
      ? { kind: "status", status: number }
      : { kind: "retCode", retCode: number, message: "No" },
    expected: { code, what: isStatus ? what : `${what}: "No"`, attempts: 1, advice },
    settings: { maxRetries: 2 },
  };
});

const cases: readonly LastingCase[] = [
  ...timeouts,
  {
    name: "body of 10 GB",
    fault: { kind: "hugeBody", bytes: TEN_GIGABYTES },
    expected: tooLarge,
    settings: { maxRetries: 2 },
    withinMegabytes: 250,
    withinMs: 10_000,
  },
  {
    name: "body of 10 GB with Content-Length",
    fault: { kind: "hugeBody", bytes: TEN_GIGABYTES, declareLength: true },
    expected: tooLarge,
    settings: { maxRetries: 2 },
    withinMegabytes: 250,
  },
  ...notRetried,
  {
    name: "JSON that is always cut short",
    fault: { kind: "truncatedJson", keepBytes: 60 },
    expected: {
      code: "BadResponse",
      what: "the answer is not valid JSON; it looks cut short",
      attempts: 2,
      advice: "Try again in a few minutes.",
    },
  },
  {
    name: "a redirect",
    fault: { kind: "redirect", location: "http://127.0.0.1:1/?Signature=x" },
    expected: {
      code: "BadResponse",
      what: "HTTP 302: the server redirects, and redirects are not followed",
      attempts: 1,
      advice: "Check `baseUrl`: it must be the API itself.",
    },
    settings: { maxRetries: 2 },
  },
  { name: "HTTP 503 that stays", fault: { kind: "status", status: 503 }, expected: unavailable },
  {
    name: "HTTP 503, and maxRetries 0",
    fault: { kind: "status", status: 503 },
    expected: { ...unavailable, attempts: 1 },
    settings: { maxRetries: 0 },
  },
  {
    name: "RetCode 153 that stays",
    fault: { kind: "retCode", retCode: 153, message: "Slow down" },
    expected: { ...throttled, what: 'RetCode 153: "Slow down"' },
  },
  {
    name: "HTTP 429 with a Retry-After of an hour",
    fault: { kind: "status", status: 429, retryAfter: "3600" },
    expected: { ...throttled, what: "HTTP 429", attempts: 1 },
    settings: { maxRetries: 2 },
  },
  ...refusals,
];

export const reported: readonly FaultCase[] = cases.map(({ fault, settings, ...row }) => ({
  ...row,
  arrange: simulate({ faults: [{ ...fault, times: Infinity }], ...(settings && { settings }) }),
}));
