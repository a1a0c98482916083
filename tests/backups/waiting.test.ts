import assert from "node:assert/strict";
import type { RawArguments } from "../../provider/backups/arguments";
import { readURedisBackup } from "../../provider/backups/uredis";
import type { Waiting } from "../../provider/backups/waiting";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createInstantClock, NEVER } from "../support/fakeClock";
import { createURedisRow as uredis, FakeCloud, NOW_SECONDS } from "./fakeCloud";

const UREDIS = "ucloud-redis:index:getLatestURedisBackup";
const UMEM = "ucloud-redis:index:getLatestUMemBackup";
const GROUP = { groupId: "g", waitForRunning: "20m" };
const MINUTE = 1 / 60;
const OUTAGE = new RedisBackupError("Unavailable", "HTTP 503", { isOutage: true });

type Answer = readonly JsonObject[] | Error;

const old = uredis("old", 10);
const running = uredis("new", 5 * MINUTE, "Backuping");
const done = uredis("new", 5 * MINUTE);

/** Shards of one backup of the space `s`, made a minute ago. */
function shards(BackupId: string, states: readonly string[], hoursAgo = MINUTE): JsonObject[] {
  const CreateTime = NOW_SECONDS - hoursAgo * 3600;
  return states.map((State) => ({ BackupId, State, BlockCount: states.length, SpaceId: "s", CreateTime }));
}

/** A cloud that answers each look with the next of `answers`, and then with the last one again. */
function createCloud(answers: readonly Answer[], waiting: Partial<Waiting> = {}) {
  const clock = createInstantClock({ startMs: NOW_SECONDS * 1000 });
  const progress: string[] = [];
  let looks = 0;
  const cloud = new FakeCloud(() => {
    const answer = answers[Math.min(looks++, answers.length - 1)] ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  });
  cloud.now = () => new Date(clock.now());
  const reportProgress = (text: string): void => void progress.push(text);
  cloud.waiting = { mode: "wait", clock, signal: NEVER, reportProgress, ...waiting };
  return { cloud, clock, progress };
}

/** What the lookup chooses, and after how many seconds. */
async function choose(
  given: ReturnType<typeof createCloud>,
  args: RawArguments = GROUP,
): Promise<{ id: string; seconds: number; stale: boolean }> {
  const { backupId, stale } = await given.cloud.call(UREDIS, args);
  return { id: backupId, stale, seconds: Math.round(given.clock.elapsed() / 1000 - NOW_SECONDS) };
}

describe("a running backup", () => {
  it("is waited for until it is done, and then chosen", async () => {
    const given = createCloud([
      [old, running],
      [old, running],
      [old, running],
      [old, done],
    ]);
    assert.equal((await choose(given)).id, "new");
    assert.deepEqual(given.cloud.notices, [
      "Waits for running backup `new` of URedis group g in cn-bj2, started at 2023-11-14T22:08:20.000Z, 5m ago: at most 20m.",
    ]);
    assert.deepEqual(given.progress, [
      "waiting for backup `new`: still running, 0s of 20m",
      "waiting for backup `new`: still running, 1s of 20m",
      "waiting for backup `new`: still running, 2s of 20m",
    ]);
    assert.deepEqual(given.clock.slept, [1000, 1500, 2250]);
    assert.deepEqual(given.cloud.warnings, []);
  });

  it("of a space is one whose shards are not all done", async () => {
    const before = shards("old", ["Done", "Done"], 10);
    const given = createCloud([
      [...before, ...shards("new", ["Starting", "Starting"])],
      [...before, ...shards("new", ["Done", "Starting"])],
      [...before, ...shards("new", ["Done", "Done"])],
    ]);
    const found = await given.cloud.call(UMEM, { zone: "z", spaceId: "s", waitForRunning: "1h" });
    assert.equal(found.backupId, "new");
    assert.deepEqual(given.progress, [
      "waiting for backup `new`: still running, 0s of 1h",
      "waiting for backup `new`: 1 of 2 shards done, 1s of 1h",
    ]);
  });

  it("is asked for less and less often, and once more when the time is up", async () => {
    const given = createCloud([[old, running]]);
    assert.deepEqual(await choose(given, { ...GROUP, waitForRunning: "100s" }), {
      id: "old",
      seconds: 100,
      stale: false,
    });
    const { slept } = given.clock;
    assert.ok(slept.slice(0, -1).every((ms, i) => ms >= (slept[i - 1] ?? 1000) && ms <= 15_000));
    assert.equal(Math.max(...slept), 15_000);
    assert.equal(given.cloud.asked.length, slept.length + 1);
    assert.deepEqual(given.cloud.warnings, [
      "g: running backup `new` was not done after 1m 40s, so that it is not waited for any longer. (URedis group g in cn-bj2)",
    ]);
  });

  for (const [title, end, expected] of [
    ["failed", uredis("new", 5 * MINUTE, "Error"), "old"],
    ["vanished", undefined, "old"],
  ] as const) {
    it(`ends the wait if it ${title}`, async () => {
      const given = createCloud([[old, running], end === undefined ? [old] : [old, end]]);
      assert.deepEqual(await choose(given), { id: expected, seconds: 1, stale: false });
      assert.deepEqual(given.cloud.warnings, []);
    });
  }

  it("that comes up during the wait is waited for too, within the same time", async () => {
    const newer = (State: string): JsonObject => uredis("newer", MINUTE, State);
    const given = createCloud([
      [old, running],
      [old, done, newer("Backuping")],
      [old, done, newer("Success")],
    ]);
    assert.equal((await choose(given)).id, "newer");
    assert.match(
      given.cloud.notices[1] ?? "",
      /^Waits for backup `newer` of .* as well, .* within the same 20m\.$/,
    );
    const endless = createCloud([
      [old, running],
      [old, done, newer("Backuping")],
    ]);
    assert.deepEqual(await choose(endless), { id: "new", seconds: 1200, stale: false });
  });

  it("is waited for although no other backup is usable", async () => {
    assert.equal((await choose(createCloud([[running], [done]]))).id, "new");
  });

  it("is waited for where the filters will keep it once it is done", async () => {
    const args = { ...GROUP, states: ["success"] };
    assert.equal((await choose(createCloud([[old, running], [done]]), args)).id, "new");
  });

  for (const [title, row, args] of [
    ["is older than the newest usable one", uredis("new", 11, "Backuping"), {}],
    ["is as old as the newest usable one", uredis("new", 10, "Backuping"), {}],
    ["has run for more than a day", uredis("new", 24 + MINUTE, "Backuping"), {}],
    ["is dated more than an hour ahead", uredis("new", -1 - MINUTE, "Backuping"), {}],
    ["has no date", uredis("new", undefined, "Backuping"), {}],
    ["does not pass a filter", { ...running, BackupType: "Manual" }, { backupTypes: ["Auto"] }],
    ["has already failed", uredis("new", 1, "Error"), {}],
    ["is in an unknown state", uredis("new", 1, "Odd"), {}],
  ] as const) {
    it(`is not waited for if it ${title}`, async () => {
      const before = { ...(title.includes("day") ? uredis("old", 30) : old), BackupType: "Auto" };
      const given = createCloud([[before, row]]);
      assert.deepEqual(await choose(given, { ...GROUP, ...args }), { id: "old", seconds: 0, stale: false });
      assert.equal(given.cloud.asked.length, 1);
      assert.deepEqual(given.cloud.notices, []);
    });
  }

  it("is waited for up to the last second of its day", async () => {
    const given = createCloud([[uredis("old", 30), uredis("new", 24, "Backuping")]]);
    assert.deepEqual(await choose(given), { id: "old", seconds: 1, stale: false });
  });

  it("is not waited for without waitForRunning, nor by a host that cannot wait", async () => {
    const without = createCloud([[old, running]]);
    assert.deepEqual(await choose(without, { groupId: "g" }), { id: "old", seconds: 0, stale: false });
    const deaf = createCloud([[old, running]]);
    deaf.cloud.waiting = undefined;
    assert.deepEqual(await choose(deaf), { id: "old", seconds: 0, stale: false });
    assert.deepEqual([without.cloud.notices, deaf.cloud.notices], [[], []]);
  });
});

describe("a wait for a running backup", () => {
  it("judges maxAge by the time at its end", async () => {
    const maxAge = "10h10m";
    const endless = createCloud([[old, running]]);
    await assert.rejects(choose(endless, { ...GROUP, maxAge }), { code: "StaleBackup" });
    const quick = createCloud([
      [old, running],
      [old, uredis("new", 5 * MINUTE, "Error")],
    ]);
    assert.equal((await choose(quick, { ...GROUP, maxAge })).id, "old");
    const mended = createCloud([[uredis("old", 30), running], [done]]);
    assert.equal((await choose(mended, { ...GROUP, maxAge })).id, "new");
  });

  it("shows a listing's warning once", async () => {
    const given = createCloud([[old, running], [old, running], [done]]);
    const { openApi } = given.cloud;
    given.cloud.openApi = () => {
      const api = openApi();
      const listURedisBackups: typeof api.listURedisBackups = async (query, page) => ({
        ...(await api.listURedisBackups(query, page)),
        warnings: ["It changed."],
      });
      return { ...api, listURedisBackups };
    };
    await choose(given);
    assert.deepEqual(given.cloud.warnings, ["It changed. (URedis group g in cn-bj2)"]);
  });

  it("ends at once when the user cancels", async () => {
    const controller = new AbortController();
    const clock = createInstantClock({ startMs: NOW_SECONDS * 1000 });
    const sleep = (ms: number, signal: AbortSignal): Promise<void> => {
      controller.abort();
      return clock.sleep(ms, signal);
    };
    const given = createCloud([[old, running]], {
      signal: controller.signal,
      clock: { ...clock, sleep },
    });
    await assert.rejects(choose(given), { code: "Cancelled" });
    assert.equal(given.cloud.asked.length, 1);
  });

  it("outlasts an outage", async () => {
    const given = createCloud([[old, running], OUTAGE, OUTAGE, [old, done]]);
    assert.equal((await choose(given)).id, "new");
    assert.deepEqual(given.cloud.warnings, []);
  });

  it("chooses from the last listing, with a warning, if the outage outlasts it", async () => {
    const given = createCloud([[old, running], OUTAGE]);
    assert.deepEqual(await choose(given), { id: "old", seconds: 1200, stale: false });
    const [late, outage, ...others] = given.cloud.warnings;
    assert.match(late ?? "", /^g: running backup `new` was not done after 20m/);
    assert.match(outage ?? "", /^g: the last listing counts, .*\[Unavailable\] HTTP 503 \(URedis group g/);
    assert.deepEqual(others, []);
  });

  it("is waited for in all places together at most so long", async () => {
    // Each place has one that never ends, and in the first none is usable.
    const given = createCloud([[running]]);
    const look = given.cloud.openApi;
    given.cloud.openApi = (options) => {
      const api = look(options);
      const inSecond: typeof api.listURedisBackups = async (query, page) => {
        const listing = await api.listURedisBackups(query, page);
        return query.region === "b"
          ? { ...listing, rows: [...listing.rows, readURedisBackup(old)] }
          : listing;
      };
      return { ...api, listURedisBackups: inSecond };
    };
    const locations = [{ region: "a" }, { region: "b" }];
    const { id, seconds } = await choose(given, { ...GROUP, locations });
    assert.deepEqual([id, seconds], ["old", 20 * 60]);
  });

  it("leaves a place that has an outage if there are others", async () => {
    const far = { ...done, BackupId: "far" };
    const given = createCloud([[old, running], OUTAGE, [far]]);
    const args = { groupId: "g", waitForRunning: "20m", locations: [{ region: "a" }, { region: "b" }] };
    assert.deepEqual(await choose(given, args), { id: "far", seconds: 1, stale: false });
    const lone = createCloud([[old, running], OUTAGE, [done]]);
    assert.equal((await choose(lone, { ...args, locations: [{ region: "a" }] })).id, "new");
  });

  it("fails as any other failure of a look does", async () => {
    for (const failure of [new RedisBackupError("Forbidden", "no"), new RangeError("odd")]) {
      await assert.rejects(choose(createCloud([[old, running], failure])), failure);
    }
    const other = { ...done, GroupId: "h" };
    await assert.rejects(choose(createCloud([[old, running], [other]])), { code: "AmbiguousSource" });
  });

  it("does not outlast an outage that it begins with", async () => {
    await assert.rejects(choose(createCloud([OUTAGE, [done]])), OUTAGE);
  });

  it("fails at the deadline of the operation, which is not that of the wait", async () => {
    const deadline = (NOW_SECONDS + 60) * 1000;
    const given = createCloud([[old, running]], { deadline });
    await assert.rejects(choose(given), {
      message:
        "[Timeout] g: backup `new` still runs after 1m, which is all the time that `customTimeouts` gives. Set them longer than `waitForRunning`.",
    });
    assert.equal(given.clock.elapsed(), deadline);
  });
});

describe("a preview of a wait for a running backup", () => {
  const preview = { mode: "announce" } as const;

  it("says what the update waits for, and goes on with what there is", async () => {
    const given = createCloud([[old, running]], preview);
    assert.deepEqual(await choose(given), { id: "old", seconds: 0, stale: false });
    assert.deepEqual(given.cloud.notices, [
      "The update will wait for running backup `new` of URedis group g in cn-bj2, started at 2023-11-14T22:08:20.000Z, 5m ago: at most 20m. This preview does not wait.",
    ]);
    assert.deepEqual([given.cloud.warnings, given.progress, given.cloud.asked.length], [[], [], 1]);
  });

  it("names the newest of several, and counts the others", async () => {
    const given = createCloud([[old, uredis("second", 0.5, "Backuping"), running]], preview);
    await choose(given);
    assert.match(given.cloud.notices[0] ?? "", / running backup `new` and 1 more of /);
  });

  it("goes on with a stale backup, and warns that the update fails if it stays so", async () => {
    const given = createCloud([[old, running]], preview);
    const args = { ...GROUP, maxAge: "9h" };
    assert.deepEqual(await choose(given, args), { id: "old", seconds: 0, stale: true });
    const [warning = "", ...others] = given.cloud.warnings;
    assert.match(warning, /^\[StaleBackup\] g: newest usable backup is 10h old, maxAge 9h\./);
    assert.match(
      warning,
      /\nThis preview goes on with it\. The update waits for backup `new` first, and fails if the newest usable one is still stale then\. Make a new backup/,
    );
    assert.deepEqual(others, []);
  });

  it("stays with the location whose backup the update waits for", async () => {
    const given = createCloud([[old, running], [uredis("far", 1)]], preview);
    const locations = [{ region: "a" }, { region: "b" }];
    const args = { ...GROUP, maxAge: "9h", locations };
    assert.deepEqual(await choose(given, args), { id: "old", seconds: 0, stale: true });
    assert.deepEqual(
      given.cloud.asked.map(({ region }) => region),
      ["a"],
    );
  });

  it("fails with a stale backup where nothing is waited for", async () => {
    const args = { ...GROUP, maxAge: "9h" };
    await assert.rejects(choose(createCloud([[old]], preview), args), { code: "StaleBackup" });
  });

  for (const [title, code, rows, args] of [
    ["nothing usable", "NoUsableBackup", [running], {}],
    ["nothing that the filters keep", "NoBackups", [running], { states: ["Success"] }],
    ["no known time", "AmbiguousSource", [uredis("a"), uredis("b"), running], {}],
  ] as const) {
    it(`fails with ${title}, and says that only the update waits`, async () => {
      await assert.rejects(choose(createCloud([rows], preview), { ...GROUP, ...args }), {
        code,
        message:
          /\nBackup `new` still runs, and only the update waits for it: `pulumi up --skip-preview`\. [A-Z]/,
      });
      const update = createCloud([rows, [...rows.slice(0, -1), done]]);
      assert.equal((await choose(update, { ...GROUP, ...args })).id, "new");
    });
  }
});
