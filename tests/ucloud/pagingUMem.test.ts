import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readListing } from "../../provider/ucloud/paging";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { changeAt, countPasses, COUNTINGS, createUMemCollector, FakeList } from "./fakeList";

describe("paging: UMem lists", () => {
  const createCollector = createUMemCollector;
  const nothingCounted = (): undefined => undefined;
  const shard = (BackupId: string, rest: JsonObject = {}): JsonObject => ({
    BackupId,
    State: "Done",
    BlockCount: 4,
    ...rest,
  });

  it("reports shards that look alike as ambiguous if no page holds all of them", async () => {
    const rows = [shard("a"), shard("a"), shard("a"), shard("a")];
    for (const totalCount of [undefined, 4]) {
      const list = new FakeList(rows, { cap: 3, createCollector, countTotal: () => totalCount });
      const { completeIds, ambiguousIds, warnings } = await readListing(list);
      assert.deepEqual([[...completeIds], [...ambiguousIds], warnings], [[], ["a"], []]);
    }
  });

  it("counts shards that differ, on pages too small for all of them, once two passes agree", async () => {
    const rows = [1, 2, 3, 4].map((CreateTime) => shard("a", { CreateTime }));
    const list = new FakeList(rows, { cap: 3, createCollector, countTotal: nothingCounted });
    const { completeIds, warnings } = await readListing(list);
    assert.deepEqual([[...completeIds], warnings], [["a"], []]);
    assert.equal(countPasses(list), 2);
  });

  it("does not count shards that differ if the pages have only one row, so that none repeats another", async () => {
    const rows = [1, 2].map((CreateTime) => shard("a", { BlockCount: 2, CreateTime }));
    const list = new FakeList(rows, { cap: 1, createCollector, countTotal: nothingCounted });
    const listing = await readListing(list);
    assert.deepEqual([listing.rows, [...listing.completeIds], [...listing.ambiguousIds]], [rows, [], ["a"]]);
  });

  it("does not count a row twice that changes between two pages of an unstable order", async () => {
    const done = [1, 2].map((BlockSize) => shard("a", { BlockCount: 3, BlockSize }));
    const starting = shard("a", { BlockCount: 3, State: "Starting" });
    const list = new FakeList([...done, starting], {
      cap: 2,
      createCollector,
      countTotal: nothingCounted,
      // The second row comes again with another size, in place of the third one.
      onRequest: (number, _request, self) => {
        const [first = {}, second = {}] = done;
        if (number === 2) self.rows = [first, second, { ...second, BlockSize: 9 }];
        if (number > 2) self.rows = [first, second, starting];
      },
    });
    const { rows, completeIds } = await readListing(list);
    assert.deepEqual(rows, [...done, starting]);
    assert.deepEqual([...completeIds], ["a"]);
  });

  it("requests a backup whose rows are on two pages again, so that one answer holds them", async () => {
    // Backups of 6 shards in pages of 10: too many to repeat all of them, and the second one is cut in two.
    const rows = ["a", "b"].flatMap((id) => Array.from({ length: 6 }, () => shard(id, { BlockCount: 6 })));
    const list = new FakeList(rows, { cap: 10, createCollector, countTotal: nothingCounted });
    const listing = await readListing(list);
    assert.deepEqual([...listing.completeIds], ["a", "b"]);
    assert.deepEqual(listing.rows, rows);
    assert.equal(countPasses(list), 1);
  });

  it("reads again if a backup appears among the rows that are requested again", async () => {
    const rows = ["a", "b"].flatMap((id) => Array.from({ length: 6 }, () => shard(id, { BlockCount: 6 })));
    // The first pass has 3 pages and one further request.
    const onRequest = changeAt(4, (old) => [...old, shard("new", { BlockCount: 1 })]);
    const list = new FakeList(rows, { cap: 10, createCollector, countTotal: nothingCounted, onRequest });
    const listing = await readListing(list);
    assert.deepEqual([...listing.completeIds], ["a", "b", "new"]);
    assert.equal(countPasses(list), 2);
  });

  it("needs one pass for shards that look alike if each backup fits on a page", async () => {
    const rows = Array.from({ length: 120 }, (_, index) => shard(`backup-${Math.floor(index / 4) % 30}`));
    // The pages end in the middle of a backup.
    const list = new FakeList(rows, { cap: 50, createCollector });
    const listing = await readListing(list);
    assert.deepEqual([listing.rows, listing.warnings, listing.completeIds.size], [rows, [], 30]);
    assert.equal(countPasses(list), 1);
  });

  it("does not count a shard twice when the list shifts, which would make a part a whole backup", async () => {
    const rows = ["a", "b", "c"].flatMap((id) => [1, 2, 3].map((CreateTime) => shard(id, { CreateTime })));
    for (const when of [2, 3, 4]) {
      const list = new FakeList(rows, {
        cap: 2,
        createCollector,
        countTotal: nothingCounted,
        maxReadAhead: 1,
        onRequest: changeAt(when, (old) => [shard("new"), ...old]),
      });
      const listing = await readListing(list);
      assert.deepEqual(listing.rows, list.rows);
      assert.deepEqual(listing.warnings, []);
    }
  });

  it("does not repeat a row because of an absurd BlockCount", async () => {
    const rows = [shard("a", { BlockCount: 1e15 })];
    const list = new FakeList(rows, { bendOffset: () => 0, createCollector, countTotal: nothingCounted });
    assert.deepEqual((await readListing(list)).rows, rows);
    assert.ok(list.requests.length < 2100);
  });
});

describe("paging: properties of UMem lists", () => {
  const counting = fc.constantFrom(...Object.values(COUNTINGS));
  /** Shards of backups, some of them missing. Those with `isAlike` cannot be told apart. */
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
          createCollector: createUMemCollector,
          countTotal: counting,
        });
        const listing = await readListing(list);
        assertNoneInvented(listing.rows, rows);
        assert.deepEqual(new Set(describeRows(listing.rows)), new Set(describeRows(rows)));
        assert.deepEqual(listing.warnings, []);
      }),
      { numRuns: 500 },
    );
  });

  it("adds nothing if the first page is repeated without end", async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, cap, counting, async (rows, cap, counting) => {
        const list = new FakeList(rows, {
          cap,
          createCollector: createUMemCollector,
          countTotal: counting,
          bendOffset: () => 0,
        });
        const listing = await readListing(list);
        assert.deepEqual(describeRows(listing.rows), describeRows(rows.slice(0, Math.min(cap, 100))));
      }),
      { numRuns: 500 },
    );
  });

  it("counts no shard twice if a row appears at the head, even without TotalCount", async () => {
    const added: JsonObject = { BackupId: "added", BlockCount: 1 };
    await fc.assert(
      fc.asyncProperty(shuffled, cap, fc.integer({ min: 1, max: 6 }), async (rows, cap, at) => {
        const list = new FakeList(rows, {
          cap,
          createCollector: createUMemCollector,
          countTotal: () => undefined,
          onRequest: changeAt(at, (old) => [added, ...old]),
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

/** Asserts that no row was found more often than it is in the list. */
function assertNoneInvented(found: readonly JsonObject[], there: readonly JsonObject[]): void {
  const left = describeRows(there);
  for (const row of describeRows(found)) {
    const index = left.indexOf(row);
    assert.ok(index >= 0, `${row} was found too often`);
    left.splice(index, 1);
  }
}
