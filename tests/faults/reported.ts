/** Answers that are no answers, and what users are told about them. */
import { type FaultCase, type Refused, simulate, type Simulation } from "./faultCase";

const WAIT = "The API is in trouble; try again in a few minutes.";
const RAISE = "Try again in a few minutes, or raise `timeoutSeconds`.";
const CHECK_URL = "Check `baseUrl`, and that no proxy or login page stands between here and the API.";
const TOO_LARGE = {
  code: "BadResponse",
  what: "the answer is larger than 32 MiB",
  attempts: 1,
  advice: "Check `baseUrl`: the API sends no such answers.",
};
const TEN_GIGABYTES = 10 * 1000 ** 3;
const CHECK_KEYS =
  "Check `publicKey` and `privateKey`: they must belong together and to the brand that `baseUrl` names.";
const KEYS_ORIGIN = " Both keys came from the stack's config or the provider's arguments.";
const ASK_ADMIN = "Ask the account's administrator for the right to list Redis backups.";
const CHECK_BETWEEN =
  "The API refuses with a RetCode, so this may come from a proxy or gateway before it; check `baseUrl` and `HTTPS_PROXY`.";

/** RetCodes and statuses that say who may not do what: asking again would not change that. */
const REFUSALS: readonly [retCode: number, code: string, advice: string][] = [
  [170, "Unauthorized", CHECK_KEYS],
  [171, "Unauthorized", CHECK_KEYS + KEYS_ORIGIN],
  [172, "Unauthorized", CHECK_KEYS + KEYS_ORIGIN],
  [174, "Unauthorized", "Check `securityToken`: it may have expired, or belong to other keys."],
  [293, "Forbidden", "The account has no right to this zone; check `zone` and the project's rights."],
  [294, "Forbidden", "The account does not allow this machine's IP address; add it to the API key's list."],
  [295, "Forbidden", "The account is under a security lock; unlock it in the console."],
  [299, "Forbidden", ASK_ADMIN],
];

const quick = { timeoutSeconds: 0.6, maxRetries: 1 };
const timedOut: Refused = {
  code: "Timeout",
  what: "no complete answer within 0.6 s",
  attempts: 2,
  advice: RAISE,
};
/** Two attempts of 0.6 s, half a second between them, and as much again for the machine. */
const TIMED_OUT_MS = 3400;

/** Faults that last. */
function lasting(
  name: string,
  fault: NonNullable<Simulation["faults"]>[number],
  expected: Refused,
  settings?: object,
): FaultCase {
  const faults = [{ ...fault, times: Infinity }];
  return { name, arrange: simulate({ faults, ...(settings === undefined ? {} : { settings }) }), expected };
}

/** What another try would not mend. */
function garbage(name: string, fault: NonNullable<Simulation["faults"]>[number], what: string): FaultCase {
  return lasting(
    name,
    fault,
    { code: "BadResponse", what, attempts: 1, advice: CHECK_URL },
    { maxRetries: 2 },
  );
}

export const reported: readonly FaultCase[] = [
  { ...lasting("never answering", { kind: "hang" }, timedOut, quick), withinMs: TIMED_OUT_MS },
  {
    ...lasting("headers, and then nothing", { kind: "hang", afterHeaders: true }, timedOut, quick),
    withinMs: TIMED_OUT_MS,
  },
  {
    ...lasting("one byte a second", { kind: "drip", intervalMs: 1000 }, timedOut, quick),
    withinMs: TIMED_OUT_MS,
  },
  {
    ...lasting("body of 10 GB", { kind: "hugeBody", bytes: TEN_GIGABYTES }, TOO_LARGE, { maxRetries: 2 }),
    withinMegabytes: 250,
    withinMs: 10_000,
  },
  {
    ...lasting(
      "body of 10 GB that says so",
      { kind: "hugeBody", bytes: TEN_GIGABYTES, declareLength: true },
      TOO_LARGE,
      { maxRetries: 2 },
    ),
    withinMegabytes: 250,
  },
  garbage("not JSON", { kind: "raw", body: "It works!" }, "the answer is not a JSON object"),
  garbage("a web page with HTTP 200", { kind: "html" }, "the answer is a web page, not JSON"),
  garbage("JSON without RetCode", { kind: "json", body: { DataSet: [] } }, "the answer holds no RetCode"),
  lasting(
    "JSON that always breaks off",
    { kind: "truncatedJson", keepBytes: 60 },
    {
      code: "BadResponse",
      what: "the answer is not valid JSON; it looks cut short",
      attempts: 2,
      advice: "Try again in a few minutes.",
    },
  ),
  lasting(
    "a redirect",
    { kind: "redirect", location: "http://127.0.0.1:1/?Signature=x" },
    {
      code: "BadResponse",
      what: "HTTP 302: the server redirects, and redirects are not followed",
      attempts: 1,
      advice: "Check `baseUrl`: it must be the API itself.",
    },
    { maxRetries: 2 },
  ),
  lasting(
    "HTTP 503 that stays",
    { kind: "status", status: 503 },
    {
      code: "Unavailable",
      what: "HTTP 503",
      attempts: 2,
      advice: WAIT,
    },
  ),
  lasting(
    "HTTP 503, and maxRetries 0",
    { kind: "status", status: 503 },
    { code: "Unavailable", what: "HTTP 503", attempts: 1, advice: WAIT },
    { maxRetries: 0 },
  ),
  lasting(
    "RetCode 153 that stays",
    { kind: "retCode", retCode: 153, message: "Slow down" },
    {
      code: "Throttled",
      what: 'RetCode 153: "Slow down"',
      attempts: 2,
      advice: "The account sends too many requests; try again in a minute, or lower `maxConcurrency`.",
    },
  ),
  lasting(
    "HTTP 429 with a Retry-After of an hour",
    { kind: "status", status: 429, retryAfter: "3600" },
    {
      code: "Throttled",
      what: "HTTP 429",
      attempts: 1,
      advice: "The account sends too many requests; try again in a minute, or lower `maxConcurrency`.",
    },
    { maxRetries: 2 },
  ),
  ...REFUSALS.map(([retCode, code, advice]) =>
    lasting(
      `RetCode ${retCode}`,
      { kind: "retCode", retCode, message: "No" },
      { code, what: `RetCode ${retCode}: "No"`, attempts: 1, advice },
      { maxRetries: 2 },
    ),
  ).map((fault) => ({ ...fault, name: `${fault.name}, which is never asked twice` })),
  ...([401, 403] as const).map((status) =>
    lasting(
      `HTTP ${status}, which is never asked twice`,
      { kind: "status", status },
      {
        code: status === 401 ? "Unauthorized" : "Forbidden",
        what: `HTTP ${status}`,
        attempts: 1,
        advice: CHECK_BETWEEN,
      },
      { maxRetries: 2 },
    ),
  ),
];
