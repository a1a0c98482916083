import type { Fleet, RegionType, UMemBackupSet, UMemRecord, URedisBackupSet, URedisRecord } from "./fleet";
import { hashText } from "./random";

/** How rows follow each other; the API promises nothing, so the default is as unhelpful as can be, but repeatable. */
export type RowOrder = "shuffled" | "newestFirst" | "oldestFirst" | "asStored";

/** Whether a UMem backup is served as one row for each shard or as one row in all; `api/facts.md` allows both. */
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

const ANY = "";
const NO_ROWS: readonly never[] = [];

/**
 * A fleet sorted and sorted into drawers once, so that a page out of 100,000 rows costs a lookup and a slice, and the
 * benchmarks measure the plugin and not the simulator.
 */
export class FleetIndex {
  private readonly uredis = new Map<string, URedisBackupSet[]>();
  private readonly umem = new Map<string, UMemBackupSet[]>();
  private readonly projectIds: ReadonlySet<string>;
  private readonly uredisCounts = new Map<string, number>();

  constructor(
    fleet: Fleet,
    { rowOrder, umemRows }: { readonly rowOrder: RowOrder; readonly umemRows: UMemRows },
  ) {
    for (const record of sortRecords(fleet.uredis, rowOrder, (row) => row.BackupTime)) this.addURedis(record);
    const umem = umemRows === "perShard" ? fleet.umem : joinShards(fleet.umem);
    for (const { projectId, region, zone, row } of sortRecords(umem, rowOrder, (row) => row.CreateTime)) {
      append(this.umem, drawer(projectId, region, zone, row.SpaceId), row);
    }
    this.projectIds = new Set([
      fleet.defaultProjectId,
      ...(fleet.projectIds ?? []),
      ...fleet.uredis.map(({ projectId }) => projectId),
      ...fleet.umem.map(({ projectId }) => projectId),
    ]);
  }

  knowsProject(projectId: string): boolean {
    return this.projectIds.has(projectId);
  }

  /** All URedis backups of a project, in whatever region: what "under the username" may be read as. */
  countURedis(projectId: string): number {
    return this.uredisCounts.get(projectId) ?? 0;
  }

  findURedis(query: URedisQuery): readonly URedisBackupSet[] {
    const { projectId, region, regionType, groupId, slaveZone, backupId } = query;
    const rows =
      this.uredis.get(drawer(projectId, region, regionType, groupId ?? ANY, slaveZone ?? ANY)) ?? NO_ROWS;
    return backupId === undefined ? rows : rows.filter((row) => row.BackupId === backupId);
  }

  findUMem({ projectId, region, zone, spaceId }: UMemQuery): readonly UMemBackupSet[] {
    return this.umem.get(drawer(projectId, region, zone, spaceId)) ?? NO_ROWS;
  }

  private addURedis({ projectId, region, regionType, slaveZone, row }: URedisRecord): void {
    this.uredisCounts.set(projectId, this.countURedis(projectId) + 1);
    for (const group of [ANY, row.GroupId]) {
      append(this.uredis, drawer(projectId, region, regionType, group, ANY), row);
      if (slaveZone !== undefined) {
        append(this.uredis, drawer(projectId, region, regionType, group, slaveZone), row);
      }
    }
  }
}

function drawer(...labels: readonly string[]): string {
  return labels.join("\0");
}

function append<Row>(drawers: Map<string, Row[]>, label: string, row: Row): void {
  const rows = drawers.get(label);
  if (rows) rows.push(row);
  else drawers.set(label, [row]);
}

function sortRecords<Entry extends { readonly row: { readonly BackupId: string } }>(
  entries: readonly Entry[],
  order: RowOrder,
  readTime: (row: Entry["row"]) => number,
): readonly Entry[] {
  if (order === "asStored") return entries;
  const seen = new Map<string, number>();
  const readKey = ({ row }: Entry): number => {
    if (order === "newestFirst") return -readTime(row);
    if (order === "oldestFirst") return readTime(row);
    // Shards share their BackupId; counting them keeps them from standing together.
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
  const backups = new Map<string, UMemRecord[]>();
  for (const record of records) append(backups, drawer(record.row.SpaceId, record.row.BackupId), record);
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
