import assert from "node:assert/strict";
import { MAX_BACKOFF_MS, MAX_RETRY_AFTER_MS } from "../../provider/ucloud/retry";
import { readPage, readTable } from "../support/markdown";
import { describeFault, reportedFaults, survivedFaults } from "./faultTable";

describe("docs/faults.md", () => {
  const page = readPage("docs/faults.md");

  for (const [title, heading, faults] of [
    ["lists every fault that is survived, with what the user sees", "What goes wrong", survivedFaults],
    [
      "lists every fault that is reported, with the attempts and the text of the error",
      "What stays wrong",
      reportedFaults,
    ],
  ] as const) {
    it(title, () => assert.deepEqual(readTable(page, heading), faults.map(describeFault)));
  }

  it("states the longest time of a request and its retries", () => {
    for (const ms of [MAX_RETRY_AFTER_MS, MAX_BACKOFF_MS]) assert.ok(page.text.includes(`${ms / 1000} s`));
    assert.match(page.text, /`\(maxRetries \+ 1\) × timeoutSeconds`/);
  });

  it("names no fault twice", () => {
    const names = [...survivedFaults, ...reportedFaults].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});
