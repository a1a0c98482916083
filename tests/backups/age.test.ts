import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  describeTime,
  findDurationProblem,
  formatAge,
  formatTime,
  measureAge,
  parseDuration,
  parseTime,
} from "../../provider/backups/age";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

describe("parseDuration", () => {
  const wellFormed: readonly (readonly [text: string, seconds: number])[] = [
    ["45s", 45],
    ["90m", 90 * MINUTE],
    ["26h", 26 * HOUR],
    ["7d", 7 * DAY],
    ["1w", 7 * DAY],
    ["1d12h", 36 * HOUR],
    ["1w2d3h4m5s", 9 * DAY + 3 * HOUR + 4 * MINUTE + 5],
    ["1h5s", HOUR + 5],
    ["1.5h", 1.5 * HOUR],
    ["0.5s", 0.5],
    ["0.001s", 0.001],
    ["0.1m0.2s", 6.2],
    ["0d26h", 26 * HOUR],
    ["007d", 7 * DAY],
    ["1d36h", 60 * HOUR],
    ["  26h\n", 26 * HOUR],
    ["36525d", 36525 * DAY],
  ];
  for (const [text, seconds] of wellFormed) {
    it(`reads ${JSON.stringify(text)} as ${seconds} s`, () => {
      assert.equal(parseDuration(text), seconds);
      assert.equal(findDurationProblem(text), undefined);
    });
  }

  const separated =
    "26,h,26 h,1d 12h,12h1d,1m1h,1h1h,1s1s,-1h,+1h,1e3s,1.h,.5h,1.5.5h,26H,1M,1y,1ms,0x10s,٣h,one day,26h!,P1D";
  const malformed = ["", " ", "1,5h", "NaN", "Infinitys", ...separated.split(",")];
  for (const text of malformed) {
    it(`refuses ${JSON.stringify(text)}, and shows it beside an example`, () => {
      assert.equal(parseDuration(text), undefined);
      const problem = `must be a duration such as 26h, 90m, 7d or 1d12h, not \`${text}\``;
      assert.equal(findDurationProblem(text), problem);
    });
  }

  it("shows a malformed text in printable characters, and only the start of a long one", () => {
    assert.match(findDurationProblem("1h\u001b[2J") ?? "", /, not `1h\uFFFD\[2J`$/);
    assert.ok((findDurationProblem("x".repeat(100_000)) ?? "").length < 200);
  });

  for (const text of ["0s", "0w0d0h0m0s", "0.0h", "0.0001s", "0.0000001h"]) {
    it(`refuses ${text} as too short`, () => {
      assert.equal(parseDuration(text), undefined);
      assert.equal(findDurationProblem(text), "must be longer than 0 seconds");
    });
  }

  for (const text of ["36526d", "5300w", `${"9".repeat(400)}s`, `1${"0".repeat(100_000)}s`]) {
    it(`refuses ${text.slice(0, 12)} as longer than 100 years`, () => {
      assert.equal(parseDuration(text), undefined);
      assert.equal(findDurationProblem(text), "must not be longer than 100 years");
    });
  }

  it("reads a text with all units as the sum of its parts", () => {
    const numbers = fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99), fc.nat(99), fc.integer({ min: 1, max: 99 }));
    fc.assert(
      fc.property(numbers, ([w, d, h, m, s]) =>
        assert.equal(
          parseDuration(`${w}w${d}d${h}h${m}m${s}s`),
          w * 7 * DAY + d * DAY + h * HOUR + m * MINUTE + s,
        ),
      ),
    );
  });

  it("returns a number above 0, or nothing and one of the three problems, whatever the text", () => {
    const texts = fc.string({ unit: fc.constantFrom(...Array.from("0159.wdhms -")) });
    fc.assert(
      fc.property(texts, (text) => {
        const seconds = parseDuration(text);
        const problem = findDurationProblem(text);
        assert.equal(problem === undefined, seconds !== undefined);
        if (seconds !== undefined) assert.ok(seconds > 0 && Number.isFinite(seconds));
        if (problem !== undefined) assert.match(problem, /^must (be a duration|be longer|not be longer)/);
      }),
    );
  });
});

describe("formatAge", () => {
  const cases: readonly (readonly [seconds: number, text: string, limit?: number])[] = [
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
    [26 * HOUR + 5 * MINUTE + 59, "26h 5m"],
    [2 * DAY - 1, "47h 59m"],
    [2 * DAY, "2d"],
    [2 * DAY + HOUR - 1, "2d"],
    [3 * DAY + 4 * HOUR, "3d 4h"],
    [400 * DAY, "400d"],
    [6 * DAY + 57 * MINUTE, "6d 0h 57m", 6 * DAY],
    [6 * DAY + 57 * MINUTE + 9, "6d 0h 57m", 6 * DAY],
    [6 * DAY + 9, "6d 0h 0m 9s", 6 * DAY],
    [6 * DAY + 2 * HOUR + 60, "6d 2h 1m", 6 * DAY + 2 * HOUR],
    [6 * DAY + 3 * HOUR, "6d 3h", 6 * DAY],
    [7 * DAY, "7d", 6 * DAY],
    [26 * HOUR + 30, "26h 0m 30s", 26 * HOUR],
    [26 * HOUR + 60, "26h 1m", 26 * HOUR],
    [61, "1m 1s", 60],
    [1, "1s", 0.5],
    [26 * HOUR + 1, "26h 0m 1s", 26 * HOUR + 0.5],
    [26 * HOUR + 30, "26h", 26 * HOUR + 30],
    [6 * DAY + 57 * MINUTE, "6d", 7 * DAY],
  ];
  for (const [seconds, text, limit] of cases) {
    it(`writes ${seconds} s as ${text}${limit === undefined ? "" : ` with a limit of ${limit} s`}`, () =>
      assert.equal(formatAge(seconds, limit), text));
  }

  it("never writes a duration above the limit as one within it", () => {
    const seconds = { d: DAY, h: HOUR, m: MINUTE, s: 1 };
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

  const days = "2026-02-29,2026-02-31,2026-04-31,2026-00-10,2026-13-10,2026-01-00,2026-01-32,2026-1-31";
  const clocks = "24:00:00Z,00:60:00Z,23:59:60Z,00:00:00.Z,00:00Z,00:00:00,00:00:00ZZ,00:00:00Z\n";
  const zones = "+8:00,+0800,+24:00,+08:60";
  const malformed = [
    ...days.split(",").map((day) => `${day}T00:00:00Z`),
    ...clocks.split(",").map((clock) => `2026-01-31T${clock}`),
    ...zones.split(",").map((zone) => `2026-01-31T00:00:00${zone}`),
    ...["", "now", "2026", "2026-01-31", "2026-01-31 00:00:00Z", "20260131T000000Z", " 2026-01-31T00:00:00Z"],
    ...["+002026-01-31T00:00:00Z", "２０２６-01-31T00:00:00Z", "1769817600", "Sat, 31 Jan 2026 00:00:00 GMT"],
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

describe("measureAge and describeTime", () => {
  const now = new Date(Date.UTC(2026, 0, 31, 12));
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
    it(`read ${String(createdAt)} as made ${words}`, () => {
      assert.deepEqual(measureAge(createdAt, now.getTime()), age);
      const isKnown = "ageSeconds" in age;
      assert.equal(describeTime(createdAt, now), isKnown ? `at ${String(createdAt)}, ${words}` : words);
    });
  }
});
