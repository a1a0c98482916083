/**
 * The signature of a request, in small pure steps: encode the parameters, concatenate them in order, append
 * the private key, hash. Source: "Signature Algorithm" of UCloud's public documentation.
 */

import { createHash } from "node:crypto";

/**
 * A parameter's value. Undefined ones are left out of the request, not sent empty. Lists become `Name.0`,
 * `Name.1`, …
 */
export type ParameterValue = string | number | boolean | readonly ParameterValue[] | undefined;

/** The parameters of a request, by UCloud's names. */
export type RequestParameters = Readonly<Record<string, ParameterValue>>;

/** A parameter as it is sent and signed. */
export type EncodedParameter = readonly [name: string, value: string];

/**
 * The parameters as text, without undefined ones, in the order in which they are signed: by name, byte by
 * byte.
 */
export function encodeParameters(parameters: RequestParameters): EncodedParameter[] {
  return Object.entries(parameters)
    .flatMap(([name, value]) => encodeParameter(name, value))
    .sort(([a], [b]) => compareBytes(a, b));
}

/** Characters whose order by code unit is not that of their bytes. */
const SURROGATE = /[\uD800-\uDFFF]/;

/** Compares the UTF-8 of two names. They are seldom made into bytes for it: each request sorts a dozen names. */
function compareBytes(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The name and value of each parameter, unescaped and in order. The private key is not part of it. */
export function concatenateParameters(encoded: readonly EncodedParameter[]): string {
  return encoded.map(([name, value]) => name + value).join("");
}

/** The signature: SHA-1 over the concatenated parameters and the private key, in lower-case hex. */
export function signParameters(encoded: readonly EncodedParameter[], privateKey: string): string {
  return createHash("sha1")
    .update(concatenateParameters(encoded) + privateKey, "utf8")
    .digest("hex");
}

function encodeParameter(name: string, value: ParameterValue): EncodedParameter[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: ParameterValue, index) => encodeParameter(`${name}.${index}`, item));
  }
  return [[name, typeof value === "number" ? formatNumber(value) : String(value)]];
}

/** Decimal digits: whole numbers without a fraction, and no scientific notation. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("A parameter must be a finite number.");
  const text = String(value);
  if (!text.includes("e")) return text;
  return value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 });
}
