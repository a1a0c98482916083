/** The ways of paying for a database. */
export type ChargeType = "Year" | "Month" | "Dynamic" | "Trial";

/** Fields that rows of DescribeUMem may lack: the API does not say which rows carry them. */
export type SpaceField = "AutoBackup" | "BackupTime" | "Version";

/** A read-only replica of a URedis group: a group of its own, which DescribeUMem lists inside its master. */
export interface Replica {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly state: string;
}

/** A shard of a UMem space. */
export interface Block {
  readonly id: string;
  /** Gigabytes. */
  readonly size: number;
  readonly port: number;
}

/** A URedis group or UMem space, with everything that the API can say of it, and more. */
export interface Database {
  readonly kind: "uredis" | "umem";
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly zone: string;
  readonly slaveZone?: string | undefined;
  readonly projectId: string;
  /** Any text: `Running`, `Creating`, `CreateFail` and so on. */
  readonly state: string;
  /** Gigabytes; for a space, those of all shards. */
  readonly size: number;
  /** Megabytes. */
  readonly usedMb: number;
  readonly version: string;
  /** Never listed: rows say only whether there is one. */
  readonly password?: string | undefined;
  readonly configId: string;
  readonly vpcId: string;
  readonly subnetId: string;
  /** Listed once the database is up. */
  readonly host: string;
  readonly port: number;
  readonly tag: string;
  readonly chargeType: ChargeType;
  /** UNIX time in seconds, like `expiresAt`. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Whether the paid period is over, so that it must be renewed before it can be deleted (RetCode 20104). */
  readonly isExpired: boolean;
  readonly autoBackup: boolean;
  /** Hour of the automatic backup. */
  readonly backupHour: number;
  /** The region that backups are copied to. */
  readonly copies?: { readonly region: string; readonly saveDays: number } | undefined;
  readonly highAvailability: boolean;
  readonly highPerformance: boolean;
  readonly proxySize: number;
  readonly clusterMode: string;
  readonly replicas: readonly Replica[];
  /** The group whose read-only replica this group is, where a replica has a row of its own too. */
  readonly masterId?: string | undefined;
  /** Memcache databases appear in no listing of Redis. */
  readonly protocol: "redis" | "memcache";
  /** Fields that its row of DescribeUMem lacks. */
  readonly rowLacks: readonly SpaceField[];
  /** The shards of a space; empty for a group. */
  readonly blocks: readonly Block[];
  /** The backup that it was created from. */
  readonly sourceBackupId?: string | undefined;
  /** The number of the request that created it; absent for a database of the fleet. */
  readonly createdBy?: number | undefined;
  /** The number of the request that deleted it. */
  readonly deletedBy?: number | undefined;
  /** Whether it no longer exists. */
  readonly isGone: boolean;
  /** In how many more listings it does not appear although it exists. */
  readonly hiddenLooks: number;
}

/** The fields of a database that a test may change. */
export type DatabaseChanges = Partial<Omit<Database, "kind" | "id" | "createdBy" | "deletedBy" | "isGone">>;

/** What a new database needs. The other fields have defaults. */
export type DatabaseSeed = Pick<
  Database,
  "kind" | "id" | "name" | "region" | "zone" | "projectId" | "size" | "version" | "createdAt"
> &
  DatabaseChanges & { readonly createdBy?: number | undefined };

const SECONDS_OF_YEAR = 365 * 24 * 3600;

/** Returns a running database. A space has 4 GB shards unless `blocks` says otherwise. */
export function createDatabase(seed: DatabaseSeed): Database {
  return {
    state: "Running",
    usedMb: 0,
    configId: "",
    vpcId: `uvnet-${seed.region}`,
    subnetId: `subnet-${seed.region}`,
    host: chooseHost(seed.id),
    port: 6379,
    tag: "Default",
    chargeType: "Month",
    expiresAt: seed.createdAt + SECONDS_OF_YEAR,
    isExpired: false,
    autoBackup: false,
    backupHour: 3,
    highAvailability: true,
    highPerformance: false,
    proxySize: 0,
    clusterMode: "",
    replicas: [],
    protocol: "redis",
    rowLacks: [],
    blocks: seed.kind === "umem" ? splitBlocks(seed, Math.max(1, Math.ceil(seed.size / 4))) : [],
    hiddenLooks: 0,
    ...seed,
    isGone: false,
  };
}

/** Returns so many shards, which share the size of their space. */
export function splitBlocks({ id, size }: Pick<Database, "id" | "size">, count: number): Block[] {
  return Array.from({ length: count }, (_, shard) => ({
    id: `${id}_${shard}`,
    size: Math.ceil(size / count),
    port: 6379 + shard,
  }));
}

/** Whether a database can have a real Redis server: a running group, but no replica. */
export function canServe({ kind, state, protocol, masterId }: Database): boolean {
  return kind === "uredis" && state === "Running" && protocol === "redis" && masterId === undefined;
}

/** All databases that exist or existed. Entries are immutable: a change replaces one. */
export class DatabaseStore {
  private readonly entries = new Map<string, Database>();
  private seeds: readonly Database[] | undefined;

  /** Replaces the databases of the former fleet by those of another, unless they are the same. */
  seed(databases: readonly Database[] | undefined): void {
    if (databases === this.seeds) return;
    for (const { id } of this.seeds ?? []) this.entries.delete(id);
    for (const database of databases ?? []) this.entries.set(database.id, database);
    this.seeds = databases;
  }

  add(database: Database): void {
    this.entries.set(database.id, database);
  }

  /** Returns the database, also one that no longer exists. */
  find(id: string): Database | undefined {
    return this.entries.get(id);
  }

  /** Lists the databases that exist, in the order in which they were made. */
  list(): Database[] {
    return this.listAll().filter(({ isGone }) => !isGone);
  }

  /** Lists also those that no longer exist. */
  listAll(): Database[] {
    return [...this.entries.values()];
  }

  /** Changes a database, if it is known. */
  change(id: string, changes: Partial<Database>): void {
    const known = this.entries.get(id);
    if (known) this.entries.set(id, { ...known, ...changes });
  }

  /** Removes every trace of a database, as if it had never been made. */
  forget(id: string): void {
    this.entries.delete(id);
  }
}

function chooseHost(id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 65_025;
  return `10.9.${Math.floor(sum / 255)}.${1 + (sum % 254)}`;
}
