/**
 * The two listing actions, with every parameter of their API pages: "DescribeURedisBackup" and
 * "DescribeUMemBackup" of UCloud's API documentation. Both read the whole list, or one page on request.
 */

import { readPage } from "./answerPage";
import type { Client } from "./client";
import { type Page, PAGE_SIZE, type PageSource } from "./pageSource";
import { type Listing, readListing } from "./paging";
import { type ListedRow, listRow, type RowCollector } from "./rowCollector";
import type { RequestParameters } from "./signature";
import { UMemRowCollector } from "./umemRows";
import { URedisRowCollector } from "./uredisRows";
import type { JsonObject } from "./jsonFields";

/** One page, as the API numbers its rows. The API has defaults for what is left out. */
export interface PageRequest {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/**
 * How many pages are asked for ahead, as a multiple of the requests that the client sends concurrently. With more than
 * one, a request waits for its turn, and is sent as soon as another one is answered, before that answer is worked on.
 */
const AHEAD = 1.5;

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

/** Lists the rows of one action: all of them, or those of `page` if it is given. */
export type Lister<Query, Row> = (query: Query, page?: PageRequest) => Promise<Listing<Row>>;

/**
 * Creates a lister for `DescribeURedisBackup`, whose rows are each a backup. Equal listings under way at the
 * same time are one listing.
 *
 * @param readRow reads a row; nothing else of the row is kept, because the rest may be large or nested
 */
export function createURedisLister<Row>(
  client: Client,
  readRow: (row: JsonObject) => Row,
): Lister<URedisQuery, Row> {
  const list = createLister({
    client,
    action: "DescribeURedisBackup",
    readRow,
    createCollector: () => new URedisRowCollector<Row>(),
  });
  return (query, page) => {
    const { region, projectId, groupId, slaveZone, regionType, backupId } = query;
    return list(
      {
        Region: region,
        ProjectId: projectId,
        GroupId: groupId,
        SlaveZone: slaveZone,
        RegionType: regionType,
        BackupId: backupId,
      },
      page,
    );
  };
}

/**
 * Creates a lister for `DescribeUMemBackup`, whose rows are each a shard of a backup. Equal listings under
 * way at the same time are one listing.
 *
 * @param readRow reads a row; nothing else of the row is kept, because the rest may be large or nested
 */
export function createUMemLister<Row extends object>(
  client: Client,
  readRow: (row: JsonObject) => Row,
): Lister<UMemQuery, Row> {
  const list = createLister({
    client,
    action: "DescribeUMemBackup",
    readRow,
    createCollector: (blockCounts) => new UMemRowCollector<Row>(blockCounts),
  });
  return ({ region, zone, spaceId, projectId }, page) =>
    list({ Region: region, Zone: zone, SpaceId: spaceId, ProjectId: projectId }, page);
}

function createLister<Row>(options: {
  client: Client;
  action: string;
  readRow: (row: JsonObject) => Row;
  createCollector: (blockCounts: Map<string, number>) => RowCollector<Row>;
}): Lister<RequestParameters, Row> {
  const { client, action, readRow, createCollector } = options;
  const underWay = new Map<string, Promise<Listing<Row>>>();

  return (query, page) => {
    const key = JSON.stringify([query, page]);
    const known = underWay.get(key);
    if (known !== undefined) return known;

    const fetchPage = async (request: PageRequest, signal?: AbortSignal): Promise<Page<ListedRow<Row>>> => {
      const parameters = { ...query, Offset: request.offset, Limit: request.limit };
      const answer = await client.call(action, parameters, { signal });
      return readPage(answer, { action, list: (json) => listRow(json, readRow(json)) });
    };
    const blockCounts = new Map<string, number>();
    const source: PageSource<Row> = {
      fetchPage: (offset, signal) => fetchPage({ offset, limit: PAGE_SIZE }, signal),
      createCollector: () => createCollector(blockCounts),
      isSufficient: (rows) => query.BackupId !== undefined && rows.some(({ id }) => id === query.BackupId),
      onPage: (read) => client.onPage?.({ action, ...read }),
      maxReadAhead: Math.ceil(AHEAD * client.maxConcurrency),
    };
    const listing =
      page === undefined ? readListing(source) : fetchPage(page).then((only) => listPage(only, source));
    const shared = listing.finally(() => underWay.delete(key));
    underWay.set(key, shared);
    return shared;
  };
}

/**
 * The listing of a single page. It holds all rows of the answer, repeated ones included, and is never
 * complete.
 */
function listPage<Row>(page: Page<ListedRow<Row>>, source: PageSource<Row>): Listing<Row> {
  const collector = source.createCollector();
  collector.addPage(page.rows, 0);
  const { completeIds, ambiguousIds } = collector.collect();
  const rows = page.rows.map(({ row }) => row);
  return { ...page, rows, completeIds, ambiguousIds, warnings: [], isComplete: false };
}
