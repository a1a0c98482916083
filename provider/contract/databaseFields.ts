/** The answers about databases and shards, after the pages of these actions in UCloud's API documentation. */

import { isReplica, KINDS } from "../ucloud/databaseRows";
import { isBeforeRunning } from "../ucloud/databaseStates";
import { isJsonObject, type JsonObject, readField, readName, readText } from "../ucloud/jsonFields";
import { commonFields } from "./backupFields";
import {
  exceptFor,
  type Fields,
  flag,
  listOf,
  needed,
  number,
  oneOf,
  oneOfOpen,
  seconds,
  seldom,
  type Shape,
  text,
} from "./rules";

/** The states that the page of `DescribeUMem` lists. The list is not closed. */
export const DATABASE_STATES = [
  "Creating",
  "CreateFail",
  "Starting",
  "Running",
  "Fail",
  "Deleting",
  "DeleteFail",
  "Replicating",
  "ReplicateDone",
  "ReplicateFail",
  "SlaveRecovering",
  "Disasting",
  "UpgradeMemInit",
  "ExecTimeout",
  "Configing",
  "ConfigFail",
  "SetPassword",
  "SetPasswordFail",
  "SSLSwitching",
  "SSLSwitchFail",
  "Restarting",
  "Resizing",
  "ResizeFail",
  "DelayUpgrade",
  "VersionUpgrading",
  "VersionUpgradeFail",
  "ClusterUpgrading",
  "ISolation",
] as const;

const state = oneOfOpen(...DATABASE_STATES);
const chargeType = oneOfOpen("Year", "Month", "Dynamic", "Trial");
const toggle = oneOf("enable", "disable");
const resourceType = oneOf(...KINDS.keys(), "performance");

const common: Fields = {
  Zone: needed(text),
  Name: needed(text),
  State: needed(state),
  Size: needed(number),
  UsedSize: number,
  VPCId: needed(text),
  SubnetId: needed(text),
  CreateTime: needed(seconds),
  ExpireTime: seconds,
  ChargeType: needed(chargeType),
  Tag: text,
  RewriteTime: number,
  ResourceType: needed(resourceType),
  ConfigId: text,
  Version: text,
  DefaultConfigId: text,
  HasPassword: needed(flag),
  UDACEnable: flag,
};

/** A read-only replica, nested in its group. */
const replica: Fields = {
  ...common,
  GroupId: needed(text),
  GroupName: text,
  MasterGroupId: needed(text),
  MemorySize: number,
  VirtualIP: text,
  Port: number,
  Role: needed(oneOf("master", "slave")),
  ModifyTime: number,
  ResourceType: resourceType,
  HasPassword: flag,
};

const address: Fields = { IP: needed(text), Port: needed(number), PrivateDomain: text, PublicIp: text };

/** Whether a row is that of a database that may not have an address yet. */
function mayHaveNoAddress(row: JsonObject): boolean {
  return isBeforeRunning(readName(row, "State"));
}

/** A replica has no backups of its own, and so no strategy either. */
function isReplicaRow(row: JsonObject): boolean {
  return isReplica(row, readName(row, "ResourceId") ?? "");
}

const database: Fields = {
  ...common,
  ResourceId: needed(text),
  Type: oneOf("single", "double"),
  Protocol: oneOf("redis", "memcache"),
  Address: {
    ...needed(
      listOf(
        {
          noun: "addresses of databases that never ran",
          matches: (_, row) => mayHaveNoAddress(row),
          fields: { ...address, IP: seldom(text), Port: seldom(number) },
        },
        { noun: "addresses", fields: address },
      ),
    ),
    isAloneToo: true,
    lackedBy: mayHaveNoAddress,
  },
  AutoBackup: exceptFor(isReplicaRow, toggle),
  BackupTime: exceptFor(isReplicaRow, number),
  HighAvailability: toggle,
  SlaveZone: seldom(text),
  OwnSlave: oneOf("Yes", "No"),
  DataSet: seldom(listOf({ noun: "replicas", fields: replica })),
  ProductType: number,
  IsHighPerformance: flag,
  IsRWMode: flag,
  SupportAofRollback: flag,
  AofRollbackEnable: flag,
  SSLVersion: text,
  SSLEnable: flag,
  SSLCertExpireTime: number,
  SecPolicy: number,
  Role: seldom(oneOf("master", "slave")),
  ProxyName: seldom(text),
  MasterGroupId: seldom(text),
};

/** Whether a row of `DescribeUMem` is of a kind, by its type. */
export function isOfKind(row: JsonObject, kind: "uredis" | "umem"): boolean {
  const type = readText(row, "ResourceType")?.toLowerCase() ?? "";
  if (type === "performance") return kind === "uredis" && readText(row, "Role") !== undefined;
  return KINDS.get(type) === kind;
}

/** Groups carry their backup strategy and version; whether spaces do is not known. */
const databaseShapes: readonly Shape[] = [
  {
    noun: "groups",
    matches: (row) => isOfKind(row, "uredis"),
    fields: {
      ...database,
      Version: needed(text),
      ConfigId: needed(text),
      AutoBackup: exceptFor(isReplicaRow, needed(toggle)),
      BackupTime: exceptFor(isReplicaRow, needed(number)),
      HighAvailability: needed(toggle),
      Role: needed(oneOf("master", "slave")),
    },
  },
  { noun: "spaces", matches: (row) => isOfKind(row, "umem"), fields: database },
  { noun: "databases of no known type", fields: database },
];

/** The answer of `DescribeUMem`. */
export const databases: Fields = {
  ...commonFields,
  TotalCount: seldom(number),
  DataSet: needed(listOf(...databaseShapes)),
};

/** The answer of `DescribeUMemBlockInfo`: the shards of a space, and their read-only copies. */
export const blocks: Fields = {
  ...commonFields,
  DataSet: needed(
    listOf({
      noun: "shards",
      fields: {
        BlockId: needed(text),
        BlockSize: needed(number),
        BlockState: needed(state),
        BlockType: needed(oneOf("master", "slave")),
        BlockName: text,
        BlockPort: number,
        BlockSlotBegin: number,
        BlockSlotEnd: number,
        BlockVip: text,
        BlockUsedSize: number,
        BlockReadWeight: number,
      },
    }),
  ),
  ReadMode: oneOf("Custom", "Uniform", "ReadOnly"),
};

/** The rows of an answer that are objects. */
export function readRows(body: JsonObject): readonly JsonObject[] {
  const rows = readField(body, "DataSet");
  return Array.isArray(rows) ? rows.filter(isJsonObject) : [];
}
