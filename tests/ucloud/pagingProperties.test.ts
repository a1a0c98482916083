import * as assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { createUMemLedger } from "../../provider/ucloud/ledgers";
import { readListing } from "../../provider/ucloud/paging";
import type { WireObject } from "../../provider/ucloud/wire";
import { createURedisRows, FakeList, type ListManners } from "./fakeList";

type CountTotal = NonNullable<ListManners["countTotal"]>;

/** What a server may say; none of it may change which rows are found. */
const countings: Readonly<Record<string, CountTotal>> = {
  exact: (rows) => rows.length,
  absent: () => undefined,
  zero: () => 0,
  one: () => 1,
  tooBig: (rows) => 2 * rows.length + 1000,
  // Too big on the first pages, absent later.
  fading: (rows, page) => (page[0] === rows[0] ? rows.length + 7 : undefined),
};

const counting = fc.constantFrom(...Object.keys(countings));
/** Lets answers overtake each other, the same way in each run. */
const speed = fc.integer({ min: 1, max: 5 });

function delayBy(factor: number): NonNullable<ListManners["onRequest"]> {
  return async (number) => {
    for (let turn = 0; turn < (number * factor) % 5; turn++) await Promise.resolve();
  };
}

describe("paging: properties", () => {
  const plan = fc.record({
    count: fc.oneof(fc.integer({ min: 0, max: 450 }), fc.constantFrom(0, 1, 99, 100, 101, 200, 300)),
    // From 2 on, so that no first page can be as short as the wrong count "one" says.
    cap: fc.oneof(fc.integer({ min: 2, max: 150 }), fc.constantFrom(100, 1000)),
    counting,
    maxReadAhead: fc.integer({ min: 1, max: 9 }),
    gaps: fc.dictionary(fc.integer({ min: 0, max: 450 }).map(String), fc.integer({ min: 1, max: 90 })),
    speed,
  });

  it("brings every row exactly once and in order, whatever the pages and counts are like", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ count, cap, counting, maxReadAhead, gaps, speed }) => {
        const list = new FakeList(createURedisRows(count), {
          cap,
          countTotal: countings[counting] as CountTotal,
          maxReadAhead,
          shortBy: (offset) => Math.min(gaps[offset] ?? 0, cap - 2),
          onRequest: delayBy(speed),
        });
        const listing = await readListing(list);
        assert.deepEqual(listing.rows, list.rows);
        assert.deepEqual(listing.warnings, []);
        assert.ok(list.peak <= maxReadAhead, `${list.peak} under way`);
      }),
      { numRuns: 500 },
    );
  });

  it("asks for as few pages as there are where the server is honest, one more where the last is full", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ count, cap, maxReadAhead, speed }) => {
        const list = new FakeList(createURedisRows(count), {
          cap: Math.min(cap, 100),
          maxReadAhead,
          onRequest: delayBy(speed),
        });
        await readListing(list);
        const size = Math.min(cap, 100);
        // A first page that is short and all there is ends it; so does any later one.
        const needed = count < size || count % size !== 0 ? Math.ceil(count / size) : count / size + 1;
        const isOneShortPage = count === size && size < 100;
        assert.equal(list.asked.length, isOneShortPage ? 1 : Math.max(1, needed));
      }),
      { numRuns: 300 },
    );
  });

  it("ends and brings nothing twice when one page comes for ever, from wherever on", async () => {
    await fc.assert(
      fc.asyncProperty(plan, fc.integer({ min: 0, max: 400 }), async (given, stuckAt) => {
        const list = new FakeList(createURedisRows(given.count), {
          cap: given.cap,
          countTotal: countings[given.counting] as CountTotal,
          maxReadAhead: given.maxReadAhead,
          bendOffset: (offset) => Math.min(offset, stuckAt),
        });
        const { rows } = await readListing(list);
        const start = list.rows.slice(0, rows.length);
        assert.deepEqual(rows, start);
        assert.ok(list.asked.length <= 2 * (given.count / Math.min(given.cap, 100) + 10) + 900 / given.cap);
      }),
      { numRuns: 300 },
    );
  });

  it("brings what is there after one change, where the API counts right", async () => {
    const change = fc.record({
      at: fc.integer({ min: 1, max: 8 }),
      from: fc.nat(400),
      size: fc.integer({ min: 1, max: 120 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, change, fc.boolean(), async (given, { at, from, size }, isGrowth) => {
        const list = new FakeList(createURedisRows(given.count), {
          cap: Math.min(given.cap, 100),
          maxReadAhead: given.maxReadAhead,
          onRequest: (number, _asked, self) => {
            if (number !== at) return;
            const added = isGrowth ? createURedisRows(size, "added") : [];
            self.rows = self.rows.toSpliced(from, isGrowth ? 0 : size, ...added);
          },
        });
        const before = list.rows;
        const listing = await readListing(list);
        // A change after the last page that mattered is one that nobody could have seen.
        const expected = listing.rows.length === before.length ? [before, list.rows] : [list.rows];
        assert.ok(expected.some((rows) => isDeepStrictEqual(rows, listing.rows)));
        assert.deepEqual(listing.warnings, []);
      }),
      { numRuns: 300 },
    );
  });
});

describe("paging: properties of UMem lists", () => {
  /** Shards of backups, some missing; `isAlike` ones have nothing that tells them apart. */
  const shards = fc
    .array(
      fc.record({ blockCount: fc.integer({ min: 1, max: 8 }), missing: fc.nat(3), isAlike: fc.boolean() }),
      { maxLength: 30 },
    )
    .map((backups) =>
      backups.flatMap(({ blockCount, missing, isAlike }, backup) =>
        Array.from({ length: Math.max(1, blockCount - missing) }, (_, shard) => ({
          BackupId: `backup-${backup}`,
          BlockCount: blockCount,
          ...(isAlike ? {} : { CreateTime: shard }),
        })),
      ),
    );
  const shuffled = shards.chain((rows) =>
    fc.oneof(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
  );
  const cap = fc.integer({ min: 2, max: 110 });

  it("keeps every shard, however alike, whatever the order and the pages", async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, cap, counting, async (rows, cap, counting) => {
        const list = new FakeList(rows, {
          cap,
          createLedger: createUMemLedger,
          countTotal: countings[counting] as CountTotal,
        });
        const listing = await readListing(list);
        assert.deepEqual(listing.rows, rows);
        assert.deepEqual(listing.warnings, []);
      }),
      { numRuns: 500 },
    );
  });

  it("adds nothing when the first page comes for ever", async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, cap, counting, async (rows, cap, counting) => {
        const list = new FakeList(rows, {
          cap,
          createLedger: createUMemLedger,
          countTotal: countings[counting] as CountTotal,
          bendOffset: () => 0,
        });
        const listing = await readListing(list);
        assert.deepEqual(listing.rows, rows.slice(0, Math.min(cap, 100)));
      }),
      { numRuns: 500 },
    );
  });

  it("counts no shard twice when a row appears at the head, even where nothing is counted", async () => {
    const added: WireObject = { BackupId: "added", BlockCount: 1 };
    await fc.assert(
      fc.asyncProperty(shuffled, cap, fc.integer({ min: 1, max: 6 }), async (rows, cap, at) => {
        const list = new FakeList(rows, {
          cap,
          createLedger: createUMemLedger,
          countTotal: () => undefined,
          onRequest: (number, _asked, self) => {
            if (number === at) self.rows = [added, ...self.rows];
          },
        });
        const listing = await readListing(list);
        assert.ok(isDeepStrictEqual(listing.rows, list.rows) || isDeepStrictEqual(listing.rows, rows));
      }),
      { numRuns: 500 },
    );
  });
});
