import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { isJsonObject, readField, readInteger, readText } from "../../provider/ucloud/jsonFields";

describe("JSON fields", () => {
  it("tells objects from other values", () => {
    for (const value of [{}, Object.create(null)]) assert.equal(isJsonObject(value), true, inspect(value));
    for (const value of [[], null, undefined, "{}", 1]) {
      assert.equal(isJsonObject(value), false, inspect(value));
    }
  });

  const largest = 2 ** 53 - 1;
  const integers: [number: number | undefined, values: unknown[]][] = [
    [0, [0, -0, "-0"]],
    [7, [7, 7.9, "7", " 7 ", "007", "7.9", "7."]],
    [-7, [-7, "-7"]],
    [largest, [largest, "9007199254740991"]],
    [undefined, [2 ** 53, "9007199254740993", NaN, Infinity]],
    [undefined, ["", " ", "7e3", "0x7", "1,000", "+7", "seven"]],
    [undefined, [true, null, undefined, [7], { valueOf: () => 7 }]],
  ];
  for (const [number, values] of integers) {
    it(`reads ${inspect(values)} as ${number === undefined ? "no number" : number}`, () => {
      for (const value of values)
        assert.ok(Object.is(readInteger({ value }, "value"), number), inspect(value));
    });
  }

  const texts: [text: string | undefined, values: unknown[]][] = [
    ["a", ["a"]],
    [" ", [" "]],
    ["7", [7, "7"]],
    ["0", [0]],
    ["9007199254740991", [largest]],
    [undefined, ["", 2 ** 53, 1e21, 7.5, NaN, true, null, ["a"], {}]],
  ];
  for (const [text, values] of texts) {
    it(`reads ${inspect(values)} as ${text === undefined ? "no text" : `"${text}"`}`, () => {
      for (const value of values) assert.equal(readText({ value }, "value"), text, inspect(value));
    });
  }

  it("never reads what an object inherits", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      assert.equal(readField({}, name), undefined);
      assert.equal(readText({}, name), undefined);
    }
  });

  it("reads fields with the names of inherited ones", () => {
    const row = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, unknown>;
    assert.deepEqual([readText(row, "__proto__"), readText(row, "constructor")], ["a", "b"]);
  });

  it("reads any whole number and its text as the same", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        assert.equal(readInteger({ n: String(number) }, "n"), readInteger({ n: number }, "n"));
      }),
    );
  });
});
