import { RedisBackupError } from "./errors";
import { isJsonObject, type JsonObject, readField, readInteger } from "./jsonFields";
import type { Page } from "./pageSource";
import { MAX_ROWS, refuseTooManyRows } from "./paging";
import type { ListedRow } from "./rowCollector";

/**
 * Reads the page that an answer holds. No `DataSet` is an empty page; a row that is no object counts as a row
 * without fields.
 *
 * @throws RedisBackupError `BadResponse` if the `DataSet` is not a list, or too long to be right
 */
export function readPage<Row>(
  answer: JsonObject,
  { action, list }: { action: string; list: (row: JsonObject) => ListedRow<Row> },
): Page<ListedRow<Row>> {
  const dataSet = readField(answer, "DataSet") ?? [];
  if (!Array.isArray(dataSet)) {
    const text = `${action} failed: the answer's DataSet is not a list. Check \`baseUrl\`.`;
    throw new RedisBackupError("BadResponse", text);
  }
  if (dataSet.length > MAX_ROWS) refuseTooManyRows();
  const rows = dataSet.map((item: unknown) => list(isJsonObject(item) ? item : {}));
  const totalCount = readInteger(answer, "TotalCount");
  return totalCount === undefined || totalCount < 0 ? { rows } : { rows, totalCount };
}
