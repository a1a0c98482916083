/**
 * The two listing actions, with every parameter of their API pages. Both are read to the end, or one page as asked.
 * Sources: "DescribeURedisBackup" and "DescribeUMemBackup" of UCloud's API documentation.
 */

import type { Client } from "./client";
import { RedisBackupError } from "./errors";
import {
  createUMemLedger,
  createURedisLedger,
  type Identity,
  type Ledger,
  type Listed,
  listRow,
} from "./ledgers";
import { type Listing, MAX_ROWS, type Page, readListing, refuseTooManyRows } from "./paging";
import type { Parameters } from "./signature";
import { isWireObject, readField, readInteger, type WireObject } from "./wire";

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

/** A row is a backup. The fields are all of the API page's `URedisBackupSet`. */
const UREDIS_IDENTITY: Identity = {
  isKnownById: true,
  fields: [
    "Zone",
    "BackupId",
    "GroupId",
    "GroupName",
    "BackupName",
    "BackupTime",
    "BackupSize",
    "BackupType",
    "State",
    "SrcRegionName",
    "DstRegionName",
    "MemorySize",
    "RedisVersion",
  ],
};

/** A row is a shard. The fields are all of the API page's `UMemBackupSet`, and the two that only its example shows. */
const UMEM_IDENTITY: Identity = {
  isKnownById: false,
  fields: [
    "BackupName",
    "CreateTime",
    "State",
    "BackupId",
    "BackupType",
    "BlockCount",
    "BlockSize",
    "Protocol",
    "SpaceId",
  ],
};

/** What the rows of each action are read into. Of a row, nothing else is kept: the rest may be large or nested. */
export interface RowReaders<URedis, UMem> {
  readonly readURedisRow: (row: WireObject) => URedis;
  readonly readUMemRow: (row: WireObject) => UMem;
}

/** The signed API, as far as backups go. */
export interface BackupApi<URedis, UMem> {
  /** The rows of `DescribeURedisBackup`, each a backup: all of them, or those of `page` if it is given. */
  listURedisBackups(query: URedisQuery, page?: PageRequest): Promise<Listing<URedis>>;
  /** The rows of `DescribeUMemBackup`, each a shard of a backup: all of them, or those of `page` if it is given. */
  listUMemBackups(query: UMemQuery, page?: PageRequest): Promise<Listing<UMem>>;
}

/** Creates the API over `client`. Equal listings under way at the same time are one listing. */
export function createBackupApi<URedis, UMem>(
  client: Client,
  { readURedisRow, readUMemRow }: RowReaders<URedis, UMem>,
): BackupApi<URedis, UMem> {
  const listURedis = createLister({
    client,
    action: "DescribeURedisBackup",
    identity: UREDIS_IDENTITY,
    readRow: readURedisRow,
    createLedger: createURedisLedger<URedis>,
  });
  const listUMem = createLister({
    client,
    action: "DescribeUMemBackup",
    identity: UMEM_IDENTITY,
    readRow: readUMemRow,
    createLedger: createUMemLedger<UMem>,
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
  identity: Identity;
  readRow: (row: WireObject) => Row;
  createLedger: () => Ledger<Row>;
}): (query: Parameters, page: PageRequest | undefined) => Promise<Listing<Row>> {
  const { client, action, identity, readRow, createLedger } = options;
  const underWay = new Map<string, Promise<Listing<Row>>>();

  return (query, page) => {
    const key = JSON.stringify([query, page]);
    const known = underWay.get(key);
    if (known !== undefined) return known;

    const read = (row: WireObject): Listed<Row> => listRow(row, readRow(row), identity);
    const fetchPage = async (request: PageRequest, signal?: AbortSignal): Promise<Page<Listed<Row>>> => {
      const parameters = { ...query, Offset: request.offset, Limit: request.limit };
      return readPage(action, await client.call(action, parameters, signal), read);
    };
    const listing =
      page === undefined
        ? readListing({
            fetchPage: (offset, limit, signal) => fetchPage({ offset, limit }, signal),
            createLedger,
            maxReadAhead: client.maxConcurrency,
          })
        : fetchPage(page).then((answer) => ({
            ...answer,
            rows: answer.rows.map(({ row }) => row),
            warnings: [],
          }));
    const shared = listing.finally(() => underWay.delete(key));
    underWay.set(key, shared);
    return shared;
  };
}

/** Reads a page. No `DataSet` is an empty page; a row that is no object counts as a row without fields. */
function readPage<Row>(action: string, answer: WireObject, read: (row: WireObject) => Row): Page<Row> {
  const dataSet = readField(answer, "DataSet") ?? [];
  if (!Array.isArray(dataSet)) {
    const text = `${action} failed: the answer's DataSet is not a list. Check \`baseUrl\`.`;
    throw new RedisBackupError("BadResponse", text);
  }
  if (dataSet.length > MAX_ROWS) refuseTooManyRows();
  const rows = dataSet.map((row: unknown) => read(isWireObject(row) ? row : {}));
  const totalCount = readInteger(answer, "TotalCount");
  return totalCount === undefined || totalCount < 0 ? { rows } : { rows, totalCount };
}
