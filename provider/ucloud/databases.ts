/**
 * Redis databases as the API lists them, and the calls that create, change and delete them. Everything that
 * is spelt as UCloud spells it stays behind these interfaces.
 */

import type { WriteOutcome } from "./writeOutcome";

/** Primary-replica Redis (a group) or distributed Redis (a space). */
export type DatabaseKind = "uredis" | "umem";

/** One row of `DescribeUMem`. A field that the API left out, or that cannot be read, is absent. */
export interface Database {
  readonly id: string;
  readonly name?: string;
  /** By `ResourceType`. Absent if the type is not a known one, and with `otherProtocol`. */
  readonly kind?: DatabaseKind;
  /** Of a database that is not Redis: what it is, in lower case, such as `memcache`. */
  readonly otherProtocol?: string;
  /** As the API spells it, such as `Running`. The list of states is not closed. */
  readonly state?: string;
  readonly zone?: string;
  readonly slaveZone?: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  /** In GB; of a space, all shards together. */
  readonly size?: number;
  /** In MB. */
  readonly usedSize?: number;
  readonly version?: string;
  readonly configId?: string;
  readonly chargeType?: string;
  readonly tag?: string;
  readonly highAvailability?: boolean;
  readonly highPerformance?: boolean;
  readonly autoBackup?: boolean;
  /** 0 to 23. */
  readonly backupHour?: number;
  readonly hasPassword?: boolean;
  /** In seconds since 1970. */
  readonly createTime?: number;
  readonly expireTime?: number;
  /** Host and port, such as `10.9.0.4:6379`. */
  readonly address?: string;
  readonly host?: string;
  readonly port?: number;
  readonly privateDomain?: string;
  /** Whether reads and writes are split (`IsRWMode`). Spaces only. */
  readonly isReadWriteSplit?: boolean;
  /** Whether the row is a read-only replica of another group. */
  readonly isReplica: boolean;
}

/** Where databases are looked for. Without `projectId`, the account's default project. */
export interface DatabaseScope {
  readonly region: string;
  readonly projectId: string | undefined;
}

/** The databases of a scope. */
export interface DatabaseListing {
  readonly databases: readonly Database[];
  /** Whether these are certainly all of them. */
  readonly isComplete: boolean;
}

/** A database to read or to change. `zone` is the one it is in now; calls for spaces require it. */
export interface DatabaseAddress extends DatabaseScope {
  readonly kind: DatabaseKind;
  readonly id: string;
  readonly zone: string | undefined;
}

/** A shard of a space. */
export interface Block {
  readonly id: string;
  readonly state?: string;
  /** In GB. */
  readonly size?: number;
}

/** What both kinds are created with. All defaults are resolved before. */
interface CreateDatabase extends DatabaseScope {
  readonly backupId: string;
  readonly name: string;
  readonly zone: string;
  readonly slaveZone: string | undefined;
  readonly size: number;
  readonly version: string | undefined;
  readonly vpcId: string | undefined;
  readonly subnetId: string | undefined;
  readonly port: number | undefined;
  readonly highPerformance: boolean | undefined;
  readonly chargeType: string | undefined;
  readonly quantity: number | undefined;
  readonly tag: string | undefined;
  /** Plain; encoded for the wire here. Absent or empty: none. */
  readonly password: string | undefined;
}

/** The parameters of `CreateURedisGroup` for a restore. */
export interface CreateGroup extends CreateDatabase {
  readonly kind: "uredis";
  readonly configId: string | undefined;
  readonly highAvailability: boolean;
  readonly autoBackup: boolean;
  readonly backupHour: number | undefined;
}

/** The parameters of `CreateUMemSpace` for a restore. */
export interface CreateSpace extends CreateDatabase {
  readonly kind: "umem";
  /** The space that was backed up; the API requires it beside the backup. */
  readonly sourceSpaceId: string;
  readonly blockCount: number | undefined;
  readonly proxySize: number | undefined;
  readonly proxyPort: number | undefined;
  /** `RWMode`, or absent. */
  readonly clusterMode: string | undefined;
}

/** Reads. They are retried as all reads are, and fail as those do. */
export interface DatabaseReader {
  /** All databases of a scope: groups and spaces, their read-only replicas marked. */
  list(scope: DatabaseScope): Promise<DatabaseListing>;
  /** The row with this id, asked for by it, whatever else the answer holds. It proves presence, never absence. */
  find(scope: DatabaseScope, id: string): Promise<Database | undefined>;
  listBlocks(address: DatabaseAddress): Promise<readonly Block[]>;
  /** The Redis versions that a zone offers; empty if the API names none. */
  listVersions(place: DatabaseScope & { readonly zone: string }): Promise<readonly string[]>;
  listConfigs(
    query: DatabaseScope & {
      readonly zone: string;
      readonly version?: string | undefined;
      readonly configId?: string | undefined;
    },
  ): Promise<readonly DatabaseConfig[]>;
  /** How many databases of this size the zone has room for. `undefined` if the answer has no number. */
  countRoom(query: RoomQuery): Promise<number | undefined>;
  /** The prices for the charge type asked for. */
  listPrices(query: PriceQuery): Promise<readonly Price[]>;
}

/** A file of Redis parameters. */
export interface DatabaseConfig {
  readonly id: string;
  readonly name?: string;
  readonly version?: string;
  /** Whether it is one of the cloud's own (`IsModify` is `Unmodifiable`). */
  readonly isDefault: boolean;
  readonly isUsable: boolean;
}

export interface RoomQuery extends DatabaseScope {
  readonly kind: DatabaseKind;
  readonly zone: string;
  readonly slaveZone?: string | undefined;
  readonly size: number;
}

export interface PriceQuery extends DatabaseScope {
  readonly kind: DatabaseKind;
  readonly zone: string;
  readonly size: number;
  readonly chargeType?: string | undefined;
  readonly quantity?: number | undefined;
  readonly highAvailability?: boolean | undefined;
  readonly highPerformance?: boolean | undefined;
  readonly blockCount?: number | undefined;
  readonly proxySize?: number | undefined;
  readonly clusterMode?: string | undefined;
}

/** Prices are in fen, 1/100 CNY, as all price actions of UCloud have them; the page itself does not say so. */
export interface Price {
  readonly chargeType?: string;
  readonly price?: number;
  readonly originalPrice?: number;
}

/** Writes. Each is sent once; see writer.ts. Waiting and looking are the caller's. */
export interface DatabaseWriter {
  /** `id` is absent if the answer has none: then the outcome is `unknown`. */
  create(request: CreateGroup | CreateSpace): Promise<WriteOutcome & { readonly id?: string }>;
  delete(address: DatabaseAddress): Promise<WriteOutcome>;
  rename(address: DatabaseAddress, name: string): Promise<WriteOutcome>;
  /** `""` removes the password. */
  setPassword(address: DatabaseAddress, password: string): Promise<WriteOutcome>;
  /** Of a group: to `size` GB. */
  resizeGroup(address: DatabaseAddress, size: number): Promise<WriteOutcome>;
  /** Of one shard of a space: to `size` GB. */
  resizeBlock(
    address: DatabaseAddress,
    block: { readonly blockId: string; readonly size: number },
  ): Promise<WriteOutcome>;
  /** Groups only. Replaces the whole strategy, so both are always sent. */
  setBackupStrategy(
    address: DatabaseAddress,
    strategy: {
      readonly autoBackup: boolean;
      readonly backupHour: number | undefined;
      readonly slaveZone?: string | undefined;
    },
  ): Promise<WriteOutcome>;
  /** Takes a backup by hand. `backupId` is absent if the answer has none: the outcome may still be `accepted`. */
  backUp(
    address: DatabaseAddress,
    backup: { readonly name: string; readonly slaveZone?: string | undefined },
  ): Promise<WriteOutcome & { readonly backupId?: string }>;
}
