import assert from "node:assert/strict";
import { judgePages, type Listing } from "../../provider/contract/pages";
import { judgeShards } from "../../provider/contract/shards";
import { judgeTransport } from "../../provider/contract/transport";
import type { Attempt } from "../../provider/ucloud/watch";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { writeFinding } from "./checkRuns";

/** Backups of a group, newest first. */
function createRows(count: number, from = 0): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({
    BackupId: `b${from + index}`,
    BackupTime: 1000 - from - index,
  }));
}

/** A list whose pages have these rows. */
function createList(
  pages: readonly JsonObject[][],
  more: Partial<Listing> & { total?: unknown } = {},
): Listing {
  const { total = pages.flat().length, ...rest } = more;
  const bodies = pages.map((DataSet) => ({ RetCode: 0, DataSet, TotalCount: total }));
  const [first = {}] = bodies;
  const again = pages[0] ?? [];
  const list = { first: { body: first }, bodies, rows: pages.flat(), again, isEnded: true };
  return { action: "DescribeURedisBackup", ...list, ...rest };
}

describe("judgePages", () => {
  const page = createRows(4);
  const cases: { title: string; list: Listing; found: string[] }[] = [
    { title: "finds nothing in one whole page, newest first", list: createList([page]), found: [] },
    {
      title: "notes pages shorter than asked for although there are more",
      list: createList([page, createRows(2, 4)]),
      found: ["asked for 100 rows, got 4 at most, although there are more"],
    },
    {
      title: "takes full pages for no cap",
      list: createList([createRows(100), createRows(3, 100)]),
      found: [],
    },
    {
      title: "notes more rows than asked for",
      list: createList([createRows(101)]),
      found: ["asked for 100 rows, got 101"],
    },
    {
      title: "notes a count that is absent",
      list: createList([page], { total: null }),
      found: ["absent, or no whole number"],
    },
    {
      title: "notes a count below the rows",
      list: createList([page], { total: 0 }),
      found: ["less than the rows: 0, and there are 4"],
    },
    {
      title: "notes a count above the rows of a list that has an end",
      list: createList([page], { total: 9 }),
      found: ["more than the rows: 9, and there are 4"],
    },
    {
      title: "does not compare a larger count with a list that was not read to its end",
      list: createList([page], { total: 9, isEnded: false }),
      found: [],
    },
    {
      title: "recognises a count of backups",
      list: createList([[...page, ...page]], { total: 4, action: "DescribeUMemBackup" }),
      found: ["counts backups: 4, in 8 rows"],
    },
    {
      title: "notes another order of an equal request",
      list: createList([page], { again: page.toReversed() }),
      found: ["two equal requests brought the same rows in another order"],
    },
    {
      title: "notes other rows of an equal request",
      list: createList([page], { again: createRows(4, 4) }),
      found: ["two equal requests brought different rows"],
    },
    {
      title: "notes rows that are not newest first",
      list: createList([page.toReversed()]),
      found: ["not newest first"],
    },
    {
      title: "takes an ignored Offset for a difference",
      list: createList([page, page], { total: 4, isEnded: false }),
      found: ["the next Offset brings the same rows again", "not newest first"],
    },
  ];
  for (const { title, list, found } of cases) {
    it(title, () => {
      const findings = judgePages(list);
      assert.deepEqual(
        findings.map(({ text }) => text),
        found,
      );
    });
  }
});

/** The rows of one backup. */
function createShards(id: string, rows: number, shards: number | string): JsonObject[] {
  return Array.from({ length: rows }, () => ({ BackupId: id, BlockCount: shards, State: "Done" }));
}

describe("judgeShards", () => {
  const cases: { title: string; rows: JsonObject[]; isEnded?: boolean; found: string[] }[] = [
    { title: "finds nothing where all shards are there", rows: createShards("a", 4, "4"), found: [] },
    {
      title: "notes backups with fewer rows than shards",
      rows: [...createShards("a", 3, 4), ...createShards("b", 4, 4)],
      found: ["note: 1 of 2 backups has fewer rows than its BlockCount"],
    },
    {
      title: "takes more rows than shards for a difference",
      rows: createShards("a", 5, 4),
      found: ["difference: 1 of 1 backup has more rows than its BlockCount"],
    },
    {
      title: "takes one row for each of three backups of several shards for a difference",
      rows: ["a", "b", "c"].flatMap((id) => createShards(id, 1, 4)),
      found: ["difference: a row is a whole backup: each of 3 backups of several shards has one row"],
    },
    {
      title: "does not take two lone rows for whole backups",
      rows: ["a", "b"].flatMap((id) => createShards(id, 1, 4)),
      found: ["note: 2 of 2 backups have fewer rows than its BlockCount"],
    },
    {
      title: "says that a list without an end was not checked",
      rows: createShards("a", 3, 4),
      isEnded: false,
      found: ["note: whether all shards have a row was not checked: the list goes on"],
    },
  ];
  for (const { title, rows, isEnded = true, found } of cases) {
    it(title, () => {
      const findings = judgeShards({ rows, isEnded });
      assert.deepEqual(
        findings.map(({ severity, text }) => `${severity}: ${text}`),
        found,
      );
    });
  }
});

describe("judgeTransport", () => {
  const now = Date.parse("2026-01-01T00:00:00.500Z");
  const head = {
    status: 200,
    requestId: "r",
    date: "Thu, 01 Jan 2026 00:00:00 GMT",
    contentType: "application/json",
  };
  const sent = { action: "DescribeUMem", region: "cn-bj2", number: 1, sentAtMs: now };
  const later = now + 2000;
  const attempt: Attempt = { ...sent, outcome: { body: {} }, head, answeredAtMs: later, endedAtMs: later };
  const date = (text: string): Attempt => ({ ...attempt, head: { ...head, date: text } });
  const cases: { title: string; attempts: Attempt[]; found: string[] }[] = [
    { title: "finds nothing in an answer as usual", attempts: [attempt], found: [] },
    {
      title: "allows a clock to be off by a minute",
      attempts: [date("Thu, 01 Jan 2026 00:01:02 GMT"), date("Wed, 31 Dec 2025 23:59:00 GMT")],
      found: [],
    },
    {
      title: "finds a clock that is ahead",
      attempts: [date("Thu, 01 Jan 2026 00:10:00 GMT")],
      found: [
        "difference HTTP: the API's clock is 10 min ahead of this machine's; ages are counted by the latter",
      ],
    },
    {
      title: "finds a clock that is behind",
      attempts: [date("Wed, 31 Dec 2025 22:00:00 GMT")],
      found: [
        "difference HTTP: the API's clock is 120 min behind this machine's; ages are counted by the latter",
      ],
    },
    {
      title: "does not blame the clock for one late answer",
      attempts: [date("Wed, 31 Dec 2025 22:00:00 GMT"), attempt],
      found: [],
    },
    {
      title: "notes statuses, headers and answers that did not come",
      attempts: [
        { ...attempt, head: { status: 502, contentType: "text/html" } },
        { ...sent, outcome: attempt.outcome, answeredAtMs: now, endedAtMs: now },
      ],
      found: [
        "note HTTP: status 502 in 1 of 1 answer",
        "note HTTP: a Content-Type other than application/json in 1 of 1 answer",
        "note HTTP: no X-UCLOUD-REQUEST-UUID in 1 of 1 answer",
        "note HTTP: no Date in 1 of 1 answer",
        "note HTTP: no answer to 1 of 2 requests",
      ],
    },
  ];
  for (const { title, attempts, found } of cases) {
    it(title, () => assert.deepEqual(judgeTransport(attempts).map(writeFinding), found));
  }
});
