import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as ledgers from "../../provider/ucloud/ledgers";
import type { WireObject } from "../../provider/ucloud/wire";
import { listRows } from "./fakeList";

/** A ledger that takes rows as the API writes them. */
function takeRows(ledger: ledgers.Ledger<WireObject>, isKnownById: boolean) {
  return { enter: (rows: readonly WireObject[]) => ledger.enter(listRows(rows, isKnownById)) };
}

const createURedisLedger = () => takeRows(ledgers.createURedisLedger(), true);
const createUMemLedger = () => takeRows(ledgers.createUMemLedger(), false);

describe("a listed row", () => {
  it("keeps nothing alive of what else the API sent with it", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const list = () => {
      const excess = { text: "a" };
      const identity = { fields: ["BackupId", "BackupTime"], isKnownById: false };
      // Not by `listRows`, which keeps the row itself as what it was read into.
      const listed = ledgers.listRow({ BackupId: "a", BackupTime: 1, Url: excess }, {}, identity);
      return { listed, excess: new WeakRef(excess) };
    };
    const { listed, excess } = list();
    // A weak reference that was just made is a strong one until the turn ends.
    await new Promise(setImmediate);
    collectGarbage();
    assert.equal(excess.deref(), undefined);
    assert.equal(listed.digest(), listRows([{ BackupId: "a", BackupTime: 1 }])[0]?.digest());
  });
});

describe("the ledger of URedis rows", () => {
  it("knows a backup by its id, whatever else changed, and keeps the row that came first", () => {
    const ledger = createURedisLedger();
    ledger.enter([{ BackupId: "a", State: "Backuping" }]);
    const { fresh, repeated } = ledger.enter([{ BackupId: "a", State: "Success" }, { BackupId: "b" }]);
    assert.deepEqual(fresh, [{ BackupId: "b" }]);
    assert.equal(repeated, 1);
  });

  it("takes an id that is a number for the same written as text", () => {
    const ledger = createURedisLedger();
    ledger.enter([{ BackupId: 7 }]);
    assert.equal(ledger.enter([{ BackupId: "7" }]).repeated, 1);
  });

  it("knows a row without an id by its content, in whatever order its fields are", () => {
    const ledger = createURedisLedger();
    ledger.enter([{ State: "Success", BackupTime: 1 }]);
    const { fresh, repeated } = ledger.enter([{ BackupTime: 1, State: "Success" }, { BackupTime: 2 }]);
    assert.deepEqual(fresh, [{ BackupTime: 2 }]);
    assert.equal(repeated, 1);
  });

  it("never takes a row without an id for one with an id", () => {
    const ledger = createURedisLedger();
    ledger.enter([{}, { BackupId: null }, { BackupId: "" }]);
    const content = JSON.stringify([]);
    const digest = createHash("sha256").update(content).digest("base64");
    const ids = ["__proto__", content, digest];
    assert.equal(ledger.enter(ids.map((BackupId) => ({ BackupId }))).fresh.length, ids.length);
    assert.equal(ledger.enter([{}]).repeated, 1);
  });

  it("tells rows without an id apart by what the API wrote, even where it reads as the same", () => {
    const times = [1.25, 1.75, "now", "then", Infinity];
    const rows: WireObject[] = [{}, ...times.map((BackupTime) => ({ BackupTime }))];
    assert.deepEqual(createURedisLedger().enter(rows).fresh, rows);
  });

  it("takes no id from a text that is longer than any id", () => {
    const ledger = createURedisLedger();
    ledger.enter([{ BackupId: "a".repeat(1025), BackupTime: 1 }]);
    assert.equal(ledger.enter([{ BackupId: "b".repeat(1025), BackupTime: 1 }]).repeated, 1);
    assert.equal(ledger.enter([{ BackupId: "a".repeat(1024), BackupTime: 1 }]).fresh.length, 1);
  });

  it("does not look at fields that may differ each time", () => {
    const ledger = createURedisLedger();
    ledger.enter([
      { BackupTime: 1, Url: "a" },
      { BackupTime: 2, State: ["a"] },
    ]);
    assert.equal(
      ledger.enter([
        { BackupTime: 1, Url: "b" },
        { BackupTime: 2, State: ["b"] },
      ]).repeated,
      2,
    );
  });

  it("keeps one of two rows on one page, and does not call that a repetition", () => {
    const entry = createURedisLedger().enter([{ BackupId: "a" }, { BackupId: "a" }]);
    assert.deepEqual(entry, { fresh: [{ BackupId: "a" }], repeated: 0, doubtful: 0, revoked: [] });
  });
});

describe("the ledger of UMem rows", () => {
  const shard = (BackupId: string, rest: WireObject = {}): WireObject => ({
    BackupId,
    BlockCount: 4,
    ...rest,
  });

  it("keeps shards that look exactly alike, on one page and on several, up to BlockCount", () => {
    const ledger = createUMemLedger();
    assert.equal(ledger.enter([shard("a"), shard("a"), shard("a")]).fresh.length, 3);
    assert.deepEqual(ledger.enter([shard("a")]), {
      fresh: [shard("a")],
      repeated: 0,
      doubtful: 1,
      revoked: [],
    });
    assert.deepEqual(ledger.enter([shard("a")]), {
      fresh: [],
      repeated: 1,
      doubtful: 0,
      revoked: [shard("a")],
    });
  });

  it("keeps more rows than BlockCount on one page: they are what the server has", () => {
    assert.equal(createUMemLedger().enter(Array.from({ length: 6 }, () => shard("a"))).fresh.length, 6);
  });

  it("drops as many known rows as are too many, and no more", () => {
    const ledger = createUMemLedger();
    ledger.enter([shard("a"), shard("a"), shard("a")]);
    // One of them shifted from the page before; the other is the fourth shard.
    const { fresh, repeated } = ledger.enter([shard("a"), shard("a"), shard("b")]);
    assert.deepEqual(fresh, [shard("a"), shard("b")]);
    assert.equal(repeated, 1);
  });

  it("never drops a row that no earlier page had, however many its backup has", () => {
    const ledger = createUMemLedger();
    ledger.enter([shard("a", { BlockCount: 1 })]);
    const other = shard("a", { BlockCount: 1, CreateTime: 2 });
    assert.deepEqual(ledger.enter([other]).fresh, [other]);
  });

  it("takes BlockCount as a number or as text", () => {
    const ledger = createUMemLedger();
    ledger.enter([shard("a", { BlockCount: "2" })]);
    assert.equal(ledger.enter([shard("a", { BlockCount: "2" })]).doubtful, 1);
    assert.equal(ledger.enter([shard("a", { BlockCount: "2" })]).repeated, 1);
  });

  it("takes a row that says no BlockCount for its backup's only one", () => {
    const ledger = createUMemLedger();
    ledger.enter([{ BackupId: "a" }]);
    assert.equal(ledger.enter([{ BackupId: "a" }]).repeated, 1);
  });

  it("takes a page for a repeated one as soon as one of its backups would get too many rows", () => {
    const ledger = createUMemLedger();
    const page = [shard("a"), shard("b", { BlockCount: 1 })];
    ledger.enter(page);
    assert.deepEqual(ledger.enter(page), { fresh: [], repeated: 2, doubtful: 0, revoked: [] });
  });

  it("revokes what it took for shards of their own once the same rows come too often", () => {
    const ledger = createUMemLedger();
    const pages = Array.from({ length: 5 }, () => [shard("a"), shard("b")]);
    // In whatever order they come.
    const entries = pages.map((page, index) => ledger.enter(index % 2 === 0 ? page : page.toReversed()));
    assert.deepEqual(
      entries.map(({ fresh }) => fresh.length),
      [2, 2, 2, 2, 0],
    );
    assert.equal(entries[4]?.revoked.length, 6);
  });

  it("takes an empty page for nothing", () => {
    const ledger = createUMemLedger();
    assert.deepEqual(ledger.enter([]), { fresh: [], repeated: 0, doubtful: 0, revoked: [] });
  });
});
