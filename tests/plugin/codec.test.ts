import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  decodeProperties,
  encodeProperties,
  type PropertyMap,
  type PropertyValue,
  revealSecrets,
  Secret,
} from "../../provider/plugin/codec";
import { UNKNOWN } from "../../provider/engine/unknowns";

/** Pulumi's mark of a secret. */
const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

// protobuf's JavaScript maps cannot hold this name.
const name = fc
  .oneof(
    fc.constantFrom("constructor", "toString", "value", ""),
    fc.string({ unit: "grapheme", maxLength: 5 }),
  )
  .filter((each) => each !== "__proto__");
const { properties } = fc.letrec<{ value: PropertyValue; properties: PropertyMap }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.double({ noNaN: true }), fc.string({ unit: "grapheme" })),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("properties"),
    tie("value").map((each) => new Secret(each)),
  ),
  properties: fc
    .array(fc.tuple(name, tie("value")), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
}));

/** Encodes properties and decodes them again. */
function carry(given: object): PropertyMap {
  return decodeProperties(Struct.deserializeBinary(encodeProperties(given).serializeBinary()));
}

describe("property values", () => {
  it("survive encoding and decoding, with secrets and nesting", () => {
    fc.assert(fc.property(properties, (given) => assert.deepEqual(carry(given), given)));
  });

  it("are the same after their secret marks are removed", () => {
    const isMarked = (value: unknown): boolean =>
      value instanceof Secret ||
      (typeof value === "object" && value !== null && Object.values(value).some(isMarked));
    fc.assert(
      fc.property(properties, (given) => {
        const revealed = revealSecrets(given);
        assert.ok(!isMarked(revealed));
        if (!isMarked(given)) assert.deepEqual(revealed, given);
      }),
    );
  });

  it("are encoded as by Pulumi's own SDKs", () => {
    const given = {
      secret: new Secret({ a: [1, UNKNOWN] }),
      none: null,
      absent: undefined,
      list: [true, undefined],
    };
    assert.deepEqual(encodeProperties(given).toJavaScript(), {
      secret: { ...SECRET_MARK, value: { a: [1, UNKNOWN] } },
      none: null,
      list: [true, null],
    });
  });

  it("are encoded as well-formed text, as the engine refuses a message that is not UTF-8", () => {
    const given = { "name\ud83d": ["a\ud83d b", { c: new Secret("\udc00") }] };
    assert.deepEqual(carry(given), { "name\ufffd": ["a\ufffd b", { c: new Secret("\ufffd") }] });
  });

  it("are secret only with the whole mark", () => {
    const key = Object.keys(SECRET_MARK)[0] ?? "";
    for (const other of ["c44067f5952c0a294b673a41bacd8c17", true, {}, null]) {
      const given = { asset: { [key]: other, text: "a" } };
      assert.deepEqual(decodeProperties(Struct.fromJavaScript(given)), given);
    }
    const bare = decodeProperties(Struct.fromJavaScript({ a: SECRET_MARK }));
    assert.deepEqual(bare, { a: new Secret(null) });
  });

  it("are empty without a message, and for an empty one", () => {
    assert.deepEqual([decodeProperties(undefined), carry({})], [{}, {}]);
  });

  it("do not change a prototype if they are named __proto__", () => {
    const given = JSON.parse('{ "__proto__": { "polluted": 1 }, "a": { "__proto__": "x" } }') as object;
    const carried = carry(given);
    assert.deepEqual(Object.getPrototypeOf(carried), Object.prototype);
    assert.ok(!("polluted" in carried) && !("polluted" in {}));
  });

  it("are refused with a code if nested more than 100 levels deep", () => {
    const nest = (levels: number): object => (levels === 0 ? {} : { a: [nest(levels - 1)] });
    assert.deepEqual(carry(nest(49)), nest(49));
    assert.throws(() => carry(nest(51)), { code: "InvalidArgument" });
  });

  it("cannot be functions, bigints or symbols", () => {
    for (const value of [() => 1, 1n, Symbol("s")]) {
      assert.throws(() => encodeProperties({ value }), TypeError);
    }
  });
});
