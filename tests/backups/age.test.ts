import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  describeAge,
  findDurationProblem,
  formatAge,
  formatTime,
  measureAge,
  parseDuration,
  parseTime,
} from "../../provider/backups/age";

const HOUR = 3600;
const DAY = 24 * HOUR;

describe("parseDuration", () => {
  const wellFormed: readonly (readonly [text: string, seconds: number])[] = [
    ["45s", 45],
    ["90m", 90 * 60],
    ["26h", 26 * HOUR],
    ["7d", 7 * DAY],
    ["1w", 7 * DAY],
    ["1d12h", 36 * HOUR],
    ["1w2d3h4m5s", 9 * DAY + 3 * HOUR + 4 * 60 + 5],
    ["1h5s", HOUR + 5],
    ["1.5h", 1.5 * HOUR],
    ["0.5s", 0.5],
    ["0.001s", 0.001],
    ["0d26h", 26 * HOUR],
    ["007d", 7 * DAY],
    ["1d36h", 60 * HOUR],
    ["  26h\n", 26 * HOUR],
    ["36525d", 36525 * DAY],
  ];
  for (const [text, seconds] of wellFormed) {
    it(`reads ${JSON.stringify(text)} as ${seconds} s`, () => assert.equal(parseDuration(text), seconds));
  }

  it("has no dust of binary fractions", () => assert.equal(parseDuration("0.1m0.2s"), 6.2));

  const malformed = [
    "",
    " ",
    "26",
    "h",
    "26 h",
    "1d 12h",
    "12h1d",
    "1m1h",
    "1h1h",
    "1s1s",
    "-1h",
    "+1h",
    "1e3s",
    "1.h",
    ".5h",
    "1.5.5h",
    "1,5h",
    "26H",
    "1M",
    "1y",
    "1ms",
    "0x10s",
    "٣h",
    "one day",
    "26h!",
    "P1D",
    "NaN",
    "Infinitys",
  ];
  for (const text of malformed) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseDuration(text), undefined));
  }

  for (const text of ["0s", "0w0d0h0m0s", "0.0h", "0.0001s"]) {
    it(`refuses ${text}, which is no time at all`, () => assert.equal(parseDuration(text), undefined));
  }

  for (const text of ["36526d", "5300w", `${"9".repeat(400)}s`, `1${"0".repeat(100_000)}`]) {
    it(`refuses ${text.slice(0, 12)}…, which is over 100 years`, () =>
      assert.equal(parseDuration(text), undefined));
  }

  it("reads any of its forms as the sum of its parts", () => {
    const numbers = fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99), fc.nat(99), fc.integer({ min: 1, max: 99 }));
    fc.assert(
      fc.property(numbers, ([w, d, h, m, s]) =>
        assert.equal(
          parseDuration(`${w}w${d}d${h}h${m}m${s}s`),
          w * 7 * DAY + d * DAY + h * HOUR + m * 60 + s,
        ),
      ),
    );
  });

  it("gives nothing or a number above 0, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("0159.wdhms -")) }), (text) => {
        const seconds = parseDuration(text);
        assert.ok(seconds === undefined || (seconds > 0 && Number.isFinite(seconds)));
      }),
    );
  });
});

describe("findDurationProblem", () => {
  for (const text of ["26h", " 7d\n", "0.001s", "36525d"]) {
    it(`has nothing to say of ${JSON.stringify(text)}`, () =>
      assert.equal(findDurationProblem(text), undefined));
  }

  for (const [text, shown] of [
    ["", "``"],
    ["26", "`26`"],
    ["1d 12h", "`1d 12h`"],
    ["-1h", "`-1h`"],
    ["one day", "`one day`"],
    ["1h\u001b[2J", "`1h\uFFFD[2J`"],
  ] as const) {
    it(`shows ${JSON.stringify(text)}, which is malformed, and an example`, () =>
      assert.equal(
        findDurationProblem(text),
        `must be a duration such as 26h, 90m, 7d or 1d12h, not ${shown}`,
      ));
  }

  it("shows the beginning of a long malformed text only", () =>
    assert.ok((findDurationProblem("x".repeat(100_000)) ?? "").length < 200));

  for (const text of ["36526d", "5300w", `${"9".repeat(400)}s`]) {
    it(`says that ${text.slice(0, 12)} is over 100 years`, () =>
      assert.equal(findDurationProblem(text), "must not be longer than 100 years"));
  }

  for (const text of ["0s", "0w0d0h0m0s", "0.0h", "0.0001s", "0.0000001h"]) {
    it(`says that ${text} is no time at all`, () =>
      assert.equal(findDurationProblem(text), "must be longer than 0 seconds"));
  }

  it("finds one of the three problems exactly where parseDuration gives nothing", () => {
    const texts = fc.string({ unit: fc.constantFrom(...Array.from("0159.wdhms -")), maxLength: 12 });
    fc.assert(
      fc.property(texts, (text) => {
        const problem = findDurationProblem(text);
        assert.equal(problem === undefined, parseDuration(text) !== undefined);
        if (problem !== undefined) assert.match(problem, /^must (be a duration|be longer|not be longer)/);
      }),
    );
  });
});

describe("formatAge", () => {
  const cases: readonly (readonly [seconds: number, text: string])[] = [
    [0, "0s"],
    [-5, "0s"],
    [0.9, "0s"],
    [45, "45s"],
    [59.99, "59s"],
    [60, "1m"],
    [61, "1m 1s"],
    [750, "12m 30s"],
    [HOUR - 1, "59m 59s"],
    [HOUR, "1h"],
    [HOUR + 59, "1h"],
    [26 * HOUR + 5 * 60 + 59, "26h 5m"],
    [2 * DAY - 1, "47h 59m"],
    [2 * DAY, "2d"],
    [2 * DAY + HOUR - 1, "2d"],
    [3 * DAY + 4 * HOUR, "3d 4h"],
    [400 * DAY, "400d"],
  ];
  for (const [seconds, text] of cases) {
    it(`writes ${seconds} s as ${text}`, () => assert.equal(formatAge(seconds), text));
  }

  const beyond: readonly (readonly [seconds: number, limit: number, text: string])[] = [
    [6 * DAY + 57 * 60, 6 * DAY, "6d 0h 57m"],
    [6 * DAY + 57 * 60 + 9, 6 * DAY, "6d 0h 57m"],
    [6 * DAY + 9, 6 * DAY, "6d 0h 0m 9s"],
    [6 * DAY + 2 * HOUR + 60, 6 * DAY + 2 * HOUR, "6d 2h 1m"],
    [6 * DAY + 3 * HOUR, 6 * DAY, "6d 3h"],
    [7 * DAY, 6 * DAY, "7d"],
    [26 * HOUR + 30, 26 * HOUR, "26h 0m 30s"],
    [26 * HOUR + 60, 26 * HOUR, "26h 1m"],
    [61, 60, "1m 1s"],
    [1, 0.5, "1s"],
    [26 * HOUR + 1, 26 * HOUR + 0.5, "26h 0m 1s"],
  ];
  for (const [seconds, limit, text] of beyond) {
    it(`writes ${seconds} s as ${text} where ${limit} s are allowed`, () =>
      assert.equal(formatAge(seconds, limit), text));
  }

  it("adds no units to a duration within the limit", () => {
    assert.equal(formatAge(26 * HOUR + 30, 26 * HOUR + 30), "26h");
    assert.equal(formatAge(6 * DAY + 57 * 60, 7 * DAY), "6d");
  });

  it("never writes a duration above the limit as one within it", () => {
    const seconds = { d: DAY, h: HOUR, m: 60, s: 1 };
    const read = (text: string): number =>
      text
        .split(" ")
        .reduce((sum, part) => sum + parseInt(part, 10) * seconds[part.slice(-1) as keyof typeof seconds], 0);
    fc.assert(
      fc.property(fc.nat(10 * DAY), fc.nat(DAY), (limit, excess) => {
        const whole = limit + excess + 1;
        const shown = read(formatAge(whole, limit));
        assert.ok(shown > limit && shown <= whole);
      }),
    );
  });
});

describe("parseTime", () => {
  const wellFormed: readonly (readonly [text: string, ms: number])[] = [
    ["1970-01-01T00:00:00Z", 0],
    ["2026-01-31T00:00:00Z", Date.UTC(2026, 0, 31)],
    ["2026-01-31t12:34:56z", Date.UTC(2026, 0, 31, 12, 34, 56)],
    ["2026-01-31T12:34:56+08:00", Date.UTC(2026, 0, 31, 4, 34, 56)],
    ["2026-01-31T12:34:56-05:30", Date.UTC(2026, 0, 31, 18, 4, 56)],
    ["2026-01-31T12:34:56-00:00", Date.UTC(2026, 0, 31, 12, 34, 56)],
    ["2026-01-31T23:59:59.25Z", Date.UTC(2026, 0, 31, 23, 59, 59, 250)],
    ["2026-01-31T23:59:59.123456789Z", Date.UTC(2026, 0, 31, 23, 59, 59, 124)],
    ["2026-01-31T23:59:59.123000000Z", Date.UTC(2026, 0, 31, 23, 59, 59, 123)],
    ["2026-01-31T23:59:59.9999Z", Date.UTC(2026, 1, 1)],
    ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
    ["0099-01-01T00:00:00Z", -59_042_995_200_000],
    ["9999-12-31T23:59:59Z", 253_402_300_799_000],
  ];
  for (const [text, ms] of wellFormed) {
    it(`reads ${text}`, () => assert.equal(parseTime(text), ms));
  }

  const malformed = [
    "",
    "now",
    "2026",
    "2026-01-31",
    "2026-01-31T00:00:00",
    "2026-01-31T00:00Z",
    "2026-01-31 00:00:00Z",
    "20260131T000000Z",
    "2026-1-31T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-02-31T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-13-10T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-32T00:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T00:60:00Z",
    "2026-01-31T23:59:60Z",
    "2026-01-31T00:00:00.Z",
    "2026-01-31T00:00:00+8:00",
    "2026-01-31T00:00:00+0800",
    "2026-01-31T00:00:00+24:00",
    "2026-01-31T00:00:00+08:60",
    "2026-01-31T00:00:00ZZ",
    " 2026-01-31T00:00:00Z",
    "2026-01-31T00:00:00Z\n",
    "+002026-01-31T00:00:00Z",
    "２０２６-01-31T00:00:00Z",
    "1769817600",
    "Sat, 31 Jan 2026 00:00:00 GMT",
  ];
  for (const text of malformed) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseTime(text), undefined));
  }

  it("reads back every time that JavaScript writes", () => {
    const dates = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(fc.property(dates, (date) => assert.equal(parseTime(date.toISOString()), date.getTime())));
  });
});

describe("formatTime", () => {
  const cases: readonly (readonly [seconds: number | undefined, text: string | undefined])[] = [
    [1_529_912_363, "2018-06-25T07:39:23.000Z"],
    [1, "1970-01-01T00:00:01.000Z"],
    [253_402_300_799, "9999-12-31T23:59:59.000Z"],
    [253_402_300_800, undefined],
    [Number.MAX_SAFE_INTEGER, undefined],
    [0, undefined],
    [-1, undefined],
    [undefined, undefined],
  ];
  for (const [seconds, text] of cases) {
    it(`writes ${String(seconds)} as ${String(text)}`, () => assert.equal(formatTime(seconds), text));
  }
});

describe("measureAge", () => {
  const now = Date.UTC(2026, 0, 31, 12);
  const cases: readonly (readonly [createdAt: string | undefined, age: object, words: string])[] = [
    ["2026-01-31T11:59:15.000Z", { ageSeconds: 45, isInFuture: false }, "45s ago"],
    ["2026-01-31T11:59:14.001Z", { ageSeconds: 45, isInFuture: false }, "45s ago"],
    ["2026-01-31T12:00:00.000Z", { ageSeconds: 0, isInFuture: false }, "0s ago"],
    ["2026-01-31T13:00:00.000Z", { ageSeconds: 0, isInFuture: false }, "0s ago"],
    ["2026-01-31T13:00:00.001Z", { ageSeconds: 0, isInFuture: true }, "in the future"],
    [undefined, { isInFuture: false }, "at an unknown time"],
    ["yesterday", { isInFuture: false }, "at an unknown time"],
  ];
  for (const [createdAt, age, words] of cases) {
    it(`takes ${String(createdAt)} as made ${words}`, () => {
      assert.deepEqual(measureAge(createdAt, now), age);
      assert.equal(describeAge(measureAge(createdAt, now)), words);
    });
  }

  it("is described as precisely as it takes to see that it is above a limit", () => {
    const age = measureAge("2026-01-30T09:59:30.000Z", now);
    assert.equal(describeAge(age), "26h ago");
    assert.equal(describeAge(age, 26 * HOUR), "26h 0m 30s ago");
    assert.equal(describeAge({ ageSeconds: 6 * DAY + 57 * 60, isInFuture: false }, 6 * DAY), "6d 0h 57m ago");
    assert.equal(describeAge(measureAge(undefined, now), 1), "at an unknown time");
    assert.equal(describeAge(measureAge("2027-01-01T00:00:00.000Z", now), 1), "in the future");
  });
});
