import { createWriter, type Writer, type WriterOptions } from "../../provider/ucloud/writer";
import type { WriteOutcome } from "../../provider/ucloud/writeOutcome";
import { createInstantClock } from "../support/fakeClock";
import { KEYS } from "../support/loopback";

/** Creates a writer to a server. By default it sends nothing again and does not wait in real time. */
export function openWriter(url: string, options: Partial<WriterOptions> = {}): Writer {
  return createWriter({
    baseUrl: url,
    credentials: KEYS,
    maxRetries: 0,
    timeoutSeconds: 10,
    answerSeconds: 10,
    maxConcurrency: 8,
    version: "1.2.3-test",
    clock: createInstantClock(),
    ...options,
  });
}

/** What an outcome says, in short. */
export function describeOutcome(outcome: WriteOutcome): string {
  if (outcome.kind === "accepted") return "accepted";
  if (outcome.kind === "unknown") return `unknown ${outcome.error.code}`;
  return `refused ${outcome.error.code}${outcome.isTryLater ? ", try later" : ""}`;
}
