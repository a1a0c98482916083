// Generated from schema.json by tools/sdk/schemaTypes.ts: `npm run generate`. Do not edit.

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
  readonly waitForRunning?: string;
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
  readonly locations?: readonly URedisBackupLocation[];
  readonly maxAge?: string;
  readonly nameRegex?: string;
  readonly onStale?: OnStale;
  readonly projectId?: string;
  readonly region?: string;
  readonly regionType?: RegionType;
  readonly slaveZone?: string;
  readonly states?: readonly string[];
  readonly waitForRunning?: string;
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
  readonly regionType?: RegionType;
  readonly skipped: readonly SkippedBackup[];
  readonly srcRegionName?: string;
  readonly stale: boolean;
  readonly state?: string;
  readonly usable: boolean;
  readonly zone?: string;
}

export interface GetRedisBackupReportArgs {
  readonly allowEmpty?: boolean;
  readonly excludeIds?: readonly string[];
  readonly kinds?: readonly RedisKind[];
  readonly maxAge?: string;
  readonly nameRegex?: string;
  readonly onStale?: OnStale;
  readonly projectId?: string;
  readonly regions?: readonly string[];
  readonly tags?: readonly string[];
}

export interface GetRedisBackupReportResult {
  readonly checked: number;
  readonly databases: readonly ReportedDatabase[];
  readonly faulty: number;
  readonly fresh: number;
  readonly healthy: number;
  readonly projectId?: string;
  readonly regions: readonly ReportedRegion[];
}

export interface GetUMemBackupUrlsArgs {
  readonly backupId: string;
  readonly projectId?: string;
  readonly region?: string;
  readonly spaceId: string;
  readonly zone: string;
}

export interface GetUMemBackupUrlsResult {
  readonly backupId: string;
  readonly blockCount: number;
  readonly projectId?: string;
  readonly region: string;
  readonly urls: readonly string[];
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

export interface GetURedisBackupUrlArgs {
  readonly backupId: string;
  readonly groupId?: string;
  readonly projectId?: string;
  readonly region?: string;
  readonly regionType?: RegionType;
  readonly slaveZone?: string;
}

export interface GetURedisBackupUrlResult {
  readonly backupId: string;
  readonly projectId?: string;
  readonly region: string;
  readonly url: string;
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

export interface LatestUMemBackup {
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

export interface LatestURedisBackup {
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
  readonly regionType?: RegionType;
  readonly skipped: readonly SkippedBackup[];
  readonly srcRegionName?: string;
  readonly stale: boolean;
  readonly state?: string;
  readonly usable: boolean;
  readonly zone?: string;
}

export interface ReportedBackup {
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupType?: string;
  readonly createdAt?: string;
}

export interface ReportedDatabase {
  readonly ageSeconds?: number;
  readonly autoBackup?: boolean;
  readonly createdAt?: string;
  readonly fault?: string;
  readonly fresh: boolean;
  readonly id: string;
  readonly kind: string;
  readonly latest?: ReportedBackup;
  readonly message: string;
  readonly name?: string;
  readonly region: string;
  readonly size?: number;
  readonly state?: string;
  readonly tag?: string;
  readonly version?: string;
  readonly zone?: string;
}

export interface ReportedRegion {
  readonly databases: number;
  readonly fault?: string;
  readonly message?: string;
  readonly region: string;
}

export interface RestoredUMemSpaceArgs {
  readonly blockCount?: number;
  readonly chargeType?: string;
  readonly clusterMode?: string;
  readonly finalBackup?: boolean;
  readonly highPerformance?: boolean;
  readonly name?: string;
  readonly password?: string;
  readonly port?: number;
  readonly preflight?: RestorePreflight;
  readonly projectId?: string;
  readonly proxyPort?: number;
  readonly proxySize?: number;
  readonly quantity?: number;
  readonly region?: string;
  readonly size?: number;
  readonly slaveZone?: string;
  readonly source?: UMemRestoreSource;
  readonly subnetId?: string;
  readonly tag?: string;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly vpcId?: string;
  readonly zone?: string;
}

export interface RestoredUMemSpaceOutputs {
  readonly address: string;
  readonly backup?: LatestUMemBackup;
  readonly blockCount?: number;
  readonly chargeType?: string;
  readonly clusterMode?: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly finalBackup: boolean;
  readonly highPerformance?: boolean;
  readonly name: string;
  readonly password?: string;
  readonly port?: number;
  readonly preflight?: RestorePreflight;
  readonly privateDomain?: string;
  readonly projectId?: string;
  readonly proxyPort?: number;
  readonly proxySize?: number;
  readonly quantity?: number;
  readonly readyAt?: string;
  readonly region: string;
  readonly requestedAt?: string;
  readonly size: number;
  readonly slaveZone?: string;
  readonly source?: UMemRestoreSource;
  readonly spaceId: string;
  readonly state: string;
  readonly subnetId?: string;
  readonly tag?: string;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly usedSize?: number;
  readonly version?: string;
  readonly vpcId?: string;
  readonly zone?: string;
}

export interface RestoredURedisGroupArgs {
  readonly autoBackup?: boolean;
  readonly backupHour?: number;
  readonly chargeType?: string;
  readonly configId?: string;
  readonly finalBackup?: boolean;
  readonly highAvailability?: boolean;
  readonly highPerformance?: boolean;
  readonly name?: string;
  readonly password?: string;
  readonly port?: number;
  readonly preflight?: RestorePreflight;
  readonly projectId?: string;
  readonly quantity?: number;
  readonly region?: string;
  readonly size?: number;
  readonly slaveZone?: string;
  readonly source?: URedisRestoreSource;
  readonly subnetId?: string;
  readonly tag?: string;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly vpcId?: string;
  readonly zone?: string;
}

export interface RestoredURedisGroupOutputs {
  readonly address: string;
  readonly autoBackup: boolean;
  readonly backup?: LatestURedisBackup;
  readonly backupHour?: number;
  readonly chargeType?: string;
  readonly configId?: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly finalBackup: boolean;
  readonly groupId: string;
  readonly highAvailability: boolean;
  readonly highPerformance?: boolean;
  readonly name: string;
  readonly password?: string;
  readonly port?: number;
  readonly preflight?: RestorePreflight;
  readonly privateDomain?: string;
  readonly projectId?: string;
  readonly quantity?: number;
  readonly readyAt?: string;
  readonly region: string;
  readonly requestedAt?: string;
  readonly size: number;
  readonly slaveZone?: string;
  readonly source?: URedisRestoreSource;
  readonly state: string;
  readonly subnetId?: string;
  readonly tag?: string;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly usedSize?: number;
  readonly version?: string;
  readonly vpcId?: string;
  readonly zone?: string;
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

export interface UMemBackupArgs {
  readonly name?: string;
  readonly projectId?: string;
  readonly region?: string;
  readonly spaceId: string;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly zone: string;
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

export interface UMemBackupOutputs {
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupType?: string;
  readonly blockCount?: number;
  readonly blockSize?: number;
  readonly blocks: readonly UMemBackupBlock[];
  readonly blocksDone: number;
  readonly createTime?: number;
  readonly createdAt?: string;
  readonly name: string;
  readonly projectId?: string;
  readonly protocol?: string;
  readonly region: string;
  readonly requestedAt?: string;
  readonly spaceId: string;
  readonly state: string;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly usable: boolean;
  readonly zone: string;
}

export interface UMemBackupPinArgs {
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
  readonly triggers?: Readonly<Record<string, string>>;
  readonly waitForRunning?: string;
  readonly zone: string;
}

export interface UMemBackupPinOutputs {
  readonly ageSeconds?: number;
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupType?: string;
  readonly backupTypes?: readonly string[];
  readonly blockCount?: number;
  readonly blockSize?: number;
  readonly blocks: readonly UMemBackupBlock[];
  readonly blocksDone: number;
  readonly createTime?: number;
  readonly createdAfter?: string;
  readonly createdAt?: string;
  readonly createdBefore?: string;
  readonly maxAge?: string;
  readonly nameRegex?: string;
  readonly onStale?: OnStale;
  readonly projectId?: string;
  readonly protocol?: string;
  readonly region: string;
  readonly skipped: readonly SkippedBackup[];
  readonly spaceId?: string;
  readonly stale: boolean;
  readonly state: string;
  readonly states?: readonly string[];
  readonly triggers?: Readonly<Record<string, string>>;
  readonly usable: boolean;
  readonly waitForRunning?: string;
  readonly zone?: string;
}

export interface UMemRestoreSource {
  readonly backupId?: string;
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
  readonly waitForRunning?: string;
  readonly zone: string;
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

export interface URedisBackupArgs {
  readonly groupId: string;
  readonly name?: string;
  readonly projectId?: string;
  readonly region?: string;
  readonly slaveZone?: string;
  readonly triggers?: Readonly<Record<string, string>>;
}

export interface URedisBackupLocation {
  readonly region: string;
  readonly regionType?: RegionType;
}

export interface URedisBackupOutputs {
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupSize?: number;
  readonly backupTime?: number;
  readonly backupType?: string;
  readonly createdAt?: string;
  readonly dstRegionName?: string;
  readonly groupId: string;
  readonly groupName?: string;
  readonly memorySize?: number;
  readonly name: string;
  readonly projectId?: string;
  readonly redisVersion?: string;
  readonly region: string;
  readonly requestedAt?: string;
  readonly slaveZone?: string;
  readonly srcRegionName?: string;
  readonly state?: string;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly usable: boolean;
  readonly zone?: string;
}

export interface URedisBackupPinArgs {
  readonly backupId?: string;
  readonly backupTypes?: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly groupId?: string;
  readonly locations?: readonly URedisBackupLocation[];
  readonly maxAge?: string;
  readonly nameRegex?: string;
  readonly onStale?: OnStale;
  readonly projectId?: string;
  readonly region?: string;
  readonly regionType?: RegionType;
  readonly slaveZone?: string;
  readonly states?: readonly string[];
  readonly triggers?: Readonly<Record<string, string>>;
  readonly waitForRunning?: string;
}

export interface URedisBackupPinOutputs {
  readonly ageSeconds?: number;
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupSize?: number;
  readonly backupTime?: number;
  readonly backupType?: string;
  readonly backupTypes?: readonly string[];
  readonly createdAfter?: string;
  readonly createdAt?: string;
  readonly createdBefore?: string;
  readonly dstRegionName?: string;
  readonly groupId?: string;
  readonly groupName?: string;
  readonly locations?: readonly URedisBackupLocation[];
  readonly maxAge?: string;
  readonly memorySize?: number;
  readonly nameRegex?: string;
  readonly onStale?: OnStale;
  readonly projectId?: string;
  readonly redisVersion?: string;
  readonly region: string;
  readonly regionType?: RegionType;
  readonly skipped: readonly SkippedBackup[];
  readonly slaveZone?: string;
  readonly srcRegionName?: string;
  readonly stale: boolean;
  readonly state?: string;
  readonly states?: readonly string[];
  readonly triggers?: Readonly<Record<string, string>>;
  readonly usable: boolean;
  readonly waitForRunning?: string;
  readonly zone?: string;
}

export interface URedisRestoreLocation {
  readonly region: string;
  readonly regionType?: RegionType;
  readonly slaveZone?: string;
  readonly subnetId?: string;
  readonly vpcId?: string;
  readonly zone?: string;
}

export interface URedisRestoreSource {
  readonly backupId?: string;
  readonly backupTypes?: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly groupId?: string;
  readonly locations?: readonly URedisRestoreLocation[];
  readonly maxAge?: string;
  readonly nameRegex?: string;
  readonly onStale?: OnStale;
  readonly projectId?: string;
  readonly region?: string;
  readonly regionType?: RegionType;
  readonly slaveZone?: string;
  readonly states?: readonly string[];
  readonly waitForRunning?: string;
}

export type OnStale = "error" | "warn";

export type RedisKind = "uredis" | "umem";

export type RegionType = "normal" | "source" | "target";

export type RestorePreflight = "error" | "warn";
