/** What `RegionType` asks for: a region's own backups, those it copied elsewhere, or those copied to it. */
export type RegionType = "normal" | "source" | "target";

/** One URedis backup as the wire spells it; see the API page of DescribeURedisBackup. */
export interface URedisBackupSet {
  readonly BackupId: string;
  readonly BackupName: string;
  /** UNIX time in seconds. */
  readonly BackupTime: number;
  /** Bytes; absent while the backup runs. */
  readonly BackupSize?: number;
  readonly BackupType: "Auto" | "Manual";
  readonly State: "Backuping" | "Success" | "Error" | "Expired";
  readonly GroupId: string;
  readonly GroupName: string;
  readonly Zone: string;
  /** Only cross-region backups have the two region names. */
  readonly SrcRegionName?: string;
  readonly DstRegionName?: string;
  /** Gigabytes. */
  readonly MemorySize: number;
  readonly RedisVersion: string;
}

/** One shard's backup of a UMem space as the wire spells it; see the API page of DescribeUMemBackup. */
export interface UMemBackupSet {
  /** Shared by all shards of one backup. */
  readonly BackupId: string;
  readonly BackupName: string;
  readonly BackupType: "auto" | "manual";
  /** UNIX time in seconds. */
  readonly CreateTime: number;
  readonly State: "Starting" | "Done";
  /** How many shards the backup has, whatever rows there are. */
  readonly BlockCount: number;
  /** Bytes; absent until the shard is done. */
  readonly BlockSize?: number;
  readonly SpaceId: string;
  readonly Protocol: string;
}

/** A URedis backup and where a request finds it. */
export interface URedisRecord {
  readonly region: string;
  readonly projectId: string;
  readonly regionType: RegionType;
  /** Only groups with a replica in another zone have one. */
  readonly slaveZone?: string;
  readonly row: URedisBackupSet;
}

/** One shard's backup of a UMem space and where a request finds it. */
export interface UMemRecord {
  readonly region: string;
  readonly zone: string;
  readonly projectId: string;
  readonly row: UMemBackupSet;
}

/**
 * Everything the simulated cloud holds, as plain data. A fleet is never changed in place: make a new one (see
 * `addBackups`, `removeBackup`) and assign it to `simulator.fleet`, so that the simulator can index it once.
 */
export interface Fleet {
  /** The project a request without `ProjectId` means. */
  readonly defaultProjectId: string;
  /** Projects that exist although no backup lies in them; those of the backups need not be repeated. */
  readonly projectIds?: readonly string[];
  readonly uredis: readonly URedisRecord[];
  readonly umem: readonly UMemRecord[];
}

/** The same fleet with more backups. */
export function addBackups(
  fleet: Fleet,
  more: { uredis?: readonly URedisRecord[]; umem?: readonly UMemRecord[] },
): Fleet {
  return {
    ...fleet,
    uredis: [...fleet.uredis, ...(more.uredis ?? [])],
    umem: [...fleet.umem, ...(more.umem ?? [])],
  };
}

/** The same fleet without one backup (all shards of it), as after it expired and was cleared away. */
export function removeBackup(fleet: Fleet, backupId: string): Fleet {
  return {
    ...fleet,
    uredis: fleet.uredis.filter(({ row }) => row.BackupId !== backupId),
    umem: fleet.umem.filter(({ row }) => row.BackupId !== backupId),
  };
}

/** A URedis group or UMem space a fleet has backups of. */
export interface BackupSource {
  readonly kind: "uredis" | "umem";
  /** `GroupId` or `SpaceId`. */
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly projectId: string;
  /** Always `normal` for UMem. */
  readonly regionType: RegionType;
  /** Wire rows: for UMem one per shard. */
  readonly rows: number;
}

/** Lists what a fleet has backups of, in the order of first appearance. */
export function listSources(fleet: Fleet): BackupSource[] {
  const sources = new Map<string, BackupSource & { rows: number }>();
  const count = (source: Omit<BackupSource, "rows">): void => {
    const key = [source.kind, source.projectId, source.region, source.regionType, source.id].join("\0");
    const known = sources.get(key);
    if (known) known.rows += 1;
    else sources.set(key, { ...source, rows: 1 });
  };
  for (const { region, projectId, regionType, row } of fleet.uredis) {
    count({ kind: "uredis", id: row.GroupId, region, zone: row.Zone, projectId, regionType });
  }
  for (const { region, zone, projectId, row } of fleet.umem) {
    count({ kind: "umem", id: row.SpaceId, region, zone, projectId, regionType: "normal" });
  }
  return [...sources.values()];
}
