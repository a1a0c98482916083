/** The messages in docs/errors.md, one for each code, which tests produce and compare. */

import assert from "node:assert/strict";
import { listBlocks, readPage } from "./markdown";

/** The codes that only writes have. The other ones are those of lookups. */
export const writeCodes = [
  "AlreadyExists",
  "OutcomeUnknown",
  "CreateFailed",
  "FinalBackupFailed",
  "Cancelled",
] as const;

/** A section for each code, by its heading. */
const sections = new Map(
  readPage("docs/errors.md")
    .text.split(/^(?=##+ )/m)
    .flatMap((text) => {
      const [, code] = /^### `(\w+)`\n/.exec(text) ?? [];
      return code === undefined ? [] : [[code, text] as const];
    }),
);

/** The codes that have a section on the page, in its order. */
export const explainedCodes: readonly string[] = [...sections.keys()];

/**
 * Compares a message that a test produced with the one on the page. What differs between runs is `…` on both sides: ids,
 * times and ports.
 */
export function expectOnPage(code: string, message: string): void {
  const text = sections.get(code) ?? assert.fail(`docs/errors.md does not explain ${code}`);
  const [block] = listBlocks({ name: code, text }, ["text"]);
  assert.equal(block?.code.replaceAll(/\s+/g, " ").trim(), normalise(message), `docs/errors.md, ${code}`);
}

/** The message from its code on, in one line, without what differs between runs. */
function normalise(message: string): string {
  return message
    .slice(Math.max(0, message.search(/\[[A-Z]\w+\] /)))
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "…")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…")
    .replaceAll(/\b20\d\d-[\d-]{5}T[\d:.]+Z/g, "…")
    .replaceAll(/\b(u(?:redis|dredis))-(?!abc)\w{8}\b/g, "$1-…")
    .replaceAll(/\borders-restored-[0-9a-f-]{10,}/g, "orders-restored-…")
    .replaceAll(/within [\d.]+ s\b/g, "within … s")
    .replaceAll(/\s+/g, " ")
    .trim();
}
