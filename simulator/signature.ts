import { createHash } from "node:crypto";

/** The parameters of a request as they arrived: every value is text. */
export type RequestParameters = Readonly<Record<string, string>>;

/**
 * Returns the text that a client has to hash: the name and value of every parameter but `Signature`, sorted
 * by the UTF-8 bytes of the names and joined without separators, then the private key. It shares no code with
 * the provider, so that a mistake in either of them is noticed. `docs/api.md` describes the signature.
 */
export function writeCanonicalText(parameters: RequestParameters, privateKey: string): string {
  const names = Object.keys(parameters).filter((name) => name !== "Signature");
  // JavaScript sorts by UTF-16 units, which is another order for characters from U+10000 on.
  names.sort((left, right) => Buffer.compare(Buffer.from(left, "utf8"), Buffer.from(right, "utf8")));
  return names.map((name) => `${name}${parameters[name] ?? ""}`).join("") + privateKey;
}

/** Returns the signature that UCloud expects: SHA-1 of the canonical text, in lower-case hex. */
export function computeSignature(parameters: RequestParameters, privateKey: string): string {
  return createHash("sha1").update(writeCanonicalText(parameters, privateKey), "utf8").digest("hex");
}

/**
 * Returns the text that a number of a JSON request is signed as: without `.0`, never in scientific notation.
 */
export function writeNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(value);
  if (!/e/i.test(text)) return text;
  return value.toFixed(20).replace(/\.?0+$/, "");
}
