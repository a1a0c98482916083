import assert from "node:assert/strict";
import { UMemRowCollector } from "../../provider/ucloud/umemRows";
import { MAX_REREADINGS, readListing } from "../../provider/ucloud/paging";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createURedisRows, FakeList, type ListBehaviour } from "./fakeList";

const CHANGED = /kept changing/;

/** Changes the list just before the request with this number is answered. */
function changeAt(
  when: number,
  change: (rows: readonly JsonObject[]) => JsonObject[],
): ListBehaviour["onRequest"] {
  return (number, _request, list) => {
    if (number === when) list.rows = change(list.rows);
  };
}

/** How many readings were begun. */
function countReadings(list: FakeList): number {
  return list.offsets.filter((offset) => offset === 0).length;
}

const createUMem = (): UMemRowCollector<JsonObject> => new UMemRowCollector();

describe("paging: lists that change while they are read", () => {
  const [added] = createURedisRows(1, "added");
  assert.ok(added);

  const changes: { name: string; change: (rows: readonly JsonObject[]) => JsonObject[] }[] = [
    { name: "a row appears at the head", change: (rows) => [added, ...rows] },
    { name: "a row appears in the middle", change: (rows) => rows.toSpliced(120, 0, added) },
    { name: "the first row expires", change: (rows) => rows.slice(1) },
    { name: "rows of pages that were read expire", change: (rows) => rows.toSpliced(10, 60) },
    { name: "one row expires and another appears", change: (rows) => [...rows.toSpliced(10, 1), added] },
  ];
  for (const { name, change } of changes) {
    for (const when of [2, 3]) {
      it(`reads again when ${name} before request ${when}`, async () => {
        const list = new FakeList(createURedisRows(330), {
          onRequest: changeAt(when, change),
          maxReadAhead: 2,
        });
        const listing = await readListing(list);
        assert.deepEqual(listing.rows, list.rows);
        assert.deepEqual(listing.warnings, []);
        assert.equal(countReadings(list), 2);
      });
    }
  }

  it("notices by rows that come again that a list shifted of which nothing is counted", async () => {
    const list = new FakeList(createURedisRows(330), {
      countTotal: () => undefined,
      onRequest: changeAt(2, (rows) => [added, ...rows]),
    });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
  });

  it("does not take a list that shifted by a whole page for one at its end", async () => {
    const list = new FakeList(createURedisRows(60), {
      cap: 10,
      countTotal: () => undefined,
      onRequest: changeAt(2, (rows) => [...createURedisRows(10, "added"), ...rows]),
    });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
  });

  it(`gives up after ${MAX_REREADINGS} more readings, with the last one and a warning`, async () => {
    let latest = 0;
    const list = new FakeList(createURedisRows(250), {
      onRequest: (number, _request, self) => {
        self.rows = [...createURedisRows(1, `added-${number}`), ...self.rows];
        latest = number;
      },
    });
    const listing = await readListing(list);
    assert.equal(countReadings(list), MAX_REREADINGS + 1);
    assert.equal(listing.warnings.length, 1);
    assert.match(listing.warnings[0] ?? "", CHANGED);
    const ids = listing.rows.map(({ BackupId }) => BackupId);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(latest > MAX_REREADINGS);
  });

  it("is satisfied by two readings that agree, whatever TotalCount says from page to page", async () => {
    const list = new FakeList(createURedisRows(250), { countTotal: (_rows, page) => page.length });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
    assert.equal(countReadings(list), 2);
  });

  it("is satisfied where all readings agree that the list itself holds a row twice", async () => {
    const rows = createURedisRows(249);
    const list = new FakeList([...rows, ...rows.slice(0, 1)]);
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, rows);
    assert.deepEqual(listing.warnings, []);
    assert.equal(countReadings(list), MAX_REREADINGS + 1);
  });

  it("does not read again for a row that is on one page twice", async () => {
    const rows = createURedisRows(37);
    const list = new FakeList([...rows, ...rows.slice(0, 1)]);
    assert.deepEqual((await readListing(list)).rows, rows);
    assert.equal(list.requests.length, 1);
  });

  it("is satisfied by two readings that agree where nothing is counted behind the end", async () => {
    const list = new FakeList(createURedisRows(200), {
      countTotal: (rows, page) => (page.length === 0 ? 0 : rows.length),
    });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
  });

  it("sees that the whole list is gone", async () => {
    const list = new FakeList(createURedisRows(300), { onRequest: changeAt(2, () => []) });
    assert.deepEqual((await readListing(list)).rows, []);
  });

  it("sees a row that slipped away from the page behind the end", async () => {
    // Of 201 rows one expires after 200 were read: the last one is now among those behind which is asked.
    const list = new FakeList(createURedisRows(201), {
      maxReadAhead: 1,
      onRequest: changeAt(3, (rows) => rows.slice(1)),
    });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
  });
});

describe("paging: UMem lists that cannot be told from repeating ones at once", () => {
  const createCollector = createUMem;
  const nothingCounted = (): undefined => undefined;
  const shard = (BackupId: string, rest: JsonObject = {}): JsonObject => ({
    BackupId,
    State: "Done",
    BlockCount: 4,
    ...rest,
  });

  it("cannot tell shards that look alike from repeats where no page holds all of them", async () => {
    const rows = [shard("a"), shard("a"), shard("a"), shard("a")];
    for (const totalCount of [undefined, 4]) {
      const list = new FakeList(rows, { cap: 3, createCollector, countTotal: () => totalCount });
      const { completeIds, ambiguousIds, warnings } = await readListing(list);
      assert.deepEqual([[...completeIds], [...ambiguousIds], warnings], [[], ["a"], []]);
    }
  });

  it("counts shards that differ on pages that are too small for them, once two readings agree", async () => {
    const rows = [1, 2, 3, 4].map((CreateTime) => shard("a", { CreateTime }));
    const list = new FakeList(rows, { cap: 3, createCollector, countTotal: nothingCounted });
    const { completeIds, warnings } = await readListing(list);
    assert.deepEqual([[...completeIds], warnings], [["a"], []]);
    assert.equal(countReadings(list), 2);
  });

  it("does not count a row twice that changes between two pages of an unstable order", async () => {
    const done = [1, 2].map((BlockSize) => shard("a", { BlockCount: 3, BlockSize }));
    const starting = shard("a", { BlockCount: 3, State: "Starting" });
    const list = new FakeList([...done, starting], {
      cap: 2,
      createCollector,
      countTotal: nothingCounted,
      // The second row comes again with another size, where the third one should.
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

  it("asks once more for a backup whose rows two pages share, so that one answer holds them", async () => {
    // Backups of 6 shards in pages of 10: too many to repeat all of them, and the second one is cut in two.
    const rows = ["a", "b"].flatMap((id) => Array.from({ length: 6 }, () => shard(id, { BlockCount: 6 })));
    const list = new FakeList(rows, { cap: 10, createCollector, countTotal: nothingCounted });
    const listing = await readListing(list);
    assert.deepEqual([...listing.completeIds], ["a", "b"]);
    assert.deepEqual(listing.rows, rows);
    assert.equal(countReadings(list), 1);
  });

  it("needs one reading for shards that look alike where each backup fits on a page", async () => {
    const rows = Array.from({ length: 120 }, (_, index) => shard(`backup-${Math.floor(index / 4) % 30}`));
    // The pages end in the middle of a backup.
    const list = new FakeList(rows, { cap: 50, createCollector });
    const listing = await readListing(list);
    assert.deepEqual([listing.rows, listing.warnings, listing.completeIds.size], [rows, [], 30]);
    assert.equal(countReadings(list), 1);
  });

  it("does not make a whole backup of one whose only page comes again and again", async () => {
    for (const totalCount of [undefined, 0, 4, 900]) {
      const rows = [shard("a"), shard("a")];
      const list = new FakeList(rows, { bendOffset: () => 0, createCollector, countTotal: () => totalCount });
      const listing = await readListing(list);
      assert.deepEqual(listing.rows, rows, `TotalCount ${String(totalCount)}`);
    }
  });

  it("does not count a shard twice when the list shifts, which would make a whole backup of a part", async () => {
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

  it("does not count a backup's one row twice when a list of whole backups shifts", async () => {
    const rows = ["a", "b", "c", "d", "e"].map((id) => shard(id));
    const list = new FakeList(rows, {
      cap: 2,
      createCollector,
      countTotal: nothingCounted,
      onRequest: changeAt(2, (old) => [shard("new"), ...old]),
    });
    assert.deepEqual((await readListing(list)).rows, list.rows);
  });

  it("does not read one row as a thousand and more because of an absurd BlockCount", async () => {
    const rows = [shard("a", { BlockCount: 1e15 })];
    const list = new FakeList(rows, { bendOffset: () => 0, createCollector, countTotal: nothingCounted });
    assert.deepEqual((await readListing(list)).rows, rows);
    assert.ok(list.requests.length < 2100);
  });
});
