import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** The name of the list of checksums. */
export const CHECKSUMS = "SHA256SUMS";

/** The name of the release's text, which says more than what was made, and so is not in the list. */
export const NOTES = "RELEASE_NOTES.md";

/** The SHA-256 of each file of a release, in the form that `sha256sum --check` reads, sorted by name. */
export function listChecksums(folder: string): string {
  const names = fs.readdirSync(folder).filter((name) => name !== CHECKSUMS && name !== NOTES);
  const lines = names.sort().map((name) => {
    const digest = createHash("sha256")
      .update(fs.readFileSync(path.join(folder, name)))
      .digest("hex");
    return `${digest}  ${name}\n`;
  });
  return lines.join("");
}
