import assert from "node:assert/strict";
import { RedisBackupError } from "../../provider/ucloud/errors";
import { URedisRowCollector } from "../../provider/ucloud/uredisRows";
import type { PageSource } from "../../provider/ucloud/pageSource";
import { MAX_ROWS, readListing } from "../../provider/ucloud/paging";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createUMemCollector, createURedisRows, FakeList, listRows } from "./fakeList";

describe("paging: requests", () => {
  const tables: { rows: number; cap?: number; offsets: number[] }[] = [
    { rows: 0, offsets: [0] },
    { rows: 1, offsets: [0] },
    { rows: 37, offsets: [0] },
    { rows: 99, offsets: [0] },
    // A full last page could be followed by more rows.
    { rows: 100, offsets: [0, 99] },
    { rows: 101, offsets: [0, 99] },
    // Each page repeats the last row of the one before.
    { rows: 250, offsets: [0, 99, 198] },
    { rows: 300, offsets: [0, 99, 198, 297] },
    { rows: 37, cap: 10, offsets: [0, 9, 18, 27, 36] },
    { rows: 40, cap: 10, offsets: [0, 9, 18, 27, 36] },
  ];
  for (const { rows, cap, offsets } of tables) {
    const what = `${rows} rows${cap === undefined ? "" : ` in pages of ${cap}`} with an exact TotalCount`;
    it(`reads ${what} with ${offsets.length} requests`, async () => {
      const list = new FakeList(createURedisRows(rows), cap === undefined ? {} : { cap });
      const { rows: found, totalCount, warnings, isComplete } = await readListing(list);
      assert.deepEqual([found, totalCount, warnings, isComplete], [list.rows, rows, [], true]);
      assert.deepEqual(list.offsets, offsets);
    });
  }

  for (const [name, totalCount] of [
    ["absent", undefined],
    ["zero", 0],
  ] as const) {
    it(`makes one more request after a short page if TotalCount is ${name}`, async () => {
      const list = new FakeList(createURedisRows(37), { countTotal: () => totalCount });
      assert.equal((await readListing(list)).rows.length, 37);
      assert.deepEqual(list.offsets, [0, 36]);
    });
  }

  it("reads on if the TotalCount of UMem counts backups and equals the rows of one page", async () => {
    const rows = Array.from({ length: 80 }, (_, index) => ({
      BackupId: `backup-${Math.floor(index / 4)}`,
      BlockCount: 4,
    }));
    const list = new FakeList(rows, { cap: 20, countTotal: () => 20, createCollector: createUMemCollector });
    const listing = await readListing(list);
    assert.equal(listing.rows.length, 80);
    assert.equal(listing.completeIds.size, 20);
    assert.deepEqual(listing.warnings, []);
  });

  it("stops after a first page with the requested backup, even if the API ignores Offset", async () => {
    const list = new FakeList(createURedisRows(1), { bendOffset: () => 0, countTotal: () => undefined });
    const { rows, warnings } = await readListing(Object.assign(list, { isSufficient: () => true }));
    assert.deepEqual([rows.length, warnings, list.requests.length], [1, [], 1]);
  });

  it("reads ahead as far as allowed if a full first page makes TotalCount credible", async () => {
    const list = new FakeList(createURedisRows(2000), { maxReadAhead: 6 });
    await readListing(list);
    assert.equal(list.peak, 6);
    assert.equal(list.requests.length, 21);
  });

  it("reads ahead further with each page that came as expected if there is no TotalCount", async () => {
    const list = new FakeList(createURedisRows(1000), {
      countTotal: () => undefined,
      maxReadAhead: 4,
      onRequest: async (number) => {
        for (let turn = 0; turn < number % 3; turn++) await new Promise(setImmediate);
      },
    });
    assert.equal((await readListing(list)).rows.length, 1000);
    assert.equal(list.peak, 4);
    assert.ok(list.requests.length <= 11 + 4);
  });

  it("does not read ahead if a short first page makes TotalCount doubtful", async () => {
    const list = new FakeList(createURedisRows(12), { countTotal: () => 1500 });
    assert.equal((await readListing(list)).rows.length, 12);
    assert.deepEqual(list.offsets, [0, 11]);
  });
});

describe("paging: uneven pages and failures", () => {
  it("reads ahead again after a backup with more shards made the overlap larger", async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => ({
      BackupId: `backup-${index}`,
      BlockCount: index === 150 ? 8 : 1,
    }));
    const list = new FakeList(rows, {
      createCollector: createUMemCollector,
      maxReadAhead: 6,
      onRequest: async (number, _request, self) => {
        if (number === 12) self.peak = 0;
        await new Promise(setImmediate);
      },
    });
    assert.equal((await readListing(list)).rows.length, 2000);
    assert.equal(list.peak, 6);
    assert.ok(list.requests.length <= 2000 / 92 + 12, `${list.requests.length} requests`);
  });

  for (const totalCount of [undefined, 100, 900]) {
    it(`warns of pages that do not join in any pass, with TotalCount ${String(totalCount)}`, async () => {
      // The server reads Offset as the number of a page.
      const list = new FakeList(createURedisRows(250), {
        bendOffset: (offset) => 100 * offset,
        countTotal: () => totalCount,
      });
      const { warnings, isComplete } = await readListing(list);
      // With a TotalCount of 100, all rows came that the API says there are.
      const isAll = totalCount === 100;
      assert.equal(isComplete, isAll);
      assert.deepEqual(warnings.length, isAll ? 0 : 1);
    });
  }

  it("keeps the first row of a page that does not begin with the end of the one before", async () => {
    const list = new FakeList(createURedisRows(4), {
      cap: 2,
      bendOffset: (offset) => (offset === 0 ? 0 : offset + 1),
      countTotal: () => undefined,
    });
    assert.deepEqual((await readListing(list)).rows, list.rows);
  });

  it("aborts what was read ahead after a page with fewer rows, and continues where the rows end", async () => {
    const list = new FakeList(createURedisRows(450), { shortBy: (offset) => (offset === 99 ? 40 : 0) });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
    const dropped = list.requests.filter(({ offset }) => [198, 297, 396].includes(offset));
    assert.equal(dropped.length, 3);
    assert.ok(
      dropped.every(({ signal }) => signal?.aborted),
      "dropped requests are aborted",
    );
    assert.ok(list.offsets.includes(158));
  });

  it("fails with the error of a page that it needs", async () => {
    const failure = new RedisBackupError("Unavailable", "broken");
    const list = new FakeList(createURedisRows(450), {
      onRequest: (_number, { offset }) => {
        if (offset === 198) throw failure;
      },
    });
    await assert.rejects(readListing(list), failure);
  });

  it("aborts the requests that are under way when a page fails", async () => {
    const list = new FakeList(createURedisRows(800), {
      onRequest: async (_number, { offset, signal }) => {
        if (offset === 99) throw new Error("broken");
        if (offset > 99) await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      },
    });
    await assert.rejects(readListing(list), /broken/);
    assert.ok(list.requests.every(({ offset, signal }) => offset <= 99 || signal?.aborted));
  });

  it("ignores failures of pages beyond the end", async () => {
    const list = new FakeList(createURedisRows(250), {
      countTotal: () => 1500,
      onRequest: (_number, { offset }) => {
        if (offset > 250) throw new Error("no such page");
      },
    });
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      const listing = await readListing(list);
      assert.deepEqual(listing.rows, list.rows);
      await new Promise(setImmediate);
    } finally {
      process.off("unhandledRejection", note);
    }
    assert.deepEqual(unhandled, []);
    assert.ok(
      list.offsets.some((offset) => offset > 250),
      "no page beyond the end was requested",
    );
  });
});

describe("paging: lists without an end", () => {
  const warning = /same page twice/;

  it("warns of a server that always sends its first page, and keeps each row once", async () => {
    for (const totalCount of [undefined, 0, 250]) {
      const list = new FakeList(createURedisRows(250), {
        bendOffset: () => 0,
        countTotal: () => totalCount,
      });
      const listing = await readListing(list);
      assert.deepEqual(listing.rows, list.rows.slice(0, 100));
      assert.equal(listing.warnings.length, 1);
      assert.match(listing.warnings[0] ?? "", warning);
      assert.ok(list.requests.length <= 40);
    }
  });

  it("does not warn if TotalCount says that the repeated page was all", async () => {
    const list = new FakeList(createURedisRows(100), { bendOffset: () => 0 });
    const { rows, warnings, isComplete } = await readListing(list);
    assert.deepEqual([rows, warnings, isComplete], [list.rows, [], true]);
    // The repeated page does not begin with the end of the first one, so the list is read twice.
    assert.deepEqual(list.offsets, [0, 99, 0, 99]);
  });

  it("ends if the last page comes again instead of an empty one", async () => {
    const list = new FakeList(createURedisRows(300), { bendOffset: (offset) => Math.min(offset, 200) });
    const { rows, warnings } = await readListing(list);
    assert.deepEqual([rows, warnings], [list.rows, []]);
  });

  it(`takes ${MAX_ROWS} rows`, async () => {
    const list = new FakeList(createURedisRows(MAX_ROWS));
    assert.equal((await readListing(list)).rows.length, MAX_ROWS);
  });

  it("fails beyond that, without reading further", async () => {
    const asked: (AbortSignal | undefined)[] = [];
    const endless: PageSource<JsonObject> = {
      fetchPage: (offset, signal) => {
        asked.push(signal);
        return Promise.resolve({ rows: listRows(createURedisRows(100, `at-${offset}`)) });
      },
      createCollector: () => new URedisRowCollector(),
      maxReadAhead: 8,
    };
    await assert.rejects(readListing(endless), { code: "BadResponse", message: /more than 100000 rows/ });
    assert.ok(asked.length <= MAX_ROWS / 99 + 1 + endless.maxReadAhead);
    assert.ok(asked.at(-1)?.aborted);
  });
});
