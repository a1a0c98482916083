/** Listings of rows that came in one answer of the API, and the UMem backups in them. */
import assert from "node:assert/strict";
import type { UMemBackup, UMemBackupBlock, URedisBackup } from "../../provider/schemaTypes";
import type { BackupList } from "../../provider/backups/selection";
import { type AssemblyOptions, assembleUMemBackups, readUMemBlock } from "../../provider/backups/umem";
import { readURedisBackup } from "../../provider/backups/uredis";
import type { Listing } from "../../provider/ucloud/paging";
import { listRow, type RowCollector } from "../../provider/ucloud/rowCollector";
import { UMemRowCollector } from "../../provider/ucloud/umemRows";
import { URedisRowCollector } from "../../provider/ucloud/uredisRows";
import type { JsonObject } from "../../provider/ucloud/jsonFields";

export const DONE = { State: "Done" };
export const STARTING = { State: "Starting" };
export const WHOLE = { isComplete: true };
export const PAGE = { isComplete: false };

/** The facts of a listing besides its rows. */
type ListingFacts = Partial<Pick<Listing<unknown>, "isComplete" | "totalCount" | "warnings">>;

/** The options for rows that came in one answer. */
type OneAnswerOptions = Omit<AssemblyOptions, "completeIds" | "ambiguousIds">;

/** Rows of `DescribeUMemBackup` that came in one answer. */
export function listUMemRows(
  rows: readonly JsonObject[],
  facts: ListingFacts = {},
): Listing<UMemBackupBlock> {
  return listAnswer(new UMemRowCollector(), rows, readUMemBlock, facts);
}

/** Rows of `DescribeURedisBackup` that came in one answer. */
export function listURedisRows(rows: readonly JsonObject[], facts: ListingFacts = {}): Listing<URedisBackup> {
  return listAnswer(new URedisRowCollector(), rows, readURedisBackup, facts);
}

function listAnswer<Row>(
  collector: RowCollector<Row>,
  rows: readonly JsonObject[],
  read: (row: JsonObject) => Row,
  facts: ListingFacts,
): Listing<Row> {
  collector.addPage(
    rows.map((row) => listRow(row, read(row))),
    0,
  );
  const { distinctIds, ...collected } = collector.collect();
  assert.equal(distinctIds.size, 0, "rows of one answer are ambiguous");
  return { warnings: [], isComplete: true, ...facts, ...collected };
}

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
