/** Reads the rows of `DescribeUMem`. A field that is missing, null, empty or of another type is absent. */

import type { Database, DatabaseKind } from "./databases";
import {
  isJsonObject,
  type JsonObject,
  readField,
  readCount,
  readFlag,
  readName,
  readPositive,
  readText,
  readTime,
  readVersion,
} from "./jsonFields";
import { type Loose, present } from "./presentFields";

/**
 * A row of `DescribeUMem`: a database, and the read-only replicas that are nested in it. Only the ids are its
 * content when pages are compared. Used sizes and states change all the time, and a list whose rows are the same
 * databases is whole all the same.
 */
export class DatabaseRow {
  /** Those with an id. */
  readonly databases: readonly Database[];
  /** Whether the row, or one nested in it, has no id. It is not among `databases`. */
  readonly hasNameless: boolean;

  constructor(row: JsonObject) {
    const nested = readField(row, "DataSet");
    const replicas = (Array.isArray(nested) ? nested : []).map((item: unknown) =>
      readReplica(isJsonObject(item) ? item : {}),
    );
    const all = [readDatabase(row), ...replicas];
    this.databases = all.filter((each) => each !== undefined);
    this.hasNameless = this.databases.length < all.length;
  }

  toJSON(): unknown {
    return this.databases.map(({ id }) => id).sort();
  }
}

/**
 * Merges what several rows say of the same database: a replica comes nested in its group, and may come as a row
 * of its own too. The first one counts, but is a replica if any says so.
 */
export function mergeDatabases(databases: readonly Database[]): readonly Database[] {
  const merged = new Map<string, Database>();
  for (const database of databases) {
    const known = merged.get(database.id);
    if (known === undefined) merged.set(database.id, database);
    else if (database.isReplica) merged.set(database.id, { ...known, isReplica: true });
  }
  return [...merged.values()];
}

/** Some of the fields that a database may lack. */
type Fields = Partial<Loose<Omit<Database, "id" | "isReplica">>>;

function readDatabase(row: JsonObject): Database | undefined {
  const id = readName(row, "ResourceId");
  if (id === undefined) return undefined;
  return present<Database>({
    id,
    ...readCommon(row),
    slaveZone: readName(row, "SlaveZone"),
    highAvailability: readFlag(row, "HighAvailability"),
    highPerformance: readFlag(row, "IsHighPerformance"),
    autoBackup: readFlag(row, "AutoBackup"),
    backupHour: readHour(row, "BackupTime"),
    isReadWriteSplit: readFlag(row, "IsRWMode"),
    ...readAddress(findAddress(row), "IP"),
    isReplica: isReplica(row, id),
  });
}

/** A nested row names some things differently from the row around it. */
function readReplica(row: JsonObject): Database | undefined {
  const id = readName(row, "GroupId") ?? readName(row, "ResourceId");
  if (id === undefined) return undefined;
  const name = readName(row, "Name") ?? readName(row, "GroupName");
  const size = readPositive(row, "Size") ?? readPositive(row, "MemorySize");
  return present<Database>({
    id,
    ...readCommon(row),
    name,
    size,
    ...readAddress(row, "VirtualIP"),
    isReplica: true,
  });
}

function readCommon(row: JsonObject): Fields {
  return {
    name: readName(row, "Name"),
    kind: readKind(row),
    otherProtocol: readOtherProtocol(row),
    state: readName(row, "State"),
    zone: readName(row, "Zone"),
    vpcId: readName(row, "VPCId"),
    subnetId: readName(row, "SubnetId"),
    size: readPositive(row, "Size"),
    usedSize: readCount(row, "UsedSize"),
    version: readVersion(row, "Version"),
    configId: readName(row, "ConfigId"),
    chargeType: readName(row, "ChargeType"),
    tag: readName(row, "Tag"),
    hasPassword: readFlag(row, "HasPassword"),
    createTime: readTime(row, "CreateTime"),
    expireTime: readTime(row, "ExpireTime"),
  };
}

/** The kinds by `ResourceType`, in lower case. */
export const KINDS: ReadonlyMap<string, DatabaseKind> = new Map([
  ["distributed", "umem"],
  ["cluster", "umem"],
  ["single", "uredis"],
  ["g4v6", "uredis"],
]);

/**
 * The kind by `ResourceType`, never by the id, whose prefixes vary. `performance` says of neither kind that it is
 * a fast one. Such a row is a group if it has a `Role`, which only groups have. Memcache has the same types.
 */
function readKind(row: JsonObject): DatabaseKind | undefined {
  if (readOtherProtocol(row) !== undefined) return undefined;
  const type = readText(row, "ResourceType")?.toLowerCase() ?? "";
  if (type === "performance" && readText(row, "Role") !== undefined) return "uredis";
  return KINDS.get(type);
}

function readOtherProtocol(row: JsonObject): string | undefined {
  const protocol = readText(row, "Protocol")?.toLowerCase();
  return protocol === "redis" ? undefined : protocol;
}

/** Whether a row is that of a read-only replica, by its role or its master. It has no backups of its own. */
export function isReplica(row: JsonObject, id: string): boolean {
  const master = readText(row, "MasterGroupId") ?? id;
  return master !== id || readText(row, "Role")?.toLowerCase() === "slave";
}

/** The first address that has an IP, else the first one. A database may have several, one for each proxy. */
function findAddress(row: JsonObject): JsonObject {
  const list = readField(row, "Address");
  const addresses = (Array.isArray(list) ? list : [list]).filter(isJsonObject);
  return addresses.find((address) => readName(address, "IP") !== undefined) ?? addresses[0] ?? {};
}

function readAddress(row: JsonObject, hostField: string): Fields {
  const host = readName(row, hostField);
  const port = readPositive(row, "Port");
  const isWhole = host !== undefined && port !== undefined;
  return {
    host,
    port,
    address: isWhole ? `${host.includes(":") ? `[${host}]` : host}:${port}` : undefined,
    privateDomain: readName(row, "PrivateDomain"),
  };
}

function readHour(row: JsonObject, name: string): number | undefined {
  const value = readCount(row, name);
  return value !== undefined && value <= 23 ? value : undefined;
}
