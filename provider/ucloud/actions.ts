/**
 * The two listing actions, with every parameter of their API pages. Both are read to the end, or one page as asked.
 * Sources: "DescribeURedisBackup" and "DescribeUMemBackup" of UCloud's API documentation.
 */

import type { Client } from "./client";
import { RedisBackupError } from "./errors";
import { type Page, type PageSource } from "./pageSource";
import { type Listing, MAX_ROWS, readListing, refuseTooManyRows } from "./paging";
import { type ListedRow, listRow, type RowCollector } from "./rowCollector";
import type { RequestParameters } from "./signature";
import { UMemRowCollector } from "./umemRows";
import { URedisRowCollector } from "./uredisRows";
import { isJsonObject, readField, readInteger, type JsonObject } from "./jsonFields";

/** One page, as the API numbers its rows. What is left out is left to the API. */
export interface PageRequest {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/** What to ask `DescribeURedisBackup` for. Without `regionType`, the API demands `groupId`. */
export interface URedisQuery {
  readonly region: string;
  readonly projectId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly slaveZone?: string | undefined;
  /** `normal`, `source` or `target`. */
  readonly regionType?: string | undefined;
  readonly backupId?: string | undefined;
}

/** What to ask `DescribeUMemBackup` for. */
export interface UMemQuery {
  readonly region: string;
  readonly zone: string;
  readonly spaceId: string;
  readonly projectId?: string | undefined;
}

/** What the rows of each action are read into. Of a row, nothing else is kept: the rest may be large or nested. */
export interface RowReaders<URedis, UMem> {
  readonly readURedisRow: (row: JsonObject) => URedis;
  readonly readUMemRow: (row: JsonObject) => UMem;
}

/** The signed API, as far as backups go. */
export interface BackupApi<URedis, UMem> {
  /** The rows of `DescribeURedisBackup`, each a backup: all of them, or those of `page` if it is given. */
  listURedisBackups(query: URedisQuery, page?: PageRequest): Promise<Listing<URedis>>;
  /** The rows of `DescribeUMemBackup`, each a shard of a backup: all of them, or those of `page` if it is given. */
  listUMemBackups(query: UMemQuery, page?: PageRequest): Promise<Listing<UMem>>;
}

/** Creates the API over `client`. Equal listings under way at the same time are one listing. */
export function createBackupApi<URedis extends object, UMem extends object>(
  client: Client,
  { readURedisRow, readUMemRow }: RowReaders<URedis, UMem>,
): BackupApi<URedis, UMem> {
  const listURedis = createLister({
    client,
    action: "DescribeURedisBackup",
    readRow: readURedisRow,
    createCollector: () => new URedisRowCollector<URedis>(),
  });
  const listUMem = createLister({
    client,
    action: "DescribeUMemBackup",
    readRow: readUMemRow,
    createCollector: (blockCounts) => new UMemRowCollector<UMem>(blockCounts),
  });
  return {
    listURedisBackups: (query, page) =>
      listURedis(
        {
          Region: query.region,
          ProjectId: query.projectId,
          GroupId: query.groupId,
          SlaveZone: query.slaveZone,
          RegionType: query.regionType,
          BackupId: query.backupId,
        },
        page,
      ),
    listUMemBackups: (query, page) =>
      listUMem(
        { Region: query.region, Zone: query.zone, SpaceId: query.spaceId, ProjectId: query.projectId },
        page,
      ),
  };
}

function createLister<Row>(options: {
  client: Client;
  action: string;
  readRow: (row: JsonObject) => Row;
  createCollector: (blockCounts: Map<string, number>) => RowCollector<Row>;
}): (query: RequestParameters, page: PageRequest | undefined) => Promise<Listing<Row>> {
  const { client, action, readRow, createCollector } = options;
  const underWay = new Map<string, Promise<Listing<Row>>>();

  return (query, page) => {
    const key = JSON.stringify([query, page]);
    const known = underWay.get(key);
    if (known !== undefined) return known;

    const read = (row: JsonObject): ListedRow<Row> => listRow(row, readRow(row));
    const fetchPage = async (request: PageRequest, signal?: AbortSignal): Promise<Page<ListedRow<Row>>> => {
      const parameters = { ...query, Offset: request.offset, Limit: request.limit };
      return readPage(action, await client.call(action, parameters, signal), read);
    };
    const blockCounts = new Map<string, number>();
    const source: PageSource<Row> = {
      fetchPage: (offset, limit, signal) => fetchPage({ offset, limit }, signal),
      createCollector: () => createCollector(blockCounts),
      isSufficient: (rows) => query.BackupId !== undefined && rows.some(({ id }) => id === query.BackupId),
      maxReadAhead: client.maxConcurrency,
    };
    const listing =
      page === undefined ? readListing(source) : fetchPage(page).then((only) => listPage(only, source));
    const shared = listing.finally(() => underWay.delete(key));
    underWay.set(key, shared);
    return shared;
  };
}

/** A single page, as the API gave it: nothing is taken out of it, and it is not known to be all. */
function listPage<Row>(page: Page<ListedRow<Row>>, source: PageSource<Row>): Listing<Row> {
  const collector = source.createCollector();
  collector.addPage(page.rows, 0);
  const { completeIds, ambiguousIds } = collector.collect();
  const rows = page.rows.map(({ row }) => row);
  return { ...page, rows, completeIds, ambiguousIds, warnings: [], isComplete: false };
}

/** Reads a page. No `DataSet` is an empty page; a row that is no object counts as a row without fields. */
function readPage<Row>(action: string, answer: JsonObject, read: (row: JsonObject) => Row): Page<Row> {
  const dataSet = readField(answer, "DataSet") ?? [];
  if (!Array.isArray(dataSet)) {
    const text = `${action} failed: the answer's DataSet is not a list. Check \`baseUrl\`.`;
    throw new RedisBackupError("BadResponse", text);
  }
  if (dataSet.length > MAX_ROWS) refuseTooManyRows();
  const rows = dataSet.map((row: unknown) => read(isJsonObject(row) ? row : {}));
  const totalCount = readInteger(answer, "TotalCount");
  return totalCount === undefined || totalCount < 0 ? { rows } : { rows, totalCount };
}
