/**
 * Encodes invoke requests by hand, for values that protobuf libraries cannot write or would change: lone
 * surrogates, names such as `__proto__`, the same name twice, and extreme nesting.
 */

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;

/** An invoke of `token` with `entries` as its arguments, in this order. */
export function encodeInvoke(token: string, entries: readonly (readonly [string, unknown])[]): Uint8Array {
  return Buffer.concat([field(1, encodeText(token)), field(2, encodeEntries(entries))]);
}

/** An invoke of `token` with one argument that is nested `levels` deep. */
export function encodeDeepInvoke(token: string, name: string, levels: number): Uint8Array {
  let value = field(3, encodeText("bottom"));
  for (let level = 0; level < levels; level++) {
    const entry = Buffer.concat([field(1, encodeText("a")), field(2, value)]);
    value = field(5, field(1, entry));
  }
  const entry = Buffer.concat([field(1, encodeText(name)), field(2, value)]);
  return Buffer.concat([field(1, encodeText(token)), field(2, field(1, entry))]);
}

/** google.protobuf.Struct */
function encodeEntries(entries: readonly (readonly [string, unknown])[]): Buffer {
  return Buffer.concat(
    entries.map(([name, value]) =>
      field(1, Buffer.concat([field(1, encodeText(name)), field(2, encodeValue(value))])),
    ),
  );
}

/** google.protobuf.Value */
function encodeValue(value: unknown): Buffer {
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return Buffer.concat([tag(2, FIXED_64), bytes]);
  }
  if (typeof value === "string") return field(3, encodeText(value));
  if (typeof value === "boolean") return Buffer.concat([tag(4, VARINT), varint(Number(value))]);
  if (Array.isArray(value)) return field(6, Buffer.concat(value.map((each) => field(1, encodeValue(each)))));
  if (typeof value === "object" && value !== null) return field(5, encodeEntries(Object.entries(value)));
  return Buffer.concat([tag(1, VARINT), varint(0)]);
}

/** UTF-8, but a lone surrogate is encoded as three bytes. */
function encodeText(text: string): Buffer {
  return Buffer.concat(
    Array.from(text, (character) => {
      const code = character.codePointAt(0) ?? 0;
      const isLone = code >= 0xd800 && code <= 0xdfff;
      if (!isLone) return Buffer.from(character, "utf8");
      return Buffer.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }),
  );
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, LENGTH_DELIMITED), varint(content.length), content]);
}

function tag(number: number, wireType: number): Buffer {
  return varint((number << 3) | wireType);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Buffer.of(...bytes, value);
}
