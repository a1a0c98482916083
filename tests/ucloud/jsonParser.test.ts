import assert from "node:assert/strict";
import * as fc from "fast-check";
import { ExcessiveJsonError, parseJson } from "../../provider/ucloud/jsonParser";

describe("parseJson", () => {
  it("parses what JSON.parse parses, to the same value", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.constantFrom("", " ", "\n\t"), (text, blanks) => {
        const spaced = blanks + text + blanks;
        const expected: unknown = JSON.parse(spaced, (_name, value: unknown) =>
          // Numbers of more than 15 characters become strings, which are checked below.
          typeof value === "number" && JSON.stringify(value).length > 15 ? "long" : value,
        );
        const actual: unknown = JSON.parse(JSON.stringify(parseJson(spaced)), (_name, value: unknown) =>
          typeof value === "string" && /^-?[\d.]+(e[+-]?\d+)?$/i.test(value) && value.length > 15
            ? "long"
            : value,
        );
        assert.deepEqual(actual, expected);
      }),
    );
  });

  it("refuses what JSON.parse refuses", () => {
    const broken = [
      "",
      "{",
      '{"a',
      '"a\\"',
      "[1,]",
      "01",
      "1.",
      "-",
      "1234567890123456.",
      "12345678901234567-1",
    ];
    const longer = [
      "00012345678901234567",
      "[1234567890123456e]",
      "--12345678901234567",
      '{"a":1234567890123456"}',
    ];
    for (const text of [...broken, ...longer]) assert.throws(() => parseJson(text), SyntaxError, text);
  });

  const exact = [
    "9007199254740993",
    "-12345678901234567890",
    "123456789012345678901234567890",
    "9007199254740990.9",
  ];
  for (const number of exact) {
    it(`keeps every digit of ${number}, as a string`, () => {
      assert.deepEqual(parseJson(`{"a":[${number} ,{"b":${number}}],"c":1}`), {
        a: [number, { b: number }],
        c: 1,
      });
      assert.equal(parseJson(number), number);
    });
  }

  it("does not change short numbers, and digits within strings", () => {
    const text =
      '{"a":123456789012345,"b":-1.5e3,"c":"9007199254740993","d\\\\":"\\"9007199254740993\\\\","e":[]}';
    assert.deepEqual(parseJson(text), JSON.parse(text));
  });

  const MEBIBYTE = 1024 * 1024;
  const excessive: [name: string, text: string][] = [
    ["32 MiB of {},{},…", `{"RetCode":0,"DataSet":[${"{},".repeat((32 * MEBIBYTE) / 3)}{}]}`],
    ["32 MiB of [[[…", "[".repeat(32 * MEBIBYTE)],
    ['32 MiB of {"a":{"a":…', '{"a":'.repeat((32 * MEBIBYTE) / 5)],
    ["32 MiB of 0,0,0,…", `[${"0,".repeat(16 * MEBIBYTE)}0]`],
    ["a million names", `{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}":0`).join()}}`],
    ["33 nested lists", "[".repeat(33) + "]".repeat(33)],
  ];
  for (const [name, text] of excessive) {
    it(`refuses ${name} before that takes time or memory`, () => {
      const before = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      assert.throws(() => parseJson(text), ExcessiveJsonError);
      const spent = process.cpuUsage({ user, system });
      assert.ok(spent.user + spent.system < 1_000_000, `${(spent.user + spent.system) / 1000} ms`);
      const grown = (process.memoryUsage().heapUsed - before.heapUsed) / MEBIBYTE;
      assert.ok(grown < 50, `${grown} MiB`);
    });
  }

  it("parses a page of a server that ignores Limit", () => {
    const row = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`Field${i}`, i]));
    const page = { RetCode: 0, DataSet: Array.from({ length: 40_000 }, () => row) };
    assert.deepEqual(parseJson(JSON.stringify(page)), page);
  });
});
