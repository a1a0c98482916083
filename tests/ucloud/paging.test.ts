import * as assert from "node:assert/strict";
import { RedisBackupError } from "../../provider/ucloud/errors";
import { createUMemLedger, createURedisLedger } from "../../provider/ucloud/ledgers";
import { MAX_ROWS, PAGE_SIZE, type PageSource, readListing, readPages } from "../../provider/ucloud/paging";
import type { WireObject } from "../../provider/ucloud/wire";
import { createURedisRows, FakeList, listRows } from "./fakeList";

describe("paging: how much is asked", () => {
  const tables: { rows: number; cap?: number; offsets: number[] }[] = [
    { rows: 0, offsets: [0] },
    { rows: 1, offsets: [0] },
    { rows: 37, offsets: [0] },
    { rows: 99, offsets: [0] },
    // A full last page could have more behind it.
    { rows: 100, offsets: [0, 100] },
    { rows: 101, offsets: [0, 100] },
    { rows: 250, offsets: [0, 100, 200] },
    { rows: 300, offsets: [0, 100, 200, 300] },
    { rows: 37, cap: 10, offsets: [0, 10, 20, 30] },
    { rows: 40, cap: 10, offsets: [0, 10, 20, 30, 40] },
  ];
  for (const { rows, cap, offsets } of tables) {
    const what = `${rows} rows${cap === undefined ? "" : ` in pages of ${cap}`} with an exact TotalCount`;
    it(`asks for ${what} with ${offsets.length} requests`, async () => {
      const list = new FakeList(createURedisRows(rows), cap === undefined ? {} : { cap });
      const listing = await readListing(list);
      assert.deepEqual(listing, { rows: list.rows, warnings: [], totalCount: rows });
      assert.deepEqual(list.offsets, offsets);
      assert.ok(list.asked.every(({ limit }) => limit === PAGE_SIZE));
    });
  }

  for (const [name, totalCount] of [
    ["absent", undefined],
    ["zero", 0],
  ] as const) {
    it(`asks once more after a short page where TotalCount is ${name}`, async () => {
      const list = new FakeList(createURedisRows(37), { countTotal: () => totalCount });
      assert.equal((await readListing(list)).rows.length, 37);
      assert.deepEqual(list.offsets, [0, 37]);
    });
  }

  it("asks on where TotalCount agrees but shards are missing, as it may count backups instead of rows", async () => {
    const rows = Array.from({ length: 30 }, (_, index) => ({
      BackupId: `backup-${index % 10}`,
      BlockCount: 3,
      BlockSize: index,
    }));
    const list = new FakeList(rows, { cap: 10, countTotal: () => 10, createLedger: createUMemLedger });
    assert.equal((await readListing(list)).rows.length, 30);
  });

  it("keeps as many pages under way as it may, where full pages make TotalCount believable", async () => {
    const list = new FakeList(createURedisRows(2000), { maxReadAhead: 6 });
    await readListing(list);
    assert.equal(list.peak, 6);
    assert.equal(list.asked.length, 21);
  });

  it("asks one page after another where it may have one under way", async () => {
    const list = new FakeList(createURedisRows(450), { maxReadAhead: 1 });
    assert.equal((await readListing(list)).rows.length, 450);
    assert.equal(list.peak, 1);
  });

  it("reads ahead further with each page that came as expected where nothing is counted", async () => {
    const list = new FakeList(createURedisRows(1000), {
      countTotal: () => undefined,
      maxReadAhead: 4,
      onRequest: async (number) => {
        for (let turn = 0; turn < number % 3; turn++) await new Promise(setImmediate);
      },
    });
    assert.equal((await readListing(list)).rows.length, 1000);
    assert.equal(list.peak, 4);
    assert.ok(list.asked.length <= 11 + 4);
  });

  it("does not read ahead on the word of a TotalCount that a short first page puts in doubt", async () => {
    const list = new FakeList(createURedisRows(12), { countTotal: () => 1500 });
    assert.equal((await readListing(list)).rows.length, 12);
    assert.deepEqual(list.offsets, [0, 12]);
  });
});

describe("paging: pages that differ", () => {
  it("drops what was read ahead behind a page with fewer rows, and goes on where the rows end", async () => {
    const list = new FakeList(createURedisRows(450), { shortBy: (offset) => (offset === 100 ? 40 : 0) });
    const listing = await readListing(list);
    assert.deepEqual(listing.rows, list.rows);
    assert.deepEqual(listing.warnings, []);
    const dropped = list.asked.filter(({ offset }) => [200, 300, 400].includes(offset));
    assert.equal(dropped.length, 3);
    assert.ok(
      dropped.every(({ signal }) => signal.aborted),
      "what is dropped is called back",
    );
    assert.ok(list.offsets.includes(160));
  });

  it("takes all rows of a server that sends more than asked for", async () => {
    const list = new FakeList(createURedisRows(730), { cap: 500, countTotal: () => undefined });
    assert.deepEqual((await readListing(list)).rows, list.rows);
  });

  it("fails with what a page it needs failed with", async () => {
    const failure = new RedisBackupError("Unavailable", "broken");
    const list = new FakeList(createURedisRows(450), {
      onRequest: (_number, { offset }) => {
        if (offset === 200) throw failure;
      },
    });
    await assert.rejects(readListing(list), failure);
  });

  it("calls back what is under way when a page fails", async () => {
    const list = new FakeList(createURedisRows(800), {
      onRequest: async (_number, { offset, signal }) => {
        if (offset === 100) throw new Error("broken");
        if (offset > 100) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });
    await assert.rejects(readListing(list), /broken/);
    assert.ok(list.asked.every(({ offset, signal }) => offset <= 100 || signal.aborted));
  });

  it("does not mind failures of pages that were asked for beyond the end", async () => {
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
      "the case was met",
    );
  });

  it("calls back what is under way when its reader stops", async () => {
    const list = new FakeList(createURedisRows(900));
    let pages = 0;
    for await (const page of readPages(list)) {
      assert.equal(page.rows.length, 100);
      if (++pages === 2) break;
    }
    assert.ok(list.asked.length > 2);
    assert.ok(list.asked.at(-1)?.signal.aborted);
  });
});

describe("paging: lists without an end", () => {
  const warning = /same page twice/;

  it("warns of a server that sends its first page for ever, and keeps each row once", async () => {
    for (const totalCount of [undefined, 0, 250]) {
      const list = new FakeList(createURedisRows(250), {
        bendOffset: () => 0,
        countTotal: () => totalCount,
      });
      const listing = await readListing(list);
      assert.deepEqual(listing.rows, list.rows.slice(0, 100));
      assert.equal(listing.warnings.length, 1);
      assert.match(listing.warnings[0] ?? "", warning);
      assert.ok(list.asked.length <= 40);
    }
  });

  it("does not warn where the page that comes for ever was all, as TotalCount says", async () => {
    const list = new FakeList(createURedisRows(100), { bendOffset: () => 0 });
    assert.deepEqual(await readListing(list), { rows: list.rows, warnings: [], totalCount: 100 });
    assert.deepEqual(list.offsets, [0, 100]);
  });

  it("ends where the last page comes again instead of an empty one", async () => {
    const list = new FakeList(createURedisRows(300), { bendOffset: (offset) => Math.min(offset, 200) });
    assert.deepEqual(await readListing(list), { rows: list.rows, warnings: [], totalCount: 300 });
  });

  it(`takes ${MAX_ROWS} rows`, async () => {
    const list = new FakeList(createURedisRows(MAX_ROWS));
    assert.equal((await readListing(list)).rows.length, MAX_ROWS);
  });

  it("fails loudly beyond that, and soon", async () => {
    const asked: AbortSignal[] = [];
    const endless: PageSource<WireObject> = {
      fetchPage: (offset, _limit, signal) => {
        asked.push(signal);
        return Promise.resolve({ rows: listRows(createURedisRows(100, `at-${offset}`)) });
      },
      createLedger: createURedisLedger,
      maxReadAhead: 8,
    };
    await assert.rejects(readListing(endless), { code: "BadResponse", message: /more than 100000 rows/ });
    assert.ok(asked.length <= MAX_ROWS / 100 + 1 + endless.maxReadAhead);
    assert.ok(asked.at(-1)?.aborted);
  });
});
