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

const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

// protobuf's JavaScript maps cannot hold this name; see the test that says so.
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

/** As it arrives: over the wire and decoded again. */
function carry(given: object): PropertyMap {
  return decodeProperties(Struct.deserializeBinary(encodeProperties(given).serializeBinary()));
}

describe("property values", () => {
  it("come back from the wire as they were, secrets, unknown values and nesting included", () => {
    fc.assert(fc.property(properties, (given) => assert.deepEqual(carry(given), given)));
  });

  it("are, revealed, the same without any mark of a secret", () => {
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

  it("are on the wire what Pulumi's own SDKs write", () => {
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

  it("are well-formed on the wire, as the engine refuses a message that is not UTF-8", () => {
    const given = { "name\ud83d": ["a\ud83d b", { c: new Secret("\udc00") }] };
    assert.deepEqual(carry(given), { "name\ufffd": ["a\ufffd b", { c: new Secret("\ufffd") }] });
  });

  it("are a secret only with the whole mark", () => {
    const key = Object.keys(SECRET_MARK)[0] ?? "";
    for (const other of ["c44067f5952c0a294b673a41bacd8c17", true, {}, null]) {
      const given = { asset: { [key]: other, text: "a" } };
      assert.deepEqual(decodeProperties(Struct.fromJavaScript(given)), given);
    }
    const bare = decodeProperties(Struct.fromJavaScript({ a: SECRET_MARK }));
    assert.deepEqual(bare, { a: new Secret(null) });
  });

  it("are none where there is no message, and where it is empty", () => {
    assert.deepEqual([decodeProperties(undefined), carry({})], [{}, {}]);
  });

  it("named __proto__ change no prototype", () => {
    const given = JSON.parse('{ "__proto__": { "polluted": 1 }, "a": { "__proto__": "x" } }') as object;
    const carried = carry(given);
    assert.deepEqual(Object.getPrototypeOf(carried), Object.prototype);
    assert.ok(!("polluted" in carried) && !("polluted" in {}));
  });

  it("are refused with a code beyond 100 levels", () => {
    const nest = (levels: number): object => (levels === 0 ? {} : { a: [nest(levels - 1)] });
    assert.deepEqual(carry(nest(49)), nest(49));
    assert.throws(() => carry(nest(51)), { code: "InvalidArgument" });
  });

  it("cannot be functions and the like", () => {
    for (const value of [() => 1, 1n, Symbol("s")]) {
      assert.throws(() => encodeProperties({ value }), TypeError);
    }
  });
});
