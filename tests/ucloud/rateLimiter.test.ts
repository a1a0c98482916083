import * as assert from "node:assert/strict";
import { createRateLimiter, StarvedError } from "../../provider/ucloud/rateLimiter";
import { createEventClock, createInstantClock, NEVER } from "./fakeClock";
import {
  createFixedWindow,
  createSlidingWindow,
  createStray,
  createTokenBucket,
  sendBatch,
} from "./throttledApi";

/** How long the next `count` turns take together, in milliseconds. */
async function timeTurns(
  clock: ReturnType<typeof createInstantClock>,
  pace: ReturnType<typeof createRateLimiter>,
  count: number,
): Promise<number> {
  const startedAt = clock.now();
  for (let turn = 0; turn < count; turn++) await pace.takeTurn(NEVER);
  return clock.now() - startedAt;
}

describe("pace", () => {
  it("lets requests go at once as long as nothing is throttled", async () => {
    const clock = createInstantClock();
    const pace = createRateLimiter(clock);
    assert.equal(await timeTurns(clock, pace, 5000), 0);
    assert.deepEqual(clock.slept, []);
  });

  it("slows all that follow once one is throttled", async () => {
    const clock = createInstantClock();
    const pace = createRateLimiter(clock);
    const sentAt = await pace.takeTurn(NEVER);
    pace.reportThrottled(sentAt);
    assert.ok((await timeTurns(clock, pace, 10)) >= 200);
  });

  it("follows what the API accepted where enough was", async () => {
    const clock = createInstantClock();
    const pace = createRateLimiter(clock);
    for (let sent = 0; sent < 100; sent++) {
      await pace.takeTurn(NEVER);
      pace.reportAccepted();
    }
    await clock.sleep(10, NEVER);
    pace.reportThrottled(await pace.takeTurn(NEVER));
    // 70 % of 100 a second, and growing.
    const tookMs = await timeTurns(clock, pace, 70);
    assert.ok(tookMs > 850 && tookMs < 1000, `${tookMs} ms`);
  });

  it("is cut once for requests that were under way together", async () => {
    const times = await Promise.all(
      [1, 8].map(async (count) => {
        const clock = createInstantClock();
        const pace = createRateLimiter(clock);
        const sentAt = await pace.takeTurn(NEVER);
        await clock.sleep(20, NEVER);
        for (let report = 0; report < count; report++) pace.reportThrottled(sentAt);
        return timeTurns(clock, pace, 20);
      }),
    );
    assert.equal(times[0], times[1]);
  });

  it("recovers until it is no limit any more", async () => {
    const clock = createInstantClock();
    const pace = createRateLimiter(clock);
    pace.reportThrottled(await pace.takeTurn(NEVER));
    await clock.sleep(60_000, NEVER);
    assert.equal(await timeTurns(clock, pace, 1000), 0);
  });

  it("waits as long as the API asks, those included that were waiting before", async () => {
    const clock = createEventClock();
    const pace = createRateLimiter(clock);
    const startedAt = clock.now();
    pace.reportThrottled(await pace.takeTurn(NEVER));
    const waiting = Array.from({ length: 5 }, () => pace.takeTurn(NEVER));
    pace.reportThrottled(startedAt, 3000);
    const turns = await clock.run(Promise.all(waiting));
    assert.ok(Math.min(...turns) >= startedAt + 3000, String(turns));
  });

  it("keeps to the longest wait that was asked for", async () => {
    const clock = createInstantClock();
    const pace = createRateLimiter(clock);
    const sentAt = await pace.takeTurn(NEVER);
    pace.reportThrottled(sentAt, 9000);
    pace.reportThrottled(sentAt, 1000);
    pace.reportThrottled(sentAt + 1);
    await pace.takeTurn(NEVER);
    assert.equal(clock.now(), sentAt + 9000);
  });

  it("lets no other call wait where the API asks for more than a minute", async () => {
    const clock = createInstantClock();
    const pace = createRateLimiter(clock);
    pace.reportThrottled(await pace.takeTurn(NEVER), 3_600_000);
    await pace.takeTurn(NEVER);
    assert.ok(clock.now() < 1000, `${clock.now()} ms`);
  });

  it("gives all up once the API accepted nothing for a minute, however many wait", async () => {
    const clock = createEventClock();
    const pace = createRateLimiter(clock);
    const startedAt = clock.elapsed();
    pace.reportThrottled(await pace.takeTurn(NEVER), 1000);
    const callForEver = async (): Promise<void> => {
      for (;;) pace.reportThrottled(await pace.takeTurn(NEVER, startedAt), 1000);
    };
    await clock.run(
      Promise.all(Array.from({ length: 20 }, () => assert.rejects(callForEver(), StarvedError))),
    );
    const seconds = (clock.elapsed() - startedAt) / 1000;
    assert.ok(seconds >= 60 && seconds < 62, `${seconds} s`);
  });

  it("waits on while the API accepts some", async () => {
    const clock = createEventClock();
    const pace = createRateLimiter(clock);
    const startedAt = clock.elapsed();
    const callThrice = async (): Promise<void> => {
      for (let call = 0; call < 3; call++) {
        pace.reportThrottled(await pace.takeTurn(NEVER, startedAt), 30_000);
        pace.reportAccepted();
      }
    };
    await clock.run(callThrice());
    assert.ok(clock.elapsed() - startedAt >= 60_000);
  });

  it("goes on at once when somebody sets the clock back", async () => {
    const clock = createInstantClock({ startMs: 1_000_000 });
    let setBackMs = 0;
    const pace = createRateLimiter({ ...clock, now: () => clock.now() - setBackMs });
    await pace.takeTurn(NEVER);
    setBackMs = 600_000;
    await pace.takeTurn(NEVER);
    assert.deepEqual(clock.slept, []);
  });

  it("ends the wait for a turn when it is aborted", async () => {
    const clock = createEventClock();
    const pace = createRateLimiter(clock);
    pace.reportThrottled(await pace.takeTurn(NEVER));
    const controller = new AbortController();
    const turn = assert.rejects(pace.takeTurn(controller.signal));
    controller.abort();
    await turn;
  });
});

describe("pace: against APIs that throttle, in simulated time", () => {
  const apis: {
    name: string;
    create: () => (nowMs: number) => boolean;
    count: number;
    atOnce?: number;
    /** Time it would take at best. */
    bestSeconds: number;
  }[] = [
    { name: "50 in any second", create: () => createSlidingWindow(50), count: 200, bestSeconds: 3 },
    { name: "50 in any second", create: () => createSlidingWindow(50), count: 1000, bestSeconds: 19 },
    {
      name: "50 in any second",
      create: () => createSlidingWindow(50),
      count: 400,
      atOnce: 64,
      bestSeconds: 7,
    },
    {
      name: "50 in each second of the clock",
      create: () => createFixedWindow(50),
      count: 400,
      bestSeconds: 7,
    },
    { name: "50 a second, 50 at once", create: () => createTokenBucket(50, 50), count: 400, bestSeconds: 7 },
    {
      name: "50 a second, 10 at once",
      create: () => createTokenBucket(50, 10),
      count: 400,
      bestSeconds: 7.8,
    },
    { name: "200 in any second", create: () => createSlidingWindow(200), count: 800, bestSeconds: 3.5 },
    { name: "10 in any second", create: () => createSlidingWindow(10), count: 100, bestSeconds: 9 },
  ];
  for (const { name, create, count, atOnce = 8, bestSeconds } of apis) {
    it(`${count} requests, ${atOnce} at once, all get through one that takes ${name}`, async () => {
      for (const seed of [1, 2, 3]) {
        const clock = createEventClock({ seed });
        const outcome = await clock.run(sendBatch(clock, { admit: create(), count, atOnce }));
        assert.equal(outcome.failed, 0);
        assert.ok(outcome.sent <= 1.2 * count, `${outcome.sent} sent`);
        assert.ok(outcome.seconds <= 1.6 * bestSeconds, `${outcome.seconds} s`);
      }
    });
  }

  for (const strays of [[1], [1, 2], [2, 3], [1, 9], [50], [50, 51]]) {
    it(`does not crawl after stray throttled answers to the requests ${strays.join(" and ")}`, async () => {
      const clock = createEventClock();
      const outcome = await clock.run(sendBatch(clock, { admit: createStray(...strays), count: 100 }));
      assert.deepEqual([outcome.failed, outcome.sent], [0, 100 + strays.length]);
      assert.ok(outcome.seconds < 2.5, `${outcome.seconds} s`);
    });
  }

  it("does not crawl after a stray throttled answer at the start of a later batch", async () => {
    const clock = createEventClock();
    const pace = createRateLimiter(clock);
    await pace.takeTurn(NEVER);
    pace.reportAccepted();
    await clock.run(clock.sleep(60_000, NEVER));
    pace.reportThrottled(await pace.takeTurn(NEVER));
    const startedAt = clock.now();
    await clock.run(
      (async () => {
        for (let turn = 0; turn < 100; turn++) await pace.takeTurn(NEVER);
      })(),
    );
    assert.ok(clock.now() - startedAt < 3000, `${clock.now() - startedAt} ms`);
  });

  for (const count of [1, 2, 8, 9, 64, 65, 500]) {
    it(`waits a minute for an API that asks for it, and then gets all of ${count} requests through`, async () => {
      for (const [seed, atOnce] of [
        [1, 8],
        [2, 64],
      ] as const) {
        const clock = createEventClock({ seed });
        const openAt = clock.now() + 60_000;
        const admit = (nowMs: number): boolean => nowMs >= openAt;
        const outcome = await clock.run(sendBatch(clock, { admit, retryAfterMs: 60_000, count, atOnce }));
        assert.equal(outcome.failed, 0);
        assert.ok(outcome.seconds < 90, `${outcome.seconds} s`);
      }
    });
  }

  it("waits for that too where the API throttled for most of a minute before without a word", async () => {
    const clock = createEventClock();
    const pace = createRateLimiter(clock);
    const startedAt = clock.elapsed();
    pace.reportThrottled(await pace.takeTurn(NEVER));
    await clock.run(clock.sleep(55_000, NEVER));
    pace.reportThrottled(clock.elapsed(), 60_000);
    const turns = Array.from({ length: 20 }, () => pace.takeTurn(NEVER, startedAt));
    await clock.run(Promise.all(turns));
    assert.ok(clock.elapsed() - startedAt >= 115_000);
  });

  it("ends within eight minutes where an API asks for a minute again and again, however many wait", async () => {
    for (const count of [8, 500, 2000]) {
      const clock = createEventClock();
      const admit = (): boolean => false;
      const outcome = await clock.run(sendBatch(clock, { admit, retryAfterMs: 60_000, count }));
      assert.equal(outcome.failed, count);
      assert.ok(outcome.seconds < 480, `${outcome.seconds} s`);
    }
  });
});
