import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readInteger, readText, type JsonObject } from "../../provider/ucloud/jsonFields";
import { shuffled, umemRow } from "./rows";
import { assembleList, assembleRows, WHOLE } from "./shards";

describe("assembling rows, by property", () => {
  it("does not depend on their order", () => {
    fc.assert(
      fc.property(shuffled(umemRow), fc.boolean(), ([rows, others], isComplete) => {
        const backups = assembleRows(rows, { isComplete });
        assert.deepEqual(assembleRows(others, { isComplete }), backups);
      }),
      { numRuns: 500 },
    );
  });

  it("loses no row and duplicates none", () => {
    fc.assert(
      fc.property(fc.array(umemRow, { maxLength: 40 }), fc.boolean(), (rows, isComplete) => {
        const blocks = assembleRows(rows, { isComplete }).flatMap((backup) => backup.blocks);
        assert.deepEqual(blocks.map((block) => JSON.stringify(block)).sort(), rows.map(describeRow).sort());
      }),
    );
  });

  it("lists each id once, with its rows", () => {
    fc.assert(
      fc.property(fc.array(umemRow, { maxLength: 40 }), (rows) => {
        const backups = assembleRows(rows, WHOLE);
        const ids = backups.map(({ backupId }) => backupId).filter((id) => id !== "");
        assert.equal(new Set(ids).size, ids.length);
        for (const { backupId, blocks } of backups) {
          assert.ok(blocks.every((block) => (block.backupId ?? "") === backupId));
          assert.ok(blocks.length === 1 || backupId !== "");
        }
      }),
    );
  });

  it("calls a backup usable only with an id, a count of shards, and all rows done", () => {
    fc.assert(
      fc.property(fc.array(umemRow, { maxLength: 40 }), fc.boolean(), (rows, isComplete) => {
        const backups = assembleRows(rows, { isComplete });
        const lone = backups.filter(({ blocks, blockCount = 0 }) => blocks.length === 1 && blockCount > 1);
        const isOneRowEach = backups.every(({ blocks }) => blocks.length === 1);
        const areRowsBackups = isComplete && isOneRowEach && lone.length >= 3;
        for (const backup of backups) {
          const { backupId, usable, state, blocks, blocksDone, blockCount } = backup;
          assert.ok(blocksDone <= (blockCount ?? blocks.length));
          if (!usable) continue;
          assert.notEqual(backupId, "");
          assert.equal(state, "Done");
          assert.ok(blocks.every((block) => block.state === "Done"));
          assert.equal(blocksDone, blockCount);
          assert.ok(areRowsBackups || blocks.length >= (blockCount ?? Infinity));
        }
      }),
    );
  });

  it("explains every backup that is not usable", () => {
    fc.assert(
      fc.property(fc.array(umemRow, { maxLength: 10 }), fc.boolean(), (rows, isComplete) => {
        const { backups, explain } = assembleList(rows, { isComplete });
        for (const backup of backups) {
          if (!backup.usable) assert.match(explain(backup), /^\P{Cc}+$/u);
        }
      }),
    );
  });
});

/** The expected block of a row, computed without the code under test. */
function describeRow(row: JsonObject): string {
  return JSON.stringify({
    backupName: readText(row, "BackupName"),
    createTime: readInteger(row, "CreateTime"),
    state: readText(row, "State"),
    backupId: readText(row, "BackupId"),
    backupType: readText(row, "BackupType"),
    blockCount: readInteger(row, "BlockCount"),
    blockSize: readInteger(row, "BlockSize"),
    protocol: readText(row, "Protocol"),
    spaceId: readText(row, "SpaceId"),
  });
}
