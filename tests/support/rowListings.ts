/** Listings of rows that came in one answer of the API. */
import assert from "node:assert/strict";
import { readUMemBlock } from "../../provider/backups/umem";
import { readURedisBackup } from "../../provider/backups/uredis";
import type { UMemBackupBlock, URedisBackup } from "../../provider/schemaTypes";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import type { Listing } from "../../provider/ucloud/paging";
import { listRow, type RowCollector } from "../../provider/ucloud/rowCollector";
import { UMemRowCollector } from "../../provider/ucloud/umemRows";
import { URedisRowCollector } from "../../provider/ucloud/uredisRows";

/** The facts of a listing besides its rows. */
type ListingFacts = Partial<Pick<Listing<unknown>, "isComplete" | "totalCount" | "warnings">>;

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
