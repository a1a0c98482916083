import type { Database } from "./databases";
import type { Fleet, RegionType, UMemBackupSet, UMemRecord, URedisBackupSet, URedisRecord } from "./fleet";
import { hashText } from "./random";

/**
 * The order of rows. The API promises none, so the default is shuffled; it is the same for each request. With
 * `changing`, every second request with the same parameters gets the rows of backups backwards.
 */
export type RowOrder = "shuffled" | "newestFirst" | "oldestFirst" | "asStored" | "changing";

/**
 * Whether a UMem row is a shard or a whole backup. DescribeUMemBackup's page says a row is a shard; pictures
 * of the console show one row per backup, and accounts may differ.
 */
export type UMemRows = "perShard" | "perBackup";

interface URedisQuery {
  readonly projectId: string;
  readonly region: string;
  readonly regionType: RegionType;
  readonly groupId?: string | undefined;
  readonly slaveZone?: string | undefined;
  readonly backupId?: string | undefined;
}

interface UMemQuery {
  readonly projectId: string;
  readonly region: string;
  readonly zone: string;
  readonly spaceId: string;
}

/** Lists of rows or records by the text of `joinKey`. */
type Index<Entry> = Map<string, Entry[]>;

const ANY = "";
const NO_ROWS: readonly never[] = [];

/**
 * The sorted rows of a fleet by query. A page out of 100,000 rows then costs a lookup and a slice, so that
 * benchmarks measure the plugin and not the simulator.
 */
export class FleetIndex {
  private readonly uredis: Index<URedisBackupSet> = new Map();
  private readonly umem: Index<UMemBackupSet> = new Map();
  private readonly projectIds: ReadonlySet<string>;
  private readonly uredisCounts = new Map<string, number>();

  constructor(
    fleet: Fleet,
    { rowOrder, umemRows }: { readonly rowOrder: RowOrder; readonly umemRows: UMemRows },
  ) {
    const uredis = sortRecords(fleet.uredis, { order: rowOrder, readTime: (row) => row.BackupTime });
    for (const record of uredis) this.addURedis(record);
    const umem = umemRows === "perShard" ? fleet.umem : joinShards(fleet.umem);
    const sortedUMem = sortRecords(umem, { order: rowOrder, readTime: (row) => row.CreateTime });
    for (const { projectId, region, zone, row } of sortedUMem) {
      getList(this.umem, joinKey(projectId, region, zone, row.SpaceId)).push(row);
    }
    this.projectIds = new Set([
      fleet.defaultProjectId,
      ...(fleet.projectIds ?? []),
      ...fleet.uredis.map(({ projectId }) => projectId),
      ...fleet.umem.map(({ projectId }) => projectId),
      ...(fleet.databases ?? []).map(({ projectId }) => projectId),
    ]);
  }

  knowsProject(projectId: string): boolean {
    return this.projectIds.has(projectId);
  }

  /** Returns the number of a project's URedis rows in all regions. */
  countURedis(projectId: string): number {
    return this.uredisCounts.get(projectId) ?? 0;
  }

  findURedis(query: URedisQuery): readonly URedisBackupSet[] {
    const { projectId, region, regionType, groupId = ANY, slaveZone = ANY, backupId } = query;
    const rows = this.uredis.get(joinKey(projectId, region, regionType, groupId, slaveZone)) ?? NO_ROWS;
    return backupId === undefined ? rows : rows.filter((row) => row.BackupId === backupId);
  }

  findUMem({ projectId, region, zone, spaceId }: UMemQuery): readonly UMemBackupSet[] {
    return this.umem.get(joinKey(projectId, region, zone, spaceId)) ?? NO_ROWS;
  }

  /** Adds the row under every query that finds it, apart from those with a BackupId. */
  private addURedis({ projectId, region, regionType, slaveZone, row }: URedisRecord): void {
    this.uredisCounts.set(projectId, this.countURedis(projectId) + 1);
    for (const group of [ANY, row.GroupId]) {
      for (const zone of slaveZone === undefined ? [ANY] : [ANY, slaveZone]) {
        getList(this.uredis, joinKey(projectId, region, regionType, group, zone)).push(row);
      }
    }
  }
}

function joinKey(...parts: readonly string[]): string {
  return parts.join("\0");
}

/** Returns the list under this key, which it creates if there is none. */
function getList<Entry>(index: Index<Entry>, key: string): Entry[] {
  const known = index.get(key);
  if (known) return known;
  const list: Entry[] = [];
  index.set(key, list);
  return list;
}

/** Puts databases into the order of a listing. */
export function sortDatabases(databases: readonly Database[], order: RowOrder): readonly Database[] {
  const readKey = ({ id, createdAt }: Database): number =>
    order === "newestFirst" ? -createdAt : order === "oldestFirst" ? createdAt : hashText(id);
  return order === "asStored" ? databases : [...databases].sort((a, b) => readKey(a) - readKey(b));
}

function sortRecords<Entry extends { readonly row: { readonly BackupId: string } }>(
  entries: readonly Entry[],
  { order, readTime }: { readonly order: RowOrder; readonly readTime: (row: Entry["row"]) => number },
): readonly Entry[] {
  if (order === "asStored") return entries;
  const seen = new Map<string, number>();
  const readKey = ({ row }: Entry): number => {
    if (order === "newestFirst") return -readTime(row);
    if (order === "oldestFirst") return readTime(row);
    // The shards of a backup have the same BackupId; their number keeps them from being neighbours.
    const shard = seen.get(row.BackupId) ?? 0;
    seen.set(row.BackupId, shard + 1);
    return hashText(row.BackupId, shard);
  };
  return entries
    .map((entry) => ({ entry, key: readKey(entry) }))
    .sort((left, right) => left.key - right.key)
    .map(({ entry }) => entry);
}

function joinShards(records: readonly UMemRecord[]): UMemRecord[] {
  const backups: Index<UMemRecord> = new Map();
  for (const record of records) {
    getList(backups, joinKey(record.row.SpaceId, record.row.BackupId)).push(record);
  }
  return [...backups.values()].flatMap((shards) => {
    const [first] = shards;
    if (!first) return [];
    const rows = shards.map(({ row }) => row);
    const isWhole = rows.length >= first.row.BlockCount && rows.every(({ State }) => State === "Done");
    const row: UMemBackupSet = {
      ...first.row,
      CreateTime: Math.min(...rows.map(({ CreateTime }) => CreateTime)),
      State: isWhole ? "Done" : "Starting",
      BlockSize: rows.reduce((sum, { BlockSize }) => sum + (BlockSize ?? 0), 0),
    };
    return [{ ...first, row }];
  });
}
