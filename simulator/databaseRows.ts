import type { Block, Database, Replica, SpaceField } from "./databases";

/** States in which a database has no address. */
const NOT_UP: readonly string[] = ["Creating", "Starting", "CreateFail"];

/** Writes a row of DescribeUMem. Rows of spaces lack some fields besides those that the database says itself. */
export function writeUMemRow(
  database: Database,
  spaceRowsLack: readonly SpaceField[],
): Record<string, unknown> {
  const { kind, id, replicas } = database;
  const isGroup = kind === "uredis";
  const row = {
    ...writeCommonFields(database),
    ResourceId: id,
    ResourceType: isGroup ? "single" : "distributed",
    Address: [writeAddress(database)],
    ...writeStrategy(database),
    HighAvailability: writeToggle(database.highAvailability),
    Version: database.version,
    SlaveZone: database.slaveZone ?? "",
    ProductType: isGroup ? 0 : 2,
    IsHighPerformance: database.highPerformance,
    HasPassword: database.password !== undefined,
    DefaultConfigId: "true",
    ConfigId: database.configId,
    OwnSlave: replicas.length > 0 ? "Yes" : "No",
    IsRWMode: database.clusterMode === "RWMode",
    SupportAofRollback: false,
    AofRollbackEnable: false,
    SSLVersion: "",
    SSLEnable: false,
    SSLCertExpireTime: 0,
    SecPolicy: 1,
    UDACEnable: false,
    ...(isGroup ? { Role: writeRole(database) } : { ProxyName: "" }),
    ...(replicas.length > 0 && { DataSet: replicas.map((replica) => writeReplica(replica, database)) }),
  };
  const lacking: readonly string[] = [...database.rowLacks, ...(isGroup ? [] : spaceRowsLack)];
  return Object.fromEntries(Object.entries(row).filter(([name]) => !lacking.includes(name)));
}

/** Writes a row of DescribeURedisGroup. */
export function writeGroupRow(database: Database): Record<string, unknown> {
  const { host, port } = writeReach(database);
  return {
    ...writeCommonFields(database),
    ...writeStrategy(database),
    GroupId: database.id,
    GroupName: database.name,
    MemorySize: database.size,
    ModifyTime: database.createdAt,
    Role: writeRole(database),
    ConfigId: database.configId,
    VirtualIP: host,
    Port: port,
    HighAvailability: writeToggle(database.highAvailability),
    Version: database.version,
    SlaveZone: database.slaveZone ?? "",
    IsHighPerformance: database.highPerformance,
    SSLVersion: "",
    SSLEnable: false,
    SSLCertExpireTime: 0,
    SecPolicy: 1,
    UDACEnable: false,
  };
}

/** Writes a row of DescribeUMemSpace, which has no version and no shards. */
export function writeSpaceRow(database: Database): Record<string, unknown> {
  return {
    ...writeCommonFields(database),
    SpaceId: database.id,
    Address: [writeAddress(database)],
    SupportAofRollback: false,
    AofRollbackEnable: false,
  };
}

/** Writes a row of DescribeUMemBlockInfo. */
export function writeBlockRow(
  block: Block,
  { database, shard }: { database: Database; shard: number },
): object {
  const slots = 16_384 / database.blocks.length;
  return {
    BlockId: block.id,
    BlockName: block.id,
    BlockPort: block.port,
    BlockSize: block.size,
    BlockUsedSize: Math.floor(database.usedMb / database.blocks.length),
    BlockState: database.state,
    BlockSlotBegin: Math.floor(shard * slots),
    BlockSlotEnd: Math.floor((shard + 1) * slots) - 1,
    BlockVip: database.host,
    BlockType: "master",
    BlockReadWeight: 100,
  };
}

function writeCommonFields(database: Database): Record<string, unknown> {
  return {
    Zone: database.zone,
    Name: database.name,
    State: database.state,
    Size: database.size,
    UsedSize: database.usedMb,
    Type: "double",
    Protocol: database.protocol,
    VPCId: database.vpcId,
    SubnetId: database.subnetId,
    CreateTime: Math.floor(database.createdAt),
    ExpireTime: Math.floor(database.expiresAt),
    ChargeType: database.chargeType,
    Tag: database.tag,
    RewriteTime: 3,
  };
}

function writeRole({ masterId }: Database): "master" | "slave" {
  return masterId === undefined ? "master" : "slave";
}

function writeStrategy({ autoBackup, backupHour }: Database): object {
  return { AutoBackup: writeToggle(autoBackup), BackupTime: backupHour };
}

function writeToggle(isOn: boolean): "enable" | "disable" {
  return isOn ? "enable" : "disable";
}

function writeReach({ state, host, port }: Database): { host: string; port: number } {
  return { host: NOT_UP.includes(state) ? "" : host, port };
}

function writeAddress(database: Database): object {
  const { host, port } = writeReach(database);
  return { IP: host, Port: port, PrivateDomain: "", PublicIp: "" };
}

/** Replicas carry neither AutoBackup nor BackupTime. */
function writeReplica(replica: Replica, master: Database): object {
  return {
    Zone: replica.zone,
    SubnetId: master.subnetId,
    VPCId: master.vpcId,
    VirtualIP: master.host,
    RewriteTime: 3,
    MasterGroupId: master.id,
    GroupId: replica.id,
    Port: master.port,
    MemorySize: master.size,
    GroupName: replica.name,
    Role: "slave",
    ModifyTime: Math.floor(master.createdAt),
    Name: replica.name,
    CreateTime: Math.floor(master.createdAt),
    ExpireTime: Math.floor(master.expiresAt),
    Size: master.size,
    UsedSize: master.usedMb,
    State: replica.state,
    ChargeType: master.chargeType,
    Tag: master.tag,
    ResourceType: "single",
    ConfigId: master.configId,
    Version: master.version,
    DefaultConfigId: "true",
    HasPassword: master.password !== undefined,
    UDACEnable: false,
  };
}
