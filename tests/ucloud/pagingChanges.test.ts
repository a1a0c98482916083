import assert from "node:assert/strict";
import { MAX_REREADINGS, readListing } from "../../provider/ucloud/paging";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { changeAt, countPasses, createURedisRows, FakeList } from "./fakeList";

const CHANGED = /kept changing/;

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
        assert.equal(countPasses(list), 2);
      });
    }
  }

  it("does not mistake a list that shifted by a whole page for one that ended", async () => {
    const list = new FakeList(createURedisRows(60), {
      cap: 10,
      countTotal: () => undefined,
      onRequest: changeAt(2, (rows) => [...createURedisRows(10, "added"), ...rows]),
    });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
  });

  it(`returns the last of ${MAX_REREADINGS + 1} passes with a warning if the list always changes`, async () => {
    let latest = 0;
    const list = new FakeList(createURedisRows(250), {
      onRequest: (number, _request, self) => {
        self.rows = [...createURedisRows(1, `added-${number}`), ...self.rows];
        latest = number;
      },
    });
    const listing = await readListing(list);
    assert.equal(countPasses(list), MAX_REREADINGS + 1);
    assert.equal(listing.warnings.length, 1);
    assert.match(listing.warnings[0] ?? "", CHANGED);
    const ids = listing.rows.map(({ BackupId }) => BackupId);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(latest > MAX_REREADINGS);
  });

  it("ends after two passes that agree, whatever TotalCount each page has", async () => {
    const list = new FakeList(createURedisRows(250), { countTotal: (_rows, page) => page.length });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
    assert.equal(countPasses(list), 2);
  });

  it("ends without a warning if all passes agree that a row is twice in the list", async () => {
    const rows = createURedisRows(249);
    const list = new FakeList([...rows, ...rows.slice(0, 1)]);
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, rows);
    assert.deepEqual(listing.warnings, []);
    assert.equal(countPasses(list), MAX_REREADINGS + 1);
  });

  it("does not read again for a row that is twice on one page", async () => {
    const rows = createURedisRows(37);
    const list = new FakeList([...rows, ...rows.slice(0, 1)]);
    assert.deepEqual((await readListing(list)).rows, rows);
    assert.equal(list.requests.length, 1);
  });

  it("returns nothing if all rows disappear", async () => {
    const list = new FakeList(createURedisRows(300), { onRequest: changeAt(2, () => []) });
    assert.deepEqual((await readListing(list)).rows, []);
  });

  it("finds a row that moved from after the end to before it", async () => {
    // Of 201 rows, one expires after 200 were read: the last one is now before the requested offset.
    const list = new FakeList(createURedisRows(201), {
      maxReadAhead: 1,
      onRequest: changeAt(3, (rows) => rows.slice(1)),
    });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
  });
});
