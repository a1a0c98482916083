import assert from "node:assert/strict";
import { findMarker, findSignature, MARKERS } from "./markers";

describe("the search for keys", () => {
  const spellings: [name: string, spell: (key: string) => string][] = [
    ["unchanged", (key) => key],
    ["in upper case", (key) => key.toUpperCase()],
    ["cut short", (key) => `${key.slice(0, 16)}…`],
    ["as base64", (key) => Buffer.from(key).toString("base64")],
    ["as base64 after another word", (key) => Buffer.from(`me:${key}`).toString("base64")],
    ["as base64 after a letter", (key) => Buffer.from(`x${key}`).toString("base64")],
    ["as hexadecimal digits", (key) => Buffer.from(key).toString("hex")],
    ["as part of a URL", (key) => `http://a/?k=${encodeURIComponent(key)}`],
    ["as JSON", (key) => JSON.stringify({ key })],
  ];
  for (const [name, spell] of spellings) {
    it(`finds each key ${name}`, () => {
      for (const key of Object.values(MARKERS)) assert.ok(findMarker(`before ${spell(key)} after`), key);
    });
  }

  it("finds a signature, but no id and no longer digest", () => {
    const signature = "cba5cf5ec4d4233d206b1b54951e3787350a642f";
    assert.equal(findSignature(`of "${signature.toUpperCase()}"`), signature.toUpperCase());
    assert.equal(findSignature("00000000-0000-4000-8000-00000000beef"), undefined);
    assert.equal(findSignature(`${signature}${signature.slice(0, 24)}`), undefined);
    assert.equal(findMarker("a public key, a private key"), undefined);
  });
});
