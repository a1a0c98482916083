import assert from "node:assert/strict";
import type { Clock } from "../../provider/ucloud/clock";
import { RateLimiter, StarvedError } from "../../provider/ucloud/rateLimiter";
import {
  createEventClock,
  createInstantClock,
  type EventClock,
  type InstantClock,
  NEVER,
} from "../support/fakeClock";
import {
  createFixedWindow,
  createSlidingWindow,
  createStray,
  createTokenBucket,
  sendBatch,
} from "./throttledApi";

type Admit = (nowMs: number) => boolean;

/** A limiter whose waits are skipped. */
function createLimiter(): { clock: InstantClock; limiter: RateLimiter } {
  const clock = createInstantClock();
  return { clock, limiter: new RateLimiter(clock) };
}

/** A limiter in simulated time. */
function createSimulatedLimiter(): { clock: EventClock; limiter: RateLimiter } {
  const clock = createEventClock();
  return { clock, limiter: new RateLimiter(clock) };
}

/** Takes `count` turns. @returns how long they took together, in milliseconds */
async function timeTurns(clock: Clock, limiter: RateLimiter, count: number): Promise<number> {
  const startedAt = clock.now();
  for (let turn = 0; turn < count; turn++) await limiter.takeTurn({ signal: NEVER });
  return clock.now() - startedAt;
}

describe("RateLimiter", () => {
  it("does not delay requests as long as nothing is throttled", async () => {
    const { clock, limiter } = createLimiter();
    assert.equal(await timeTurns(clock, limiter, 5000), 0);
    assert.deepEqual(clock.slept, []);
  });

  it("slows down all requests after a throttled one", async () => {
    const { clock, limiter } = createLimiter();
    const sentAt = await limiter.takeTurn({ signal: NEVER });
    limiter.reportThrottled(sentAt);
    assert.ok((await timeTurns(clock, limiter, 10)) >= 200);
  });

  it("sets the rate to a part of the accepted rate, once that can be measured", async () => {
    const { clock, limiter } = createLimiter();
    for (let sent = 0; sent < 100; sent++) {
      await limiter.takeTurn({ signal: NEVER });
      limiter.reportAccepted();
    }
    await clock.sleep(10, NEVER);
    limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }));
    // 70 % of 100 per second, and growing.
    const tookMs = await timeTurns(clock, limiter, 70);
    assert.ok(tookMs > 850 && tookMs < 1000, `${tookMs} ms`);
  });

  it("lowers the rate once for requests that were under way concurrently", async () => {
    const times = await Promise.all(
      [1, 8].map(async (count) => {
        const { clock, limiter } = createLimiter();
        const sentAt = await limiter.takeTurn({ signal: NEVER });
        await clock.sleep(20, NEVER);
        for (let report = 0; report < count; report++) limiter.reportThrottled(sentAt);
        return timeTurns(clock, limiter, 20);
      }),
    );
    assert.equal(times[0], times[1]);
  });

  it("recovers until nothing is limited", async () => {
    const { clock, limiter } = createLimiter();
    limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }));
    await clock.sleep(60_000, NEVER);
    assert.equal(await timeTurns(clock, limiter, 1000), 0);
  });

  it("waits as long as the API asks, also with requests that already wait", async () => {
    const { clock, limiter } = createSimulatedLimiter();
    const startedAt = clock.now();
    limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }));
    const waiting = Array.from({ length: 5 }, () => limiter.takeTurn({ signal: NEVER }));
    limiter.reportThrottled(startedAt, 3000);
    const turns = await clock.run(Promise.all(waiting));
    assert.ok(Math.min(...turns) >= startedAt + 3000, String(turns));
  });

  it("keeps the longest wait that the API asked for", async () => {
    const { clock, limiter } = createLimiter();
    const sentAt = await limiter.takeTurn({ signal: NEVER });
    limiter.reportThrottled(sentAt, 9000);
    limiter.reportThrottled(sentAt, 1000);
    limiter.reportThrottled(sentAt + 1);
    await limiter.takeTurn({ signal: NEVER });
    assert.equal(clock.now(), sentAt + 9000);
  });

  it("does not delay other calls if the API asks for more than a minute", async () => {
    const { clock, limiter } = createLimiter();
    limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }), 3_600_000);
    await limiter.takeTurn({ signal: NEVER });
    assert.ok(clock.now() < 1000, `${clock.now()} ms`);
  });

  it("fails all requests once the API accepted nothing for a minute", async () => {
    const { clock, limiter } = createSimulatedLimiter();
    const startedAt = clock.elapsed();
    limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }), 1000);
    const callForEver = async (): Promise<void> => {
      for (;;) limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }, startedAt), 1000);
    };
    await clock.run(
      Promise.all(Array.from({ length: 20 }, () => assert.rejects(callForEver(), StarvedError))),
    );
    const seconds = (clock.elapsed() - startedAt) / 1000;
    assert.ok(seconds >= 60 && seconds < 62, `${seconds} s`);
  });

  it("continues to wait while the API accepts some requests", async () => {
    const { clock, limiter } = createSimulatedLimiter();
    const startedAt = clock.elapsed();
    const callThrice = async (): Promise<void> => {
      for (let call = 0; call < 3; call++) {
        limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }, startedAt), 30_000);
        limiter.reportAccepted();
      }
    };
    await clock.run(callThrice());
    assert.ok(clock.elapsed() - startedAt >= 60_000);
  });

  it("does not wait if the machine's clock is set back", async () => {
    const clock = createInstantClock({ startMs: 1_000_000 });
    let setBackMs = 0;
    const limiter = new RateLimiter({ ...clock, now: () => clock.now() - setBackMs });
    await limiter.takeTurn({ signal: NEVER });
    setBackMs = 600_000;
    await limiter.takeTurn({ signal: NEVER });
    assert.deepEqual(clock.slept, []);
  });

  it("ends the wait for a turn when the call is aborted", async () => {
    const { limiter } = createSimulatedLimiter();
    limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }));
    const controller = new AbortController();
    const turn = assert.rejects(limiter.takeTurn(controller));
    controller.abort();
    await turn;
  });
});

describe("RateLimiter: throttling APIs, in simulated time", () => {
  const sliding50 = (): Admit => createSlidingWindow(50);
  /** `bestSeconds` is the time it would take at best. */
  const apis: [name: string, create: () => Admit, count: number, atOnce: number, bestSeconds: number][] = [
    ["50 in any second", sliding50, 200, 8, 3],
    ["50 in any second", sliding50, 1000, 8, 19],
    ["50 in any second", sliding50, 400, 64, 7],
    ["50 in each second of the clock", () => createFixedWindow(50), 400, 8, 7],
    ["50 a second in bursts of 50", () => createTokenBucket(50, 50), 400, 8, 7],
    ["50 a second in bursts of 10", () => createTokenBucket(50, 10), 400, 8, 7.8],
    ["200 in any second", () => createSlidingWindow(200), 800, 8, 3.5],
    ["10 in any second", () => createSlidingWindow(10), 100, 8, 9],
  ];
  for (const [name, create, count, atOnce, bestSeconds] of apis) {
    it(`gets all of ${count} requests, ${atOnce} concurrently, through an API that accepts ${name}`, async () => {
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
    it(`stays fast after stray throttled answers to the requests ${strays.join(" and ")}`, async () => {
      const clock = createEventClock();
      const outcome = await clock.run(sendBatch(clock, { admit: createStray(...strays), count: 100 }));
      assert.deepEqual([outcome.failed, outcome.sent], [0, 100 + strays.length]);
      assert.ok(outcome.seconds < 2.5, `${outcome.seconds} s`);
    });
  }

  it("stays fast after a stray throttled answer at the start of a later batch", async () => {
    const { clock, limiter } = createSimulatedLimiter();
    await limiter.takeTurn({ signal: NEVER });
    limiter.reportAccepted();
    await clock.run(clock.sleep(60_000, NEVER));
    limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }));
    const tookMs = await clock.run(timeTurns(clock, limiter, 100));
    assert.ok(tookMs < 3000, `${tookMs} ms`);
  });

  for (const count of [1, 2, 8, 9, 64, 65, 500]) {
    it(`waits a minute if the API asks for it, and then gets all of ${count} requests through`, async () => {
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

  it("does so too if the API throttled for most of a minute before, without Retry-After", async () => {
    const { clock, limiter } = createSimulatedLimiter();
    const startedAt = clock.elapsed();
    limiter.reportThrottled(await limiter.takeTurn({ signal: NEVER }));
    await clock.run(clock.sleep(55_000, NEVER));
    limiter.reportThrottled(clock.elapsed(), 60_000);
    const turns = Array.from({ length: 20 }, () => limiter.takeTurn({ signal: NEVER }, startedAt));
    await clock.run(Promise.all(turns));
    assert.ok(clock.elapsed() - startedAt >= 115_000);
  });

  it("fails within eight minutes if the API asks for a minute again and again", async () => {
    for (const count of [8, 500, 2000]) {
      const clock = createEventClock();
      const admit = (): boolean => false;
      const outcome = await clock.run(sendBatch(clock, { admit, retryAfterMs: 60_000, count }));
      assert.equal(outcome.failed, count);
      assert.ok(outcome.seconds < 480, `${outcome.seconds} s`);
    }
  });
});
