/** Unique keys: where one is found, it has leaked. */

/** The keys of these tests. Only fixtures and requests may hold them. */
export const MARKERS = {
  publicKey: "Zx1-marked-public-key-0b9c4d7e5f",
  privateKey: "Zx2-marked-private/key+3e1f8a6d2c",
  securityToken: "Zx3-marked-token=of&some+7d5b9e4a1f",
} as const;

/** Matches the beginning of a key in any usual encoding. */
const PATTERN = new RegExp(
  Object.values(MARKERS)
    .flatMap((key) => {
      const plain = key.slice(0, 14);
      // Three variants, since the text before a key decides how base64 groups its bytes.
      const packed = [0, 1, 2].map((shift) =>
        Buffer.from(" ".repeat(shift) + key)
          .toString("base64")
          .slice(4, 18),
      );
      return [plain, Buffer.from(plain).toString("hex"), ...packed];
    })
    .map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
    .join("|"),
  "i",
);

/** Returns the first part of `text` that contains a key of {@link MARKERS}, with some text around it. */
export function findMarker(text: string): string | undefined {
  const match = PATTERN.exec(text);
  return match === null ? undefined : text.slice(Math.max(0, match.index - 60), match.index + 40);
}

/** Returns a request's signature in `text`: 40 hexadecimal digits, unlike anything else that users see. */
export function findSignature(text: string): string | undefined {
  return /(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/i.exec(text)?.[0];
}
