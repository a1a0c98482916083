import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { createRedactor, REDACTED, tidyText } from "../../provider/ucloud/redaction";

const secret = "pK/+= \"ü&<1\\x~'*";

describe("createRedactor", () => {
  const spellings: [name: string, text: string][] = [
    ["as it is", secret],
    ["in upper case", secret.toUpperCase()],
    ["in lower case", secret.toLowerCase()],
    ["URL-encoded", encodeURIComponent(secret)],
    ["URL-encoded in lower case", encodeURIComponent(secret).toLowerCase()],
    ["URL-encoded twice", encodeURIComponent(encodeURIComponent(secret))],
    [
      "URL-encoded in every character",
      [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
    ],
    ["form-encoded", new URLSearchParams({ k: secret }).toString().slice(2)],
    ["as JSON", JSON.stringify(secret).slice(1, -1)],
    ["as JSON in JSON", JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ["as JSON with escaped slashes", JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/")],
    [
      "as JSON with escaped Unicode",
      JSON.stringify(secret).slice(1, -1).replaceAll("ü", "\\u00fc").replaceAll("&", "\\u0026"),
    ],
    [
      "as HTML",
      secret
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll('"', "&quot;")
        .replaceAll("'", "&#39;"),
    ],
  ];
  for (const [name, text] of spellings) {
    it(`removes a secret ${name}`, () => {
      assert.equal(createRedactor([secret])(`key [${text}] is wrong`), `key [${REDACTED}] is wrong`);
    });
  }

  it("removes each secret at any place, and nothing else", () => {
    const redact = createRedactor(["one", undefined, "", "two"]);
    assert.equal(redact("onetwo, one. three"), `${REDACTED}${REDACTED}, ${REDACTED}. three`);
  });

  it("removes a secret that contains another one as a whole", () => {
    assert.equal(createRedactor(["abc", "xabcx"])("xabcx abc"), `${REDACTED} ${REDACTED}`);
  });

  it("does not interpret special characters of regular expressions", () => {
    const redact = createRedactor([".*", "(a|b)[c]{2}^$?+"]);
    assert.equal(redact("abc .* (a|b)[c]{2}^$?+"), `abc ${REDACTED} ${REDACTED}`);
  });

  it("removes the beginning of a long secret, because servers may echo only that", () => {
    const key = "46f09bb9fab4f12dfc160dae12273d5332b5debe";
    const redact = createRedactor([key]);
    assert.equal(redact(`signed "cn-bj2${key.slice(0, 20)}"`), `signed "cn-bj2${REDACTED}"`);
    assert.equal(redact(`cn-bj2${key.slice(0, 12)}...`), `cn-bj2${REDACTED}`);
  });

  const key = "46f09Bb9fab4f12dfc160dae12273d5332b5debe";
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const hidden: [name: string, text: string][] = [
    ["its last half", key.slice(20)],
    ["16 characters of its middle", key.slice(11, 27)],
    ["its end, as its last 12 characters", key.slice(-12)],
    ["a part in capitals", key.slice(15, 32).toUpperCase()],
    ["base64", base64(key)],
    ["base64 for URLs", Buffer.from(`${key}??>>`).toString("base64url")],
    ["base64 behind 1 other byte", base64(`1${key}`)],
    ["base64 behind 2 other bytes", base64(`12${key}`)],
    ["base64 within a longer text", base64(`Action=ListBackups&Region=cn-bj2${key} and the rest`)],
    ["base64 of a part", base64(key.slice(9, 30))],
    ["base64 in lines of 16", base64(key).replace(/.{16}/g, "$&\n")],
    ["hex", Buffer.from(key).toString("hex")],
    ["hex in capitals", Buffer.from(key).toString("hex").toUpperCase()],
    ["hex of a part", Buffer.from(key.slice(20, 36)).toString("hex")],
    ["hex within other hex", `00ff${Buffer.from(key).toString("hex")}00ff`],
  ];
  for (const [name, text] of hidden) {
    it(`removes ${name} of a long secret`, () => {
      const shown = createRedactor([key])(`wrong <${text}> of it`);
      assert.match(shown, /^wrong <.{0,44}\[redacted\].{0,24}> of it$/s);
      // No 12 consecutive characters of the key remain, in any of its spellings.
      for (let at = 0; at + 12 <= text.length; at++) {
        const part = text.slice(at, at + 12);
        if (isOfKey(part)) assert.ok(!shown.includes(part), part);
      }
    });
  }

  function isOfKey(part: string): boolean {
    const spellings = [key, Buffer.from(key).toString("hex"), base64(key)];
    return spellings.some((spelling) => spelling.toLowerCase().includes(part.toLowerCase()));
  }

  it("removes several parts, and nothing else", () => {
    const redact = createRedactor([key]);
    const text = `first ${key.slice(3, 17)}, then ${key.slice(20, 34)}; last ${key.slice(0, 11)}`;
    assert.equal(redact(text), `first ${REDACTED}, then ${REDACTED}; last ${key.slice(0, 11)}`);
    assert.equal(redact(key.slice(20) + key.slice(25)), REDACTED);
  });

  it("removes any part of a long secret, in any encoding", () => {
    const secrets = fc.stringMatching(/^[\w+/=.-]{24,64}$/);
    const encodings = ["utf8", "base64", "base64url", "hex"] as const;
    fc.assert(
      fc.property(
        secrets,
        fc.nat(),
        fc.nat(),
        fc.string({ unit: "binary-ascii", maxLength: 9 }),
        fc.constantFrom(...encodings),
        (secret, start, length, around, encoding) => {
          const from = start % (secret.length - 16 + 1);
          const part = secret.slice(from, from + 16 + (length % (secret.length - from - 16 + 1)));
          const text = Buffer.from(`${around}${part}${around}`).toString(encoding);
          assert.ok(createRedactor([secret])(text).includes(REDACTED), text);
        },
      ),
    );
  });

  it("searches parts of several long secrets in linear time, in the longest text that is redacted", () => {
    const redact = createRedactor(["a".repeat(4096), "ab".repeat(2048), key]);
    const startedAt = performance.now();
    for (const unit of ["a", "ab", key.slice(0, 11), "YWFh", "6161"])
      redact(unit.repeat(16_384 / unit.length));
    assert.ok(performance.now() - startedAt < 1000);
  });

  it("removes a token of any length, and parts of it", () => {
    const token = Array.from({ length: 128 }, (_, at) =>
      createHash("sha256").update(`${at}`).digest("hex"),
    ).join("");
    const redact = createRedactor([key, token]);
    assert.equal(redact(`of ${token}.`).replaceAll(".", ""), `of ${REDACTED}`);
    assert.equal(redact(`of ${token.slice(5000, 5100)}.`), `of ${REDACTED}.`);
    assert.equal(redact(`of ${encodeURIComponent(`${token} x`).slice(100)}`), `of ${REDACTED}%20x`);
  });

  it("does not change a text if there are no secrets", () => {
    assert.equal(createRedactor([undefined])("nothing $& here"), "nothing $& here");
  });

  it("removes any secret in any usual encoding", () => {
    const encodings = [
      (text: string) => text,
      (text: string) => encodeURIComponent(text),
      (text: string) => new URLSearchParams([["", text]]).toString().slice(1),
      (text: string) => JSON.stringify(text).slice(1, -1),
    ];
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
        fc.constantFrom(...encodings),
        fc.string({ maxLength: 10 }),
        (key, encode, around) => {
          const text = createRedactor([key])(`${around}<${encode(key)}>${around}`);
          // Either all of it is gone, or the text around it happens to hold the secret as well.
          assert.ok(text.includes(REDACTED));
          if (!around.includes(key)) assert.ok(!text.includes(`<${encode(key)}>`));
        },
      ),
    );
  });
});

describe("createRedactor: URLs", () => {
  const redact = createRedactor(["secret"]);
  const urls: [text: string, shown: string][] = [
    ["see https://api.ucloud.cn/?Action=A&Signature=b", "see https://api.ucloud.cn/"],
    ["see https://api.ucloud.cn/docs#part, please", "see https://api.ucloud.cn/docs please"],
    ["see HTTP://a.b?c", "see HTTP://a.b"],
    ["http://user:pass@proxy:3128/ refused", "http://proxy:3128/ refused"],
    ["http://user:p@ss@proxy/x?y", "http://proxy/x"],
    ['"http://a/?b" and <http://c/?d>', '"http://a/" and <http://c/>'],
    ["nohttp://a:b@c/?d", "nohttp://c/"],
    ["http://a/b", "http://a/b"],
    ["http://a/http://u:p@b/?c", "http://a/http://b/"],
    ["ask? no", "ask? no"],
    ["backups.example/a?Expires=1&Signature=b&c=d", "backups.example/a?Expires=1&Signature=[redacted]&c=d"],
    ["https:\\/\\/b.example\\/a?Signature=b", "https:\\/\\/b.example\\/a?Signature=[redacted]"],
    ["https%3A%2F%2Fb.example%3FSignature%3Db", "https%3A%2F%2Fb.example%3FSignature%3D[redacted]"],
    ["https%253A%252F%252Fb%253Fsignature%253db", "https%253A%252F%252Fb%253Fsignature%253d[redacted]"],
    ['{"X-Amz-Signature":"b"}', '{"X-Amz-Signature":"[redacted]"}'],
    ['{\\"Signature\\": \\"b\\"}', '{\\"Signature\\": \\"[redacted]\\"}'],
    ["Signature VerifyAC Error", "Signature VerifyAC Error"],
  ];
  for (const [text, shown] of urls) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(shown)}`, () => assert.equal(redact(text), shown));
  }

  for (const part of [
    "http://",
    "http://a@",
    "https://?",
    "\\",
    "%25",
    "&amp;",
    "%2525",
    "\\u0073",
    "secre",
    "signature",
    "signature=",
    "x",
  ]) {
    it(`takes linear time for ${JSON.stringify(part)} repeated without end`, () => {
      const redactLong = createRedactor(["secret".repeat(10), "&\\".repeat(40), "%%"]);
      const startedAt = performance.now();
      redactLong(part.repeat(1_000_000 / part.length));
      assert.ok(performance.now() - startedAt < 2000);
    });
  }
});

describe("createRedactor: secrets of backslashes", () => {
  const secret = `${"\\".repeat(8)}x`;

  it("are removed as they are and as JSON writes them", () => {
    const redact = createRedactor([secret]);
    assert.equal(redact(`key ${secret}.`), "key [redacted].");
    assert.equal(redact(JSON.stringify(secret)), '"[redacted]"');
    assert.equal(redact(encodeURIComponent(secret)), "[redacted]");
  });

  it("are searched in linear time, in the longest text that is redacted", () => {
    const startedAt = performance.now();
    createRedactor([secret])("\\".repeat(16_384));
    assert.ok(performance.now() - startedAt < 1000);
  });
});

describe("tidyText", () => {
  it("makes one line of several, and removes control characters", () => {
    assert.equal(tidyText("\u001b[31ma\r\n\tb\u2028c\u0000 "), "[31ma b c");
  });

  it("cuts what is too long, and marks the cut", () => {
    assert.equal(tidyText("abcdef", 3), "abc…");
    assert.equal(tidyText("abc", 3), "abc");
  });

  it("never cuts within a character", () => {
    assert.ok(tidyText("ab😀", 3).isWellFormed());
  });
});
