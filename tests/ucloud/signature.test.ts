import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import {
  concatenateParameters,
  encodeParameters,
  type RequestParameters,
  signParameters,
} from "../../provider/ucloud/signature";

interface Vector {
  readonly name: string;
  readonly privateKey: string;
  readonly parameters: RequestParameters;
  /** The concatenated parameters, without the private key, written by hand. */
  readonly concatenated?: string;
  /** From UCloud's documentation (docs/api.md), or SHA-1 over `concatenated` in another language. */
  readonly signature: string;
}

const vectors = JSON.parse(readFileSync(join(__dirname, "signatureVectors.json"), "utf8")) as Vector[];

describe("signature", () => {
  for (const { name, privateKey, parameters, concatenated, signature } of vectors) {
    it(`signs ${name}`, () => {
      const encoded = encodeParameters(parameters);
      if (concatenated !== undefined) assert.equal(concatenateParameters(encoded), concatenated);
      assert.equal(signParameters(encoded, privateKey), signature);
    });
  }

  it("leaves out undefined parameters, also those in lists, whose other items keep their numbers", () => {
    const encoded = encodeParameters({ A: undefined, B: "b", C: ["x", undefined, "z"] });
    assert.deepEqual(encoded, [
      ["B", "b"],
      ["C.0", "x"],
      ["C.2", "z"],
    ]);
  });

  it("encodes values as text", () => {
    assert.deepEqual(encodeParameters({ Limit: 100, Flag: true }), [
      ["Flag", "true"],
      ["Limit", "100"],
    ]);
  });

  for (const number of [NaN, Infinity, -Infinity]) {
    it(`refuses ${number}`, () => assert.throws(() => encodeParameters({ Limit: number }), RangeError));
  }

  const value = fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean());
  const entries = fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), value), {
    selector: ([name]) => name,
    maxLength: 12,
  });

  it("does not depend on the order of the parameters", () => {
    const inTwoOrders = entries.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    );
    fc.assert(
      fc.property(inTwoOrders, ([some, others]) => {
        const sign = (list: typeof some): string =>
          signParameters(encodeParameters(Object.fromEntries(list)), "key");
        assert.equal(sign(some), sign(others));
      }),
    );
  });

  it("writes every number as decimal digits of the same value", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e25, max: 1e25 }), (number) => {
        fc.pre(number === 0 || Math.abs(number) > 1e-12);
        const [[, text] = ["", ""]] = encodeParameters({ N: number });
        assert.match(text, /^-?\d+(\.\d+)?$/);
        assert.ok(Math.abs(Number(text) - number) <= Math.abs(number) * 1e-6);
      }),
    );
  });
});
