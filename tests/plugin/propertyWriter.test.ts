import assert from "node:assert/strict";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import * as fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { prepareInvokeReturn, writeInvokeReturn, writeStruct } from "../../provider/plugin/propertyWriter";

const keep = (value: object): unknown => value;

/** Writes a result as a long one is written, into a buffer that gRPC would send. */
function copyLong(properties: object): Buffer {
  const message = prepareInvokeReturn(properties, keep, 0);
  assert.ok(!(message instanceof Uint8Array));
  const target = Buffer.alloc(message.byteLength + 5);
  message.copy(target, 5);
  return target.subarray(5);
}

/** Decodes with google-protobuf. */
function read(properties: object): unknown {
  return Struct.deserializeBinary(writeStruct(properties, (value) => value)).toJavaScript();
}

describe("written properties", () => {
  const lengths = [0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152];
  for (const length of lengths) {
    it(`hold texts of ${length} bytes, around the lengths whose encoding grows`, () => {
      for (const text of ["a".repeat(length), "é".repeat(length >> 1)]) {
        assert.deepEqual(read({ text, nested: { [text]: [text] } }), { text, nested: { [text]: [text] } });
      }
    });
  }

  it("hold every character, also in names", () => {
    // Another library's writer loses a bit from U+20000 on.
    for (const text of ["é", "数据库", "\u{1F418}", "\u{20000}", "\u{2F800} a", "\u{10FFFF}", "a\0b"]) {
      assert.deepEqual(read({ [text]: text }), { [text]: text });
    }
    assert.deepEqual(read({ "a\ud83d": "\udc00b" }), { "a\ufffd": "\ufffdb" });
  });

  it("hold every number", () => {
    const numbers = fc.array(fc.double({ noNaN: true }));
    fc.assert(fc.property(numbers, (list) => assert.deepEqual(read({ list }), { list })));
  });

  it("decode to the same JSON", () => {
    // google-protobuf's maps cannot hold this name.
    const name = fc.string({ unit: "grapheme" }).filter((each) => each !== "__proto__");
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ unit: "grapheme" })),
        fc.array(tie("value")),
        fc.dictionary(name, tie("value"), { noNullPrototype: true }),
      ),
    }));
    fc.assert(fc.property(value, (each) => assert.deepEqual(read({ value: each }), { value: each })));
  });

  it("leave out undefined properties, and write null for undefined items", () => {
    assert.deepEqual(read({ absent: undefined, list: [1, undefined] }), { list: [1, null] });
  });

  it("are converted first", () => {
    const convert = (value: object): unknown => (value instanceof Date ? { day: value.getUTCDate() } : value);
    const written = writeStruct({ list: [new Date(0)] }, convert);
    assert.deepEqual(Struct.deserializeBinary(written).toJavaScript(), { list: [{ day: 1 }] });
  });

  it("need no buffer far beyond their size if one item is huge", () => {
    const huge = { id: "a".repeat(1_000_000) };
    const backups = [huge, ...Array.from({ length: 99_999 }, () => ({ id: "b" }))];
    const bytes = writeInvokeReturn({ backups }, (value) => value);
    assert.ok(bytes.buffer.byteLength <= 4 * bytes.length, `${bytes.buffer.byteLength} bytes`);
  });

  it("of a long result are the same bytes, written where gRPC sends them from", () => {
    const value = fc.anything({ values: [fc.string({ unit: "binary" }), fc.double(), fc.constant(null)] });
    const backups = fc.array(fc.dictionary(fc.string({ unit: "binary" }), value));
    fc.assert(
      fc.property(backups, fc.string({ unit: "binary" }), (list, last) => {
        const result = { list, last };
        assert.ok(copyLong(result).equals(writeInvokeReturn(result, keep)));
      }),
    );
    for (const length of [0, 127, 128, 16_384]) {
      const result = { text: "a".repeat(length), list: [{ text: "é\ud800".repeat(length >> 2) }, undefined] };
      assert.ok(copyLong(result).equals(writeInvokeReturn(result, keep)));
    }
  });

  it("of a long result that changed after it was measured are an error", () => {
    const result = { list: [{ text: "a" }] };
    const message = prepareInvokeReturn(result, keep, 0);
    assert.ok(!(message instanceof Uint8Array));
    result.list[0] = { text: "longer" };
    assert.throws(() => message.copy(Buffer.alloc(message.byteLength + 5), 5), RangeError);
  });

  it("are the result of a call, also if its items differ much in size", () => {
    const long = "a".repeat(5000);
    const isLong: ((i: number) => boolean)[] = [
      () => false,
      (i) => i >= 200,
      (i) => i < 200,
      (i) => i === 999,
    ];
    for (const test of isLong) {
      const backups = Array.from({ length: 1000 }, (_, i) => ({ id: `${i}${test(i) ? long : ""}` }));
      const bytes = writeInvokeReturn({ backups, totalCount: 1000 }, (value) => value);
      const result = InvokeResponse.deserializeBinary(bytes).getReturn();
      assert.deepEqual(result?.toJavaScript(), { backups, totalCount: 1000 });
    }
  });
});
