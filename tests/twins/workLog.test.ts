import assert from "node:assert/strict";
import { Connections } from "../../provider/engine/connections";
import { LookupLines } from "../../provider/engine/lookupLines";
import { type EngineLog, runLookup } from "../../provider/engine/lookupSession";
import { createWorkLog } from "../../provider/engine/workLog";
import { createWorkWatch, followWork } from "../../provider/engine/workWatch";
import { resolveSettings } from "../../provider/ucloud/settings";
import type { Watch } from "../../provider/ucloud/watch";
import { createInstantClock, NEVER } from "../support/fakeClock";

const RETRY = {
  kind: "retry",
  action: "DescribeURedisBackup",
  delayMs: 4000,
  code: "Throttled",
  reason: "RetCode 153",
  attempt: 1,
  maxRetries: 3,
} as const;

describe("the log of what is under way", () => {
  const clock = createInstantClock();
  let shown: string[];
  const note = (level: string) => (text: string) => Promise.resolve(void shown.push(`${level} ${text}`));
  const log: EngineLog = {
    warn: note("warn"),
    info: note("info"),
    progress: note("progress"),
    debug: note("debug"),
  };

  beforeEach(() => (shown = []));

  it("says why a request waits: to all while it does, and with --debug once for each", () => {
    const { onWait } = createWorkLog({ log, clock, addLine: () => undefined });
    onWait?.(RETRY);
    onWait?.({ ...RETRY, code: "Unavailable", reason: "HTTP 503", attempt: 2, delayMs: 500 });
    onWait?.({ kind: "turn", action: "DescribeUMem", delayMs: 12_345 });
    onWait?.({ kind: "look", delayMs: 5000 });
    assert.deepEqual(shown, [
      "progress throttled; next attempt in 4.0 s, 3 of 3 left",
      "debug DescribeURedisBackup: attempt 1 failed, [Throttled] RetCode 153; next attempt in 4.0 s, 3 of 3 left.",
      "debug DescribeURedisBackup: attempt 2 failed, [Unavailable] HTTP 503; next attempt in 0.5 s, 2 of 3 left.",
      "debug DescribeUMem: throttled; next request in 12 s, since the API takes no more of them.",
    ]);
  });

  it("shows how much of a long list was read, once it takes more than two seconds", async () => {
    const { onPage } = createWorkLog({ log, clock, addLine: () => undefined });
    const page = { action: "DescribeUMem", pages: 3, rows: 300, totalCount: 1000 };
    onPage?.(page);
    await clock.sleep(2000, NEVER);
    onPage?.({ ...page, pages: 1 });
    onPage?.({ ...page, totalCount: undefined });
    onPage?.(page);
    await clock.sleep(1000, NEVER);
    onPage?.(page);
    assert.deepEqual(
      shown.filter((text) => text.startsWith("progress")),
      ["progress DescribeUMem: 300 rows in 3 pages", "progress DescribeUMem: 300 of 1000 rows in 3 pages"],
    );
  });

  it("tells whoever runs the task, and the host, of shared work", async () => {
    const told: string[] = [];
    const follow = (name: string): Watch => ({
      onWait: ({ delayMs }) => {
        told.push(`${name} ${delayMs}`);
        return () => told.push(`${name} end`);
      },
    });
    const watch = createWorkWatch(follow("host"));
    const wait = async (delayMs: number): Promise<void> => {
      await Promise.resolve();
      watch.onWait?.({ kind: "look", delayMs })?.();
    };
    await Promise.all([followWork(follow("a"), () => wait(1)), followWork(follow("b"), () => wait(2))]);
    assert.deepEqual(told.sort(), [
      "a 1",
      "a end",
      "b 2",
      "b end",
      "host 1",
      "host 2",
      "host end",
      "host end",
    ]);
  });

  it("tells of the same lookup once, and of the first 50 at info", async () => {
    const settings = resolveSettings({}, { env: {}, home: "/home/nobody", readFile: () => undefined });
    const session = { settings, connections: new Connections(), log, lines: new LookupLines() };
    await runLookup(session, ({ tell }) => {
      for (let lookup = 0; lookup < 52; lookup++)
        for (const text of [lookup, lookup]) tell?.(`Found ${text}`);
    });
    assert.equal(shown.filter((text) => text.startsWith("info Found")).length, 50);
    assert.deepEqual(shown.slice(50).sort(), [
      "debug Found 50",
      "debug Found 51",
      "info What more than 50 lookups found is shown with `--debug` only.",
    ]);
    await runLookup({ ...session, lines: undefined }, ({ tell }) => tell?.("Found 60"));
    assert.equal(shown.length, 53);
  });
});
