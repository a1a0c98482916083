import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { UMemRowCollector } from "../../provider/ucloud/umemRows";
import { readListing } from "../../provider/ucloud/paging";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createURedisRows, FakeList, type ListBehaviour } from "./fakeList";

type CountTotal = NonNullable<ListBehaviour["countTotal"]>;

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

function delayBy(factor: number): NonNullable<ListBehaviour["onRequest"]> {
  return async (number) => {
    for (let turn = 0; turn < (number * factor) % 5; turn++) await Promise.resolve();
  };
}

const createUMem = (): UMemRowCollector<JsonObject> => new UMemRowCollector();

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

  it("asks for as few pages as there are where the server is honest, each repeating a row", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ count, cap, maxReadAhead, speed }) => {
        const list = new FakeList(createURedisRows(count), {
          cap: Math.min(cap, 100),
          maxReadAhead,
          onRequest: delayBy(speed),
        });
        await readListing(list);
        const size = Math.min(cap, 100);
        // A short page that is all there is ends it. Each further page brings one row less, as it repeats one.
        const isOnePage = count < size || (count === size && size < 100);
        assert.equal(list.requests.length, isOnePage ? 1 : Math.floor((count - size) / (size - 1)) + 2);
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
        assert.ok(
          list.requests.length <= 4 * (given.count / Math.min(given.cap, 100) + 10) + 900 / given.cap,
        );
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
          onRequest: (number, _request, self) => {
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

describe("paging: what was there all along", () => {
  const list = fc.record({
    count: fc.integer({ min: 1, max: 260 }),
    // From 2 on, so that no first page can be as short as the wrong count "one" says.
    cap: fc.oneof(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 13, max: 110 })),
    counting,
    maxReadAhead: fc.integer({ min: 1, max: 9 }),
  });
  const change = fc.record({
    at: fc.integer({ min: 1, max: 10 }),
    from: fc.nat(260),
    removed: fc.nat(6),
    to: fc.nat(260),
    added: fc.nat(6),
  });

  /** The ids in `rows` that the listing lacks. */
  function findMissed(rows: readonly JsonObject[], found: readonly JsonObject[]): unknown[] {
    const ids = new Set(found.map(({ BackupId }) => BackupId));
    return rows.map(({ BackupId }) => BackupId).filter((id) => !ids.has(id));
  }

  it("is found or warned of, whatever comes and goes meanwhile, even where the counts stay the same", async () => {
    await fc.assert(
      fc.asyncProperty(list, fc.array(change, { maxLength: 4 }), async (given, changes) => {
        let survivors: readonly JsonObject[] = createURedisRows(given.count);
        const source = new FakeList(survivors, {
          cap: given.cap,
          maxReadAhead: given.maxReadAhead,
          countTotal: countings[given.counting] as CountTotal,
          onRequest: (number, _request, self) => {
            for (const [index, { at, from, removed, to, added }] of changes.entries()) {
              if (at !== number) continue;
              const kept = self.rows.toSpliced(from, removed);
              survivors = survivors.filter((row) => kept.includes(row));
              self.rows = kept.toSpliced(to, 0, ...createURedisRows(added, `added-${index}`));
            }
          },
        });
        const { rows, warnings } = await readListing(source);
        if (warnings.length === 0) assert.deepEqual(findMissed(survivors, rows), []);
      }),
      { numRuns: 1500 },
    );
  });

  it("is found or warned of where the order changes from request to request", async () => {
    await fc.assert(
      fc.asyncProperty(list, fc.infiniteStream(fc.nat()), async (given, chance) => {
        const source = new FakeList(createURedisRows(given.count), {
          cap: given.cap,
          maxReadAhead: given.maxReadAhead,
          countTotal: (rows) => (given.counting === "exact" ? rows.length : undefined),
          onRequest: (_number, _request, self) => {
            const from = (chance.next().value ?? 0) % given.count;
            self.rows = [...self.rows.slice(from), ...self.rows.slice(0, from)];
          },
        });
        const { rows, warnings } = await readListing(source);
        if (warnings.length === 0) assert.deepEqual(findMissed(source.rows, rows), []);
      }),
      { numRuns: 1500 },
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

  it("keeps every shard that differs, and of those alike no more than there are, whatever the pages", async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, cap, counting, async (rows, cap, counting) => {
        const list = new FakeList(rows, {
          cap,
          createCollector: createUMem,
          countTotal: countings[counting] as CountTotal,
        });
        const listing = await readListing(list);
        assertNoneInvented(listing.rows, rows);
        assert.deepEqual(new Set(describeRows(listing.rows)), new Set(describeRows(rows)));
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
          createCollector: createUMem,
          countTotal: countings[counting] as CountTotal,
          bendOffset: () => 0,
        });
        const listing = await readListing(list);
        assert.deepEqual(describeRows(listing.rows), describeRows(rows.slice(0, Math.min(cap, 100))));
      }),
      { numRuns: 500 },
    );
  });

  it("counts no shard twice when a row appears at the head, even where nothing is counted", async () => {
    const added: JsonObject = { BackupId: "added", BlockCount: 1 };
    await fc.assert(
      fc.asyncProperty(shuffled, cap, fc.integer({ min: 1, max: 6 }), async (rows, cap, at) => {
        const list = new FakeList(rows, {
          cap,
          createCollector: createUMem,
          countTotal: () => undefined,
          onRequest: (number, _request, self) => {
            if (number === at) self.rows = [added, ...self.rows];
          },
        });
        const listing = await readListing(list);
        assertNoneInvented(listing.rows, list.rows);
      }),
      { numRuns: 500 },
    );
  });
});

function describeRows(rows: readonly JsonObject[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** Asserts that no row was found more often than it is there. */
function assertNoneInvented(found: readonly JsonObject[], there: readonly JsonObject[]): void {
  const left = describeRows(there);
  for (const row of describeRows(found)) {
    const index = left.indexOf(row);
    assert.ok(index >= 0, `${row} was found too often`);
    left.splice(index, 1);
  }
}
