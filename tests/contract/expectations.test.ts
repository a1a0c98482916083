import assert from "node:assert/strict";
import { DATABASE_STATES } from "../../provider/contract/databaseFields";
import { groupBackup, spaceBackup } from "../../provider/contract/backupFields";
import { isFailedChange, isLost, isReady } from "../../provider/restore/states";
import { STARTING, DONE } from "../../provider/backups/umemBlocks";
import { explainURedis, readURedisBackup } from "../../provider/backups/uredis";

describe("the values that the check knows", () => {
  it("have the states of databases that this package treats differently", () => {
    const told = DATABASE_STATES.filter((state) => isReady(state) || isLost(state) || isFailedChange(state));
    assert.equal(told.length, 11);
  });

  it("have exactly the states of a group's backup that this package has words for", () => {
    for (const state of groupBackup.State?.values ?? []) {
      const backup = readURedisBackup({ BackupId: "b", State: state });
      assert.ok(backup.usable || !explainURedis(backup).includes("unknown state"), state);
    }
    assert.equal(groupBackup.State?.values?.length, 4);
  });

  it("have the states of a shard's backup that this package knows", () => {
    assert.deepEqual(spaceBackup.State?.values, [STARTING, DONE]);
  });
});
