/** Judges what is around the answers: HTTP statuses, headers, repeated requests and the clock. */

import type { Attempt } from "../ucloud/watch";
import { countNoun, type Finding } from "./findings";

/** How far the two clocks may be apart, in seconds. */
const MAX_SKEW_SECONDS = 60;

/** What is to say of all attempts of a check. */
export function judgeTransport(attempts: readonly Attempt[]): readonly Finding[] {
  const heads = attempts.flatMap(({ head }) => head ?? []);
  const answers = countNoun(heads.length, "answer");
  const found: Finding[] = [];
  const note = (count: number, text: string): void => {
    if (count > 0)
      found.push({
        severity: "note",
        kind: "http",
        action: "HTTP",
        text: `${text} in ${count} of ${answers}`,
      });
  };
  const count = (isSuch: (head: (typeof heads)[number]) => boolean): number => heads.filter(isSuch).length;
  for (const status of new Set(heads.map((head) => head.status))) {
    if (status !== 200)
      note(
        count((head) => head.status === status),
        `status ${status}`,
      );
  }
  note(
    count(({ contentType }) => contentType !== "application/json"),
    "a Content-Type other than application/json",
  );
  note(
    count(({ requestId }) => requestId === undefined),
    "no X-UCLOUD-REQUEST-UUID",
  );
  note(
    count(({ date }) => readDate(date) === undefined),
    "no Date",
  );
  const headless = attempts.length - heads.length;
  if (headless > 0) {
    const text = `no answer to ${headless} of ${countNoun(attempts.length, "request")}`;
    found.push({ severity: "note", kind: "http", action: "HTTP", text });
  }
  return [...found, ...judgeClock(attempts)];
}

function judgeClock(attempts: readonly Attempt[]): readonly Finding[] {
  const skews = attempts.flatMap((attempt) => measureSkew(attempt) ?? []);
  // The smallest counts: a cache or a slow network can only make it larger.
  const [skew] = skews.sort((a, b) => Math.abs(a) - Math.abs(b));
  if (skew === undefined || Math.abs(skew) <= MAX_SKEW_SECONDS) return [];
  const side = skew > 0 ? "ahead of" : "behind";
  // In minutes, so that two checks say the same.
  const minutes = Math.round(Math.abs(skew) / 60);
  const text = `the API's clock is ${minutes} min ${side} this machine's; ages are counted by the latter`;
  return [{ severity: "difference", kind: "clock", action: "HTTP", text }];
}

/** By how many seconds the API's clock is ahead, at least. A `Date` has no fractions of a second. */
function measureSkew({ head, sentAtMs, answeredAtMs }: Attempt): number | undefined {
  const date = readDate(head?.date);
  if (date === undefined) return undefined;
  if (date > answeredAtMs) return (date - answeredAtMs) / 1000;
  return date + 1000 < sentAtMs ? (date + 1000 - sentAtMs) / 1000 : 0;
}

function readDate(text: string | undefined): number | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
