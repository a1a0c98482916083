/** Keys that occur nowhere else, so that finding one means that it has leaked. */

/** The account of these tests. Nothing but fixtures and requests may hold any of it. */
export const MARKERS = {
  publicKey: "Zx1-marked-public-key-0b9c4d7e5f",
  privateKey: "Zx2-marked-private/key+3e1f8a6d2c",
  securityToken: "Zx3-marked-token=of&some+7d5b9e4a1f",
} as const;

/** What every part of a key is told by: its beginning, in whatever way it is written. */
const PATTERN = new RegExp(
  Object.values(MARKERS)
    .flatMap((key) => {
      const plain = key.slice(0, 14);
      // Three ways, since what stands before it decides how the bytes fall into groups.
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

/** The first part of `text` that shows a key of {@link MARKERS}, with a little of what is around it. */
export function findMarker(text: string): string | undefined {
  const match = PATTERN.exec(text);
  return match === null ? undefined : text.slice(Math.max(0, match.index - 60), match.index + 40);
}

/** The signature of a request is 40 hexadecimal digits, as nothing else is that users see. */
export function findSignature(text: string): string | undefined {
  return /(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/i.exec(text)?.[0];
}
