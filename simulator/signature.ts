import { createHash } from "node:crypto";

/** Request parameters as they arrived: every value is text, whatever it was in the client. */
export type RequestParameters = Readonly<Record<string, string>>;

/**
 * The text a client has to hash: every parameter but `Signature`, sorted by the UTF-8 bytes of its name, name and value
 * joined without separators, then the private key. This is written against `api/facts.md` alone and shares no code with
 * the provider: two mistakes would have to agree to go unnoticed.
 */
export function writeCanonicalText(parameters: RequestParameters, privateKey: string): string {
  const names = Object.keys(parameters).filter((name) => name !== "Signature");
  // JavaScript's own order is that of UTF-16 units, which differs beyond the basic plane.
  names.sort((left, right) => Buffer.compare(Buffer.from(left, "utf8"), Buffer.from(right, "utf8")));
  return names.map((name) => `${name}${parameters[name] ?? ""}`).join("") + privateKey;
}

/** The signature UCloud expects for these parameters: SHA-1 of the canonical text, in lower-case hex. */
export function computeSignature(parameters: RequestParameters, privateKey: string): string {
  return createHash("sha1").update(writeCanonicalText(parameters, privateKey), "utf8").digest("hex");
}

/** The text a JSON request's number stands for when signed: no `.0`, never scientific notation. */
export function writeNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(value);
  if (!/e/i.test(text)) return text;
  return value.toFixed(20).replace(/\.?0+$/, "");
}
