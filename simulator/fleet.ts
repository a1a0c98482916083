import type { Database } from "./databases";

/**
 * The values of `RegionType`: a region's own backups, its copies in other regions, or the copies stored in
 * it.
 */
export type RegionType = "normal" | "source" | "target";

/** A row of DescribeURedisBackup, with the field names of its API page. */
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
  /** Cross-region copies only, like `DstRegionName`. */
  readonly SrcRegionName?: string;
  readonly DstRegionName?: string;
  /** Gigabytes. */
  readonly MemorySize: number;
  readonly RedisVersion: string;
}

/** A row of DescribeUMemBackup, which is one shard of a backup, with the field names of its API page. */
export interface UMemBackupSet {
  /** The same for all shards of one backup. */
  readonly BackupId: string;
  readonly BackupName: string;
  readonly BackupType: "auto" | "manual";
  /** UNIX time in seconds. */
  readonly CreateTime: number;
  readonly State: "Starting" | "Done";
  /** How many shards the backup has, even if some of their rows are missing. */
  readonly BlockCount: number;
  /** Bytes; absent until the shard is done. */
  readonly BlockSize?: number;
  readonly SpaceId: string;
  readonly Protocol: string;
}

/** A URedis row, and the request parameters that select it. */
export interface URedisRecord {
  readonly region: string;
  readonly projectId: string;
  readonly regionType: RegionType;
  /** Set only for groups with a replica in another zone. */
  readonly slaveZone?: string;
  readonly row: URedisBackupSet;
}

/** A UMem row, and the request parameters that select it. */
export interface UMemRecord {
  readonly region: string;
  readonly zone: string;
  readonly projectId: string;
  readonly row: UMemBackupSet;
}

/**
 * All data of the simulated cloud, as plain objects. Fleets are immutable, because the simulator indexes each
 * one only once: to change it, assign a new one to `simulator.fleet` (see `addBackups` and `removeBackup`).
 */
export interface Fleet {
  /** The project of requests without `ProjectId`. */
  readonly defaultProjectId: string;
  /** Projects that exist without backups. The projects of the backups need not be repeated. */
  readonly projectIds?: readonly string[];
  readonly uredis: readonly URedisRecord[];
  readonly umem: readonly UMemRecord[];
  /**
   * The groups and spaces that exist, or existed (`isGone`); see `createDatabases`. The simulator copies them,
   * so that requests never change a fleet. A group or space with backups that is not among them is gone too.
   *
   * @default none
   */
  readonly databases?: readonly Database[];
}

/** Returns the fleet with more backups. */
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

/** Returns the fleet without one backup and all its shards, as after the cloud has deleted it. */
export function removeBackup(fleet: Fleet, backupId: string): Fleet {
  return {
    ...fleet,
    uredis: fleet.uredis.filter(({ row }) => row.BackupId !== backupId),
    umem: fleet.umem.filter(({ row }) => row.BackupId !== backupId),
  };
}

/** A URedis group or UMem space with backups. */
export interface BackupSource {
  readonly kind: "uredis" | "umem";
  /** `GroupId` or `SpaceId`. */
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly projectId: string;
  /** Always `normal` for UMem. */
  readonly regionType: RegionType;
  /** The number of rows: for UMem, one per shard. */
  readonly rows: number;
}

/** Lists the groups and spaces that a fleet has backups of, in the order of their first rows. */
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
