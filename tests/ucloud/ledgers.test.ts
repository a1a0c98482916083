import * as assert from "node:assert/strict";
import { createUMemLedger, createURedisLedger } from "../../provider/ucloud/ledgers";
import type { UMemBackupBlock, URedisBackup } from "../../sdk/nodejs/types/output";

describe("the ledger of URedis rows", () => {
  it("knows a backup by its id, whatever else changed, and keeps the row that came first", () => {
    const ledger = createURedisLedger<Partial<URedisBackup>>();
    ledger.enter([{ backupId: "a", state: "Backuping" }]);
    const { fresh, repeated } = ledger.enter([{ backupId: "a", state: "Success" }, { backupId: "b" }]);
    assert.deepEqual(fresh, [{ backupId: "b" }]);
    assert.equal(repeated, 1);
  });

  it("knows a row without an id by its content", () => {
    const ledger = createURedisLedger<Partial<URedisBackup>>();
    ledger.enter([{ state: "Success", backupTime: 1 }]);
    const { fresh, repeated } = ledger.enter([{ state: "Success", backupTime: 1 }, { backupTime: 2 }]);
    assert.deepEqual(fresh, [{ backupTime: 2 }]);
    assert.equal(repeated, 1);
  });

  it("never takes a row without an id for one with an id", () => {
    const ledger = createURedisLedger<Partial<URedisBackup>>();
    ledger.enter([{}, { backupId: "" }]);
    assert.equal(ledger.enter([{ backupId: "[]" }, { backupId: "__proto__" }]).fresh.length, 2);
  });

  it("keeps one of two rows on one page, and does not call that a repetition", () => {
    const entry = createURedisLedger<Partial<URedisBackup>>().enter([{ backupId: "a" }, { backupId: "a" }]);
    assert.deepEqual(entry, { fresh: [{ backupId: "a" }], repeated: 0, doubtful: 0, revoked: [] });
  });
});

describe("the ledger of UMem rows", () => {
  const shard = (backupId: string, rest: UMemBackupBlock = {}): UMemBackupBlock => ({
    backupId,
    blockCount: 4,
    ...rest,
  });

  it("keeps shards that look exactly alike, on one page and on several, up to BlockCount", () => {
    const ledger = createUMemLedger<UMemBackupBlock>();
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
    assert.equal(
      createUMemLedger<UMemBackupBlock>().enter(Array.from({ length: 6 }, () => shard("a"))).fresh.length,
      6,
    );
  });

  it("drops as many known rows as are too many, and no more", () => {
    const ledger = createUMemLedger<UMemBackupBlock>();
    ledger.enter([shard("a"), shard("a"), shard("a")]);
    // One of them shifted from the page before; the other is the fourth shard.
    const { fresh, repeated } = ledger.enter([shard("a"), shard("a"), shard("b")]);
    assert.deepEqual(fresh, [shard("a"), shard("b")]);
    assert.equal(repeated, 1);
  });

  it("never drops a row that no earlier page had, however many its backup has", () => {
    const ledger = createUMemLedger<UMemBackupBlock>();
    ledger.enter([shard("a", { blockCount: 1 })]);
    const other = shard("a", { blockCount: 1, createTime: 2 });
    assert.deepEqual(ledger.enter([other]).fresh, [other]);
  });

  it("takes a row that says no BlockCount for its backup's only one", () => {
    const ledger = createUMemLedger<UMemBackupBlock>();
    ledger.enter([{ backupId: "a" }]);
    assert.equal(ledger.enter([{ backupId: "a" }]).repeated, 1);
  });

  it("takes a page for a repeated one as soon as one of its backups would get too many rows", () => {
    const ledger = createUMemLedger<UMemBackupBlock>();
    const page = [shard("a"), shard("b", { blockCount: 1 })];
    ledger.enter(page);
    assert.deepEqual(ledger.enter(page), { fresh: [], repeated: 2, doubtful: 0, revoked: [] });
  });

  it("revokes what it took for shards of their own once the same rows come too often", () => {
    const ledger = createUMemLedger<UMemBackupBlock>();
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
    const ledger = createUMemLedger<UMemBackupBlock>();
    assert.deepEqual(ledger.enter([]), { fresh: [], repeated: 0, doubtful: 0, revoked: [] });
  });
});
