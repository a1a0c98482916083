import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { readListing } from "../../provider/ucloud/paging";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { COUNTINGS, createURedisRows, FakeList, type ListBehaviour } from "./fakeList";

const counting = fc.constantFrom(...Object.values(COUNTINGS));
/** Lets answers overtake each other, in the same way in each run. */
const speed = fc.integer({ min: 1, max: 5 });

function delayBy(factor: number): NonNullable<ListBehaviour["onRequest"]> {
  return async (number) => {
    for (let turn = 0; turn < (number * factor) % 5; turn++) await Promise.resolve();
  };
}

describe("paging: properties", () => {
  const plan = fc.record({
    count: fc.oneof(fc.integer({ min: 0, max: 450 }), fc.constantFrom(0, 1, 99, 100, 101, 200, 300)),
    // From 2 on, so that no first page has the wrong count "one".
    cap: fc.oneof(fc.integer({ min: 2, max: 150 }), fc.constantFrom(100, 1000)),
    counting,
    maxReadAhead: fc.integer({ min: 1, max: 9 }),
    gaps: fc.dictionary(fc.integer({ min: 0, max: 450 }).map(String), fc.integer({ min: 1, max: 90 })),
    speed,
  });

  it("returns every row exactly once and in order, whatever the pages and counts", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ count, cap, counting, maxReadAhead, gaps, speed }) => {
        const list = new FakeList(createURedisRows(count), {
          cap,
          countTotal: counting,
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

  it("requests no more pages than an honest server has, each repeating a row", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ count, cap, maxReadAhead, speed }) => {
        const list = new FakeList(createURedisRows(count), {
          cap: Math.min(cap, 100),
          maxReadAhead,
          onRequest: delayBy(speed),
        });
        await readListing(list);
        const size = Math.min(cap, 100);
        // A short page that is all there is ends it. Each further page brings one row less, as it repeats
        // one.
        const isOnePage = count < size || (count === size && size < 100);
        assert.equal(list.requests.length, isOnePage ? 1 : Math.floor((count - size) / (size - 1)) + 2);
      }),
      { numRuns: 300 },
    );
  });

  it("ends and returns nothing twice if one page is repeated without end, from any offset on", async () => {
    await fc.assert(
      fc.asyncProperty(plan, fc.integer({ min: 0, max: 400 }), async (given, stuckAt) => {
        const list = new FakeList(createURedisRows(given.count), {
          cap: given.cap,
          countTotal: given.counting,
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

  it("returns what is there after one change, if TotalCount is right", async () => {
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
        // A change after the last page cannot be noticed.
        const expected = listing.rows.length === before.length ? [before, list.rows] : [list.rows];
        assert.ok(expected.some((rows) => isDeepStrictEqual(rows, listing.rows)));
        assert.deepEqual(listing.warnings, []);
      }),
      { numRuns: 300 },
    );
  });
});

describe("paging: rows that are there all the time", () => {
  const list = fc.record({
    count: fc.integer({ min: 1, max: 260 }),
    // From 2 on, so that no first page has the wrong count "one".
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

  it("are found, or there is a warning, whatever comes and goes meanwhile", async () => {
    await fc.assert(
      fc.asyncProperty(list, fc.array(change, { maxLength: 4 }), async (given, changes) => {
        let survivors: readonly JsonObject[] = createURedisRows(given.count);
        const source = new FakeList(survivors, {
          cap: given.cap,
          maxReadAhead: given.maxReadAhead,
          countTotal: given.counting,
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

  it("are found, or there is a warning, if the order changes from request to request", async () => {
    await fc.assert(
      fc.asyncProperty(list, fc.infiniteStream(fc.nat()), async (given, chance) => {
        const source = new FakeList(createURedisRows(given.count), {
          cap: given.cap,
          maxReadAhead: given.maxReadAhead,
          countTotal: (rows) => (given.counting === COUNTINGS.exact ? rows.length : undefined),
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
