/** UMem backups in rows that came in one answer of the API. */
import assert from "node:assert/strict";
import type { UMemBackup } from "../../provider/schemaTypes";
import type { BackupList } from "../../provider/backups/selection";
import { type AssemblyOptions, assembleUMemBackups } from "../../provider/backups/umem";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { listUMemRows } from "../support/rowListings";

export const DONE = { State: "Done" };
export const STARTING = { State: "Starting" };
export const WHOLE = { isComplete: true };
export const PAGE = { isComplete: false };

/** The options for rows that came in one answer. */
type OneAnswerOptions = Omit<AssemblyOptions, "completeIds" | "ambiguousIds">;

/** The backups in rows of one answer. */
export function assembleList(rows: readonly JsonObject[], options: OneAnswerOptions): BackupList<UMemBackup> {
  const listing = listUMemRows(rows);
  return assembleUMemBackups(listing.rows, { ...listing, ...options });
}

/** The backups of {@link assembleList}, without their explanations. */
export function assembleRows(rows: readonly JsonObject[], options: OneAnswerOptions): readonly UMemBackup[] {
  return assembleList(rows, options).backups;
}

/** One backup. It is listed with another one of two rows, so that a row is read as a shard. */
export function assembleShards(...rows: JsonObject[]): UMemBackup {
  const other = { BackupId: "other", BlockCount: 2, ...DONE };
  const own = rows.map((row) => ({ BackupId: "own", ...row }));
  const backup = assembleRows([...own, other, other], WHOLE).find(({ backupId }) => backupId === "own");
  assert.ok(backup);
  return backup;
}

/** The backup of a single row. */
export function assembleOne(row: JsonObject, options: OneAnswerOptions = WHOLE): UMemBackup {
  const [backup, ...more] = assembleRows([row], options);
  assert.ok(backup);
  assert.deepEqual(more, []);
  return backup;
}

/** The facts that most tests compare: state, shards done, shards in all, and whether it is usable. */
export function summarize({ state, blocksDone, blockCount, usable }: UMemBackup): unknown[] {
  return [state, blocksDone, blockCount, usable];
}
