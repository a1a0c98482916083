// Generated from schema.json by tools/schemaTypes.ts: `npm run generate`. Do not edit.

export interface GetLatestUMemBackupArgs {
  readonly backupTypes?: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly maxAge?: string;
  readonly nameRegex?: string;
  readonly onStale?: OnStale;
  readonly projectId?: string;
  readonly region?: string;
  readonly spaceId: string;
  readonly states?: readonly string[];
  readonly zone: string;
}

export interface GetLatestUMemBackupResult {
  readonly ageSeconds?: number;
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupType?: string;
  readonly blockCount?: number;
  readonly blockSize?: number;
  readonly blocks: readonly UMemBackupBlock[];
  readonly blocksDone: number;
  readonly createTime?: number;
  readonly createdAt?: string;
  readonly projectId?: string;
  readonly protocol?: string;
  readonly region: string;
  readonly skipped: readonly SkippedBackup[];
  readonly spaceId?: string;
  readonly stale: boolean;
  readonly state: string;
  readonly usable: boolean;
}

export interface GetLatestURedisBackupArgs {
  readonly backupId?: string;
  readonly backupTypes?: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly groupId?: string;
  readonly maxAge?: string;
  readonly nameRegex?: string;
  readonly onStale?: OnStale;
  readonly projectId?: string;
  readonly region?: string;
  readonly regionType?: RegionType;
  readonly slaveZone?: string;
  readonly states?: readonly string[];
}

export interface GetLatestURedisBackupResult {
  readonly ageSeconds?: number;
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupSize?: number;
  readonly backupTime?: number;
  readonly backupType?: string;
  readonly createdAt?: string;
  readonly dstRegionName?: string;
  readonly groupId?: string;
  readonly groupName?: string;
  readonly memorySize?: number;
  readonly projectId?: string;
  readonly redisVersion?: string;
  readonly region: string;
  readonly skipped: readonly SkippedBackup[];
  readonly srcRegionName?: string;
  readonly stale: boolean;
  readonly state?: string;
  readonly usable: boolean;
  readonly zone?: string;
}

export interface GetUMemBackupsArgs {
  readonly backupTypes?: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly limit?: number;
  readonly nameRegex?: string;
  readonly offset?: number;
  readonly projectId?: string;
  readonly region?: string;
  readonly spaceId: string;
  readonly states?: readonly string[];
  readonly zone: string;
}

export interface GetUMemBackupsResult {
  readonly backups: readonly UMemBackup[];
  readonly latest?: UMemBackup;
  readonly projectId?: string;
  readonly region: string;
  readonly skipped: readonly SkippedBackup[];
  readonly totalCount?: number;
}

export interface GetURedisBackupsArgs {
  readonly backupId?: string;
  readonly backupTypes?: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly groupId?: string;
  readonly limit?: number;
  readonly nameRegex?: string;
  readonly offset?: number;
  readonly projectId?: string;
  readonly region?: string;
  readonly regionType?: RegionType;
  readonly slaveZone?: string;
  readonly states?: readonly string[];
}

export interface GetURedisBackupsResult {
  readonly backups: readonly URedisBackup[];
  readonly latest?: URedisBackup;
  readonly projectId?: string;
  readonly region: string;
  readonly skipped: readonly SkippedBackup[];
  readonly totalCount?: number;
}

export interface SkippedBackup {
  readonly backupId: string;
  readonly createdAt?: string;
  readonly reason: string;
  readonly state?: string;
}

export interface UMemBackup {
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupType?: string;
  readonly blockCount?: number;
  readonly blockSize?: number;
  readonly blocks: readonly UMemBackupBlock[];
  readonly blocksDone: number;
  readonly createTime?: number;
  readonly createdAt?: string;
  readonly protocol?: string;
  readonly spaceId?: string;
  readonly state: string;
  readonly usable: boolean;
}

export interface UMemBackupBlock {
  readonly backupId?: string;
  readonly backupName?: string;
  readonly backupType?: string;
  readonly blockCount?: number;
  readonly blockSize?: number;
  readonly createTime?: number;
  readonly protocol?: string;
  readonly spaceId?: string;
  readonly state?: string;
}

export interface URedisBackup {
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupSize?: number;
  readonly backupTime?: number;
  readonly backupType?: string;
  readonly createdAt?: string;
  readonly dstRegionName?: string;
  readonly groupId?: string;
  readonly groupName?: string;
  readonly memorySize?: number;
  readonly redisVersion?: string;
  readonly srcRegionName?: string;
  readonly state?: string;
  readonly usable: boolean;
  readonly zone?: string;
}

export type OnStale = "error" | "warn";

export type RegionType = "normal" | "source" | "target";
