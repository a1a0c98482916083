/** UMem backups made of a few rows, read as shards or as whole backups. */
import assert from "node:assert/strict";
import type { UMemBackup } from "../../sdk/nodejs/types/output";
import { type AssemblyOptions, assembleUMemBackups, readUMemBlock } from "../../provider/backups/umem";
import type { WireObject } from "../../provider/ucloud/wire";

export const DONE = { State: "Done" };
export const STARTING = { State: "Starting" };
export const WHOLE = { isWholeListing: true };
export const PAGE = { isWholeListing: false };

/** Rows as the API gives them, read and put together. */
export function assembleRows(rows: readonly WireObject[], options: AssemblyOptions): UMemBackup[] {
  return assembleUMemBackups(rows.map(readUMemBlock), options);
}

/** One backup, given with a second one of two rows, so that the rows are read as shards. */
export function assembleShards(...rows: WireObject[]): UMemBackup {
  const other = { BackupId: "other", BlockCount: 2, ...DONE };
  const own = rows.map((row) => ({ BackupId: "own", ...row }));
  const backup = assembleRows([...own, other, other], WHOLE).find(({ backupId }) => backupId === "own");
  assert.ok(backup);
  return backup;
}

/** The one backup that one row makes. */
export function assembleOne(row: WireObject, options = WHOLE): UMemBackup {
  const [backup, ...more] = assembleRows([row], options);
  assert.ok(backup);
  assert.deepEqual(more, []);
  return backup;
}

/** What most tests are about: state, shards done, shards in all, and whether it can be restored. */
export function summarize({ state, blocksDone, blockCount, usable }: UMemBackup): unknown[] {
  return [state, blocksDone, blockCount, usable];
}
