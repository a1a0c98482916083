import { generateKeyPairSync, sign } from "node:crypto";
import { isIPv4 } from "node:net";

/** A self-signed certificate and its key, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Creates a certificate for a host name or IPv4 address, valid from yesterday until `notAfter`.
 *
 * @default tomorrow
 */
export function createCertificate(host: string, notAfter = new Date(Date.now() + DAY_MS)): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const notBefore = new Date(Math.min(Date.now(), notAfter.getTime()) - DAY_MS);
  const ecdsaWithSha256 = der(0x30, der(0x06, Buffer.from("2a8648ce3d040302", "hex")));
  // Each host has another name, since clients look up a CA by its name.
  const commonName = der(0x30, der(0x06, Buffer.from("550403", "hex")), der(0x0c, Buffer.from(host)));
  const name = der(0x30, der(0x31, commonName));
  const altName = isIPv4(host)
    ? der(0x87, Buffer.from(host.split(".").map(Number)))
    : der(0x82, Buffer.from(host));
  const extension = der(0x30, der(0x06, Buffer.from("551d11", "hex")), der(0x04, der(0x30, altName)));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    der(0x30, writeTime(notBefore), writeTime(notAfter)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = Buffer.concat([Buffer.of(0), sign("sha256", body, privateKey)]);
  const whole = der(0x30, body, ecdsaWithSha256, der(0x03, signature)).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
}

/** Returns a DER value: tag, length, contents. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const head = [tag, ...(length < 0x80 ? [length] : bytes)];
  return Buffer.concat([Buffer.from(head), content]);
}

/** Writes a GeneralizedTime. Strict readers demand UTCTime before 2050, but OpenSSL accepts both. */
function writeTime(time: Date): Buffer {
  return der(0x18, Buffer.from(`${time.toISOString().slice(0, 19).replaceAll(/[-T:]/g, "")}Z`));
}
