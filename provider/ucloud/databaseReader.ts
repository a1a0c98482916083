/**
 * Reads databases, their shards, and what a new one may be. Each listing is read anew, also when an equal one is
 * under way: one that began before a write says nothing of what the write did.
 */

import { readPage } from "./answerPage";
import type { Client } from "./client";
import { DatabaseRow, mergeDatabases } from "./databaseRows";
import type {
  Block,
  Database,
  DatabaseAddress,
  DatabaseListing,
  DatabaseReader,
  DatabaseScope,
} from "./databases";
import { RedisBackupError } from "./errors";
import { readName, readPositive, readText, type JsonObject } from "./jsonFields";
import { listAll } from "./rowListing";
import { createOfferReader } from "./offers";
import { PAGE_SIZE } from "./pageSource";
import { present } from "./presentFields";
import { listRow } from "./rowCollector";
import type { RequestParameters } from "./signature";

/** Creates a reader. Its calls are retried as all reads are. */
export function createDatabaseReader(client: Client): DatabaseReader {
  return {
    list: (scope) => listDatabases(client, scope),
    find: (scope, id) => findDatabase(client, scope, id),
    listBlocks: (address) => listBlocks(client, address),
    ...createOfferReader(client),
  };
}

async function listDatabases(client: Client, scope: DatabaseScope): Promise<DatabaseListing> {
  const {
    rows,
    isComplete,
    totalCount = 0,
  } = await listAll<DatabaseRow>(client, {
    action: "DescribeUMem",
    parameters: createQuery(scope),
    idField: "ResourceId",
    readRow: (row) => new DatabaseRow(row),
  });
  const named = rows.flatMap(({ databases }) => databases);
  // `TotalCount` is the number of what the query matches. Whether nested replicas count is not said, so that
  // only more than both is a sign that some are missing.
  const isAll = totalCount <= Math.max(rows.length, named.length);
  const hasNameless = rows.some((row) => row.hasNameless);
  return { databases: mergeDatabases(named), isComplete: isComplete && isAll && !hasNameless };
}

async function findDatabase(client: Client, scope: DatabaseScope, id: string): Promise<Database | undefined> {
  const action = "DescribeUMem";
  const parameters = { ...createQuery(scope), ResourceId: id, Offset: 0, Limit: PAGE_SIZE };
  const { rows } = readPage(await client.call(action, parameters), {
    action,
    list: (json) => listRow(json, new DatabaseRow(json), "ResourceId"),
  });
  return mergeDatabases(rows.flatMap(({ row }) => row.databases)).find((each) => each.id === id);
}

function createQuery({ region, projectId }: DatabaseScope): RequestParameters {
  return { Region: region, ProjectId: projectId, Protocol: "redis" };
}

/** The shards of a space, without their read-only copies. @throws RedisBackupError unless it is all of them */
async function listBlocks(client: Client, address: DatabaseAddress): Promise<readonly Block[]> {
  const { region, projectId, zone, id } = address;
  const action = "DescribeUMemBlockInfo";
  const { rows, isComplete } = await listAll(client, {
    action,
    parameters: { Region: region, ProjectId: projectId, Zone: zone, SpaceId: id },
    idField: "BlockId",
    readRow: readBlock,
  });
  if (!isComplete || rows.includes(undefined)) {
    const text = `${action} failed: the list of the shards of ${id} is not whole. Try again in a few minutes.`;
    throw new RedisBackupError("BadResponse", text);
  }
  return rows.filter((row) => row !== undefined && row !== COPY);
}

/** A read-only copy of a shard. */
const COPY: unique symbol = Symbol("copy");

function readBlock(row: JsonObject): Block | typeof COPY | undefined {
  if (readText(row, "BlockType")?.toLowerCase() === "slave") return COPY;
  const id = readName(row, "BlockId");
  if (id === undefined) return undefined;
  return present<Block>({ id, state: readName(row, "BlockState"), size: readPositive(row, "BlockSize") });
}
