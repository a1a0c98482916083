import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Failure } from "../../provider/ucloud/failures";
import {
  decideRetry,
  FIRST_BACKOFF_MS,
  MAX_BACKOFF_MS,
  MAX_RETRY_AFTER_MS,
  readRetryAfter,
} from "../../provider/ucloud/retry";

const failure: Failure = { code: "Unavailable", isRetryable: true, what: "it broke", advice: "Wait." };

describe("decideRetry", () => {
  const cases: [
    name: string,
    options: Partial<Parameters<typeof decideRetry>[0]>,
    delayMs: number | undefined,
  ][] = [
    ["immediately if chance is 0", { chance: 0 }, 0],
    ["after up to half a second at first", { chance: 0.999 }, 499],
    ["after up to a second next", { attempt: 2, chance: 0.5 }, 500],
    ["after up to two seconds next", { attempt: 3, chance: 0.5 }, 1000],
    ["after up to 20 seconds at last", { attempt: 10, maxRetries: 10, chance: 0.5 }, 10_000],
    ["not with maxRetries 0", { maxRetries: 0 }, undefined],
    ["not after maxRetries", { attempt: 4, maxRetries: 3 }, undefined],
    ["for the last time as maxRetries", { attempt: 3, maxRetries: 3, chance: 0 }, 0],
    ["not after a final failure", { failure: { ...failure, isRetryable: false } }, undefined],
    ["after Retry-After, plus jitter", { failure: { ...failure, retryAfterMs: 5000 }, chance: 0.5 }, 5250],
    ["after a Retry-After of 0", { failure: { ...failure, retryAfterMs: 0 }, chance: 0.5 }, 250],
    ["after a minute", { failure: { ...failure, retryAfterMs: 60_000 }, chance: 0 }, 60_000],
    ["not after more than a minute", { failure: { ...failure, retryAfterMs: 60_001 } }, undefined],
  ];
  for (const [name, options, delayMs] of cases) {
    it(`retries ${name}`, () => {
      assert.equal(decideRetry({ failure, attempt: 1, maxRetries: 3, chance: 0.5, ...options }), delayMs);
    });
  }

  it("always waits a whole number of milliseconds within its bounds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: MAX_RETRY_AFTER_MS }), { nil: undefined }),
        (attempt, chance, retryAfterMs) => {
          const asked = retryAfterMs === undefined ? failure : { ...failure, retryAfterMs };
          const delayMs = decideRetry({ failure: asked, attempt, maxRetries: 11, chance }) ?? -1;
          const longest = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
          assert.ok(Number.isInteger(delayMs));
          assert.ok(delayMs >= (retryAfterMs ?? 0) && delayMs < (retryAfterMs ?? 0) + longest);
        },
      ),
    );
  });
});

describe("readRetryAfter", () => {
  const nowMs = Date.parse("2026-01-02T03:04:05Z");
  const cases: [delayMs: number | undefined, headers: (string | null)[]][] = [
    [0, ["0", "Fri, 02 Jan 2026 03:04:00 GMT"]],
    [1, ["0.0001"]],
    [1500, ["1.5"]],
    [7000, ["7", " 7 "]],
    [10_000, ["Fri, 02 Jan 2026 03:04:15 GMT", "Friday, 02-Jan-26 03:04:15 GMT"]],
    [120_000, ["120"]],
    [99_999_999_999_000, ["99999999999"]],
    [undefined, [null, "", "-5", "soon", "7 seconds", "1e3", "0x10", "2026-01-02"]],
    [undefined, ["Fri, 99 Foo 2026 03:04:15 GMT"]],
  ];
  for (const [delayMs, headers] of cases) {
    for (const header of headers) {
      it(`reads ${JSON.stringify(header)} as ${delayMs === undefined ? "nothing" : `${delayMs} ms`}`, () => {
        assert.equal(readRetryAfter(header, nowMs), delayMs);
      });
    }
  }
});
