/** The sizes of what propertyWriter.ts writes, to the byte. */

import type { Convert } from "./propertyWriter";

/** The bytes of a `Struct`. */
export function measureProperties(properties: object, convert: Convert): number {
  let size = 0;
  const values: unknown[] = Object.values(properties);
  Object.keys(properties).forEach((name, index) => {
    const value = values[index];
    if (value === undefined) return;
    size += measureField(measureText(name) + measureField(measureValue(value, convert)));
  });
  return size;
}

/** The bytes of a field with so many bytes of content: a tag, the length, the content. */
export function measureField(length: number): number {
  let size = 2 + length;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}

/** The bytes of a `Value`. */
function measureValue(value: unknown, convert: Convert): number {
  if (typeof value === "string") return measureText(value);
  if (typeof value === "number") return 9;
  if (typeof value !== "object" || value === null) return 2;
  const converted = convert(value);
  if (converted !== value) return measureValue(converted, convert);
  if (!Array.isArray(value)) return measureField(measureProperties(value, convert));
  let size = 0;
  for (const item of value) size += measureField(measureValue(item, convert));
  return measureField(size);
}

function measureText(text: string): number {
  return measureField(Buffer.byteLength(text));
}
