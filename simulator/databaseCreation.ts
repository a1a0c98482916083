import { type Action, type ActionRequest, defineAction, succeed } from "./actions";
import type { Cloud } from "./cloud";
import {
  type ChargeType,
  createDatabase,
  type Database,
  type DatabaseChanges,
  splitBlocks,
} from "./databases";
import { compareVersions, findDefaultConfiguration, listVersions } from "./offer";
import { countFreeRoom } from "./offerQueries";
import {
  chargeType,
  flag,
  name,
  oneOf,
  optional,
  password,
  required,
  text,
  toggle,
  whole,
  zone,
} from "./parameterRules";
import { bad, missing, Refusal, RetCode } from "./refusals";
import { findRestorable, type RestorableBackup } from "./sourceBackups";
import { pendingState } from "./states";

const MEGABYTE = 1024 ** 2;
const DEFAULT_VERSION = "4.0";
const DEFAULT_BLOCKS = 2;
const SECONDS_OF_MONTH = 30 * 24 * 3600;

/** Parameters of both kinds. */
const common = {
  Zone: required(zone),
  Name: required(name),
  SlaveZone: optional(zone),
  Version: optional(text),
  ChargeType: optional(chargeType),
  Quantity: optional(whole(0, 1000)),
  Tag: optional(text),
  Password: optional(password),
  BackupId: optional(text),
  SubnetId: optional(text),
  VPCId: optional(text),
  HighPerformance: optional(flag),
  Port: optional(whole(1, 65_535)),
  CouponId: optional(text),
  RollbackTime: optional(whole(0, 10_000_000_000)),
};

/** Parameters that the API has and the simulator has not. */
const NOT_SIMULATED = ["MasterGroupId", "RollbackGroupId", "AOFID", "RollbackSpaceId", "RollbackTime"];

/** The actions that create a database, also from a backup. */
export const databaseCreation: Readonly<Record<string, Action>> = {
  CreateURedisGroup: defineAction(
    {
      ...common,
      HighAvailability: required(toggle),
      Size: optional(whole(1, 64)),
      AutoBackup: optional(toggle),
      BackupTime: optional(whole(0, 23)),
      ConfigId: optional(text),
      MasterGroupId: optional(text),
      EnableIpV6: optional(flag),
      RollbackGroupId: optional(text),
      AOFID: optional(text),
    },
    (values, request) => {
      const { Version: version = DEFAULT_VERSION, ConfigId, BackupId: backupId } = values;
      if (backupId !== undefined && ConfigId === undefined) throw missing("ConfigId");
      const source =
        backupId === undefined
          ? undefined
          : findRestorable(request.cloud, { ...request, kind: "uredis", backupId });
      const database = describeDatabase(values, request, {
        kind: "uredis",
        size: values.Size ?? 1,
        configId: chooseConfiguration(request.cloud, { ConfigId, version }),
        autoBackup: values.AutoBackup === "enable",
        backupHour: values.BackupTime ?? 3,
        highAvailability: values.HighAvailability === "enable",
      });
      create(request, { database, source });
      return succeed({ GroupId: database.id });
    },
  ),
  CreateUMemSpace: defineAction(
    {
      ...common,
      Size: required(whole(1, 1024)),
      Protocol: optional(oneOf("redis")),
      Type: optional(oneOf("double")),
      BlockCnt: optional(whole(1, 256)),
      ClusterMode: optional(text),
      ProxySize: optional(whole(0, 1024)),
      ProxyPort: optional(whole(1, 65_535)),
      UlbMode: optional(flag),
      SpaceId: optional(text),
      RollbackSpaceId: optional(text),
    },
    (values, request) => {
      const { BackupId: backupId, SpaceId: spaceId, Size: size } = values;
      if (backupId !== undefined && spaceId === undefined) throw missing("SpaceId");
      if (backupId === undefined && spaceId !== undefined) throw missing("BackupId");
      const source =
        backupId === undefined
          ? undefined
          : findRestorable(request.cloud, { ...request, kind: "umem", backupId, spaceId });
      if (request.cloud.rules.requiresBlockCount && values.BlockCnt === undefined) throw missing("BlockCnt");
      const count = values.BlockCnt ?? source?.blocks ?? DEFAULT_BLOCKS;
      if (size % count !== 0) throw bad("Size");
      const draft = describeDatabase(values, request, {
        kind: "umem",
        size,
        proxySize: values.ProxySize ?? 0,
        clusterMode: values.ClusterMode ?? "",
      });
      const database = { ...draft, blocks: splitBlocks(draft, count) };
      create(request, { database, source });
      return succeed({ SpaceId: database.id });
    },
  ),
};

interface CommonValues {
  readonly Zone: string;
  readonly Name: string;
  readonly SlaveZone: string | undefined;
  readonly Version: string | undefined;
  readonly ChargeType: ChargeType | undefined;
  readonly Quantity: number | undefined;
  readonly Tag: string | undefined;
  readonly Password: string | undefined;
  readonly BackupId: string | undefined;
  readonly VPCId: string | undefined;
  readonly SubnetId: string | undefined;
  readonly HighPerformance: boolean | undefined;
  readonly Port: number | undefined;
}

/** Checks what both kinds have in common, and returns the new database. @throws Refusal */
function describeDatabase(
  values: CommonValues,
  { cloud, parameters, region, projectId, number, outcome }: ActionRequest,
  own: Pick<Database, "kind" | "size"> & DatabaseChanges,
): Database {
  const { Zone, SlaveZone, Version: version = DEFAULT_VERSION, ChargeType = "Month", Quantity = 1 } = values;
  for (const parameter of NOT_SIMULATED) if (parameters[parameter]) throw bad(parameter);
  if (SlaveZone === Zone) throw bad("SlaveZone");
  if (!listVersions(cloud.offer, Zone).includes(version)) throw bad("Version");
  for (const parameter of ["VPCId", "SubnetId"] as const) {
    if (cloud.rules.requiresSubnet && values[parameter] === undefined) throw missing(parameter);
  }
  const createdAt = Math.floor(cloud.clock.now());
  const periods = Math.max(1, Quantity) * (ChargeType === "Year" ? 12 : 1);
  return createDatabase({
    id: cloud.chooseId(own.kind),
    name: values.Name,
    region,
    zone: Zone,
    slaveZone: SlaveZone,
    projectId,
    state: pendingState(own.kind),
    version,
    password: outcome.ignoresPassword ? undefined : values.Password,
    tag: values.Tag ?? "Default",
    chargeType: ChargeType,
    createdAt,
    expiresAt: createdAt + periods * SECONDS_OF_MONTH,
    highPerformance: values.HighPerformance ?? false,
    port: values.Port ?? 6379,
    sourceBackupId: values.BackupId,
    createdBy: number,
    ...(values.VPCId !== undefined && { vpcId: values.VPCId }),
    ...(values.SubnetId !== undefined && { subnetId: values.SubnetId }),
    ...own,
  });
}

/** Adds the database. It fails to come up if it is smaller, older or of other shards than its backup. */
function create(
  { cloud, outcome }: ActionRequest,
  { database, source }: { database: Database; source: RestorableBackup | undefined },
): void {
  if (countFreeRoom(cloud, database.zone) < 1) {
    throw new Refusal(RetCode.createLater, `No resources in [${database.zone}]`);
  }
  const isTooSmall = source?.size !== undefined && database.size < source.size;
  const isTooOld = source?.version !== undefined && compareVersions(database.version, source.version) < 0;
  const hasOtherBlocks = source?.blocks !== undefined && database.blocks.length !== source.blocks;
  const sourcePassword = cloud.rules.restoresPassword
    ? cloud.databases.find(source?.sourceId ?? "")?.password
    : undefined;
  const usedMb = outcome.usedMb ?? Math.ceil((source?.bytes ?? 0) / MEGABYTE);
  cloud.createDatabase(
    { ...database, usedMb, password: database.password ?? sourcePassword },
    {
      fails: isTooSmall || isTooOld || hasOtherBlocks,
      rdbFile: cloud.rdbFiles.get(database.sourceBackupId ?? ""),
      outcome,
    },
  );
}

function chooseConfiguration(
  { offer }: Cloud,
  { ConfigId, version }: { ConfigId: string | undefined; version: string },
): string {
  if (ConfigId === undefined) return findDefaultConfiguration(offer, version)?.id ?? "";
  const chosen = offer.configurations.find(({ id }) => id === ConfigId);
  if (chosen?.version !== version) throw bad("ConfigId");
  return ConfigId;
}
