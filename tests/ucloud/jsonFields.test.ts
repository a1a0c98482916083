import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { isJsonObject, readField, readInteger, readText } from "../../provider/ucloud/jsonFields";

describe("JSON fields", () => {
  const objects: [value: unknown, isObject: boolean][] = [
    [{}, true],
    [Object.create(null), true],
    [[], false],
    [null, false],
    [undefined, false],
    ["{}", false],
    [1, false],
  ];
  for (const [value, isObject] of objects) {
    it(`${inspect(value)} is ${isObject ? "an" : "no"} object`, () =>
      assert.equal(isJsonObject(value), isObject));
  }

  const integers: [value: unknown, number: number | undefined][] = [
    [0, 0],
    [-0, 0],
    [7, 7],
    [-7, -7],
    ["7", 7],
    [" 7 ", 7],
    ["-7", -7],
    ["-0", 0],
    ["007", 7],
    ["7.9", 7],
    ["7.", 7],
    [7.9, 7],
    [2 ** 53 - 1, 2 ** 53 - 1],
    ["9007199254740991", 2 ** 53 - 1],
    [2 ** 53, undefined],
    ["9007199254740993", undefined],
    ["", undefined],
    [" ", undefined],
    ["7e3", undefined],
    ["0x7", undefined],
    ["1,000", undefined],
    ["+7", undefined],
    ["seven", undefined],
    [NaN, undefined],
    [Infinity, undefined],
    [true, undefined],
    [null, undefined],
    [undefined, undefined],
    [[7], undefined],
    [{ valueOf: () => 7 }, undefined],
  ];
  for (const [value, number] of integers) {
    it(`reads ${inspect(value)} as ${number === undefined ? "no number" : number}`, () =>
      assert.ok(Object.is(readInteger({ value }, "value"), number)));
  }

  const texts: [value: unknown, text: string | undefined][] = [
    ["a", "a"],
    [" ", " "],
    ["", undefined],
    [7, "7"],
    [0, "0"],
    [2 ** 53 - 1, "9007199254740991"],
    [2 ** 53, undefined],
    [1e21, undefined],
    [7.5, undefined],
    [NaN, undefined],
    [true, undefined],
    [null, undefined],
    [["a"], undefined],
    [{}, undefined],
  ];
  for (const [value, text] of texts) {
    it(`reads ${inspect(value)} as ${text === undefined ? "no text" : `"${text}"`}`, () =>
      assert.equal(readText({ value }, "value"), text));
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
