import assert from "node:assert/strict";
import { MAX_RETRY_AFTER_MS, MAX_BACKOFF_MS } from "../../provider/ucloud/retry";
import { readPage, readTable } from "../support/markdown";
import { describeFault, reportedFaults, survivedFaults } from "./faultTable";

describe("docs/faults.md", () => {
  const page = readPage("docs/faults.md");

  it("lists every fault that is survived, with what the user sees", () => {
    assert.deepEqual(readTable(page, "What goes wrong"), survivedFaults.map(describeFault));
  });

  it("lists every fault that is reported, with the attempts and the words of the error", () => {
    assert.deepEqual(readTable(page, "What stays wrong"), reportedFaults.map(describeFault));
  });

  it("says how long a request and its retries take at most", () => {
    for (const ms of [MAX_RETRY_AFTER_MS, MAX_BACKOFF_MS]) assert.ok(page.text.includes(`${ms / 1000} s`));
    assert.match(page.text, /`\(maxRetries \+ 1\) × timeoutSeconds`/);
  });

  it("names no fault twice", () => {
    const names = [...survivedFaults, ...reportedFaults].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});
