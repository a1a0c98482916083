/** Checks what the plugin answered after a fault. */
import assert from "node:assert/strict";
import { pluck } from "../support/knownFleet";
import { dropLookupLines, isLookupLine } from "../support/lookupLines";
import type { Properties } from "../support/pluginClient";
import type { StandInEngine } from "../support/standInEngine";
import { type Answered, type Arrangement, type Refused, type Service, SERVICES } from "./faultCase";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** A result, or the text of a failure. */
export type Settled = { readonly result: Properties } | { readonly details: string };

/** A call that has ended. */
export interface Call {
  readonly service: Service;
  readonly arrangement: Arrangement;
  readonly settled: Settled;
  /** The messages that the engine received meanwhile. */
  readonly messages: StandInEngine["messages"];
  readonly ms: number;
}

/** Checks a complete answer, and returns a text to print. */
export function checkAnswer(
  { service, arrangement, settled, messages, ms }: Call,
  { requests, warning, check, atLeastMs = 0 }: Answered,
): string {
  assert.ok("result" in settled, `failed: ${"details" in settled ? settled.details : ""}`);
  const { result } = settled;
  const { backupIds, usableIds, newerIds } = arrangement.known;
  assert.deepEqual(pluck(result["backups"], "backupId"), backupIds);
  assert.equal((result["latest"] as { backupId?: string } | undefined)?.backupId, usableIds[0]);
  assert.deepEqual(pluck(result["skipped"], "backupId"), newerIds);
  check?.(result);
  if (requests !== undefined) assert.equal(arrangement.countRequests?.(), requests[service], "requests");
  assert.ok(messages.filter(isLookupLine).length <= 1, "told of more than once");
  // Without the scope at the end of a warning.
  const texts = dropLookupLines(messages).map(([, text]) => text.replace(/ \([^()]*\)$/, ""));
  assert.deepEqual(texts, warning === undefined ? [] : [warning]);
  assert.ok(ms >= atLeastMs, `took ${ms} ms only`);
  return warning === undefined ? "complete answer" : "complete answer, with a warning";
}

/** Checks a failure word by word, and returns a text to print. */
export function checkRefusal(
  { service, arrangement, settled, messages }: Call,
  expected: Refused & { readonly or: string | undefined },
): string {
  assert.ok("details" in settled, "was answered");
  assert.ok(!messages.some(isLookupLine), "told of what was not found");
  const { details } = settled;
  const { code, or, attempts, advice } = expected;
  const what = or !== undefined && details.includes(or) ? or : expected.what;
  const count = `${attempts} attempt${attempts === 1 ? "" : "s"}`;
  // The called host, where no answer arrived.
  const peer = "(?: at [^`]+ \\(`baseUrl` from .+?\\)(?: through the proxy .+?\\))?| at the proxy .+?\\))?";
  const { action } = SERVICES[service];
  const [before, after] = [`[${code}] ${action} (`, `) failed: ${what}. ${count}`].map(escapePattern);
  const pattern = new RegExp(
    `^${before}[^()]+${after}${peer}(?:, request uuid ${UUID})?\\. ${escapePattern(advice)}$`,
  );
  assert.match(details, pattern);
  const { countRequests } = arrangement;
  if (countRequests !== undefined) assert.equal(countRequests(), attempts, "requests");
  return `[${code}] ${what}`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
