import { type Action, type ActionRequest, type ApiAnswer, defineAction, succeed } from "./actions";
import type { Database } from "./databases";
import { takeBackup } from "./manualBackups";
import {
  chargeType,
  flag,
  name,
  oneOf,
  optional,
  password,
  required,
  requiredOrEmpty,
  text,
  toggle,
  whole,
  zone,
} from "./parameterRules";
import { bad, missing, Refusal, RetCode } from "./refusals";
import { findDatabase } from "./sourceBackups";

const group = { Zone: optional(zone), GroupId: required(text) };
const space = { Zone: required(zone), SpaceId: required(text) };
const BLOCK_SIZES: readonly number[] = [4, 8, 12, 16, 20];

/** The actions that change, back up or delete a database. */
export const databaseChanges: Readonly<Record<string, Action>> = {
  ModifyURedisGroupName: defineAction({ ...group, Name: required(name) }, (values, request) =>
    rename(findGroup(values, request), values.Name, request),
  ),
  ModifyUMemSpaceName: defineAction({ ...space, Name: required(name) }, (values, request) =>
    rename(findSpace(values, request), values.Name, request),
  ),
  ModifyURedisGroupPassword: defineAction(
    { ...group, Password: requiredOrEmpty(password), ResourceType: optional(text) },
    (values, request) => setPassword(findGroup(values, request), values.Password, request),
  ),
  ModifyUMemPassword: defineAction({ ...space, Password: requiredOrEmpty(password) }, (values, request) =>
    setPassword(findSpace(values, request), values.Password, request),
  ),
  ResizeURedisGroup: defineAction(
    {
      ...group,
      Zone: required(zone),
      Size: required(whole(1, 64)),
      ChargeType: optional(chargeType),
      Type: optional(text),
      StartTime: optional(whole(0, 10_000_000_000)),
      HighPerformance: optional(flag),
      CouponId: optional(text),
    },
    (values, request) =>
      resizeGroup(findGroup(values, request, RetCode.groupNotResized), values.Size, request),
  ),
  ResizeUDRedisBlockSize: defineAction(
    {
      ...space,
      BlockId: required(text),
      BlockSize: required(whole(1)),
      StartTime: optional(whole(0, 10_000_000_000)),
      HighPerformance: optional(flag),
    },
    (values, request) => resizeBlock(findSpace(values, request, RetCode.spaceNotResized), values, request),
  ),
  ResizeUMemSpace: defineAction(
    { ...space, Size: required(whole(1)), Type: optional(text), CouponId: optional(text) },
    (values, request) => {
      // The action still answers, but spaces of today do not change.
      findSpace(values, request, RetCode.spaceNotResized);
      return succeed();
    },
  ),
  UpdateURedisBackupStrategy: defineAction(
    {
      ...group,
      BackupTime: optional(whole(0, 23)),
      AutoBackup: optional(toggle),
      SlaveZone: optional(zone),
      OperationType: optional(oneOf("normal", "modify", "close")),
      DstRegion: optional(text),
      SaveDays: optional(whole(1)),
    },
    (values, request) => updateStrategy(findGroup(values, request), values, request),
  ),
  CreateURedisBackup: defineAction(
    { ...group, BackupName: required(name), SlaveZone: optional(zone) },
    (values, request) => {
      const database = findGroup(values, request, RetCode.backupNotCreated);
      const BackupId = takeBackup(request.cloud, { ...request, database, name: values.BackupName });
      return succeed({ BackupId });
    },
  ),
  CreateUMemBackup: defineAction({ ...space, BackupName: required(name) }, (values, request) => {
    const database = findSpace(values, request, RetCode.backupNotCreated);
    const BackupId = takeBackup(request.cloud, { ...request, database, name: values.BackupName });
    return succeed({ BackupId });
  }),
  DeleteURedisGroup: defineAction({ GroupId: required(text) }, (values, request) => {
    const database = findGroup({ ...values, Zone: undefined }, request, RetCode.groupNotDeleted);
    if (database.replicas.length > 0) {
      throw new Refusal(RetCode.groupNotDeleted, `[${database.id}] has read-only replicas`);
    }
    return deleteDatabase(database, request);
  }),
  DeleteUMemSpace: defineAction(space, (values, request) =>
    deleteDatabase(findSpace(values, request, RetCode.spaceNotDeleted), request),
  ),
};

function findGroup(
  { GroupId: id, Zone }: { readonly GroupId: string; readonly Zone: string | undefined },
  { cloud, region, projectId }: ActionRequest,
  retCode: number = RetCode.notUpdated,
): Database {
  return findDatabase(cloud, { kind: "uredis", id, zone: Zone, region, projectId, retCode });
}

function findSpace(
  { SpaceId: id, Zone }: { readonly SpaceId: string; readonly Zone: string },
  { cloud, region, projectId }: ActionRequest,
  retCode: number = RetCode.notUpdated,
): Database {
  return findDatabase(cloud, { kind: "umem", id, zone: Zone, region, projectId, retCode });
}

function rename({ id }: Database, newName: string, { cloud }: ActionRequest): ApiAnswer {
  cloud.databases.change(id, { name: newName });
  return succeed();
}

async function setPassword(
  database: Database,
  newPassword: string,
  { cloud, outcome }: ActionRequest,
): Promise<ApiAnswer> {
  const { id, kind } = database;
  requireRunning(database, RetCode.notUpdated);
  const value = newPassword === "" ? undefined : newPassword;
  try {
    if (kind === "uredis") await cloud.rules.redis?.setPassword(database, value);
  } catch {
    throw new Refusal(RetCode.notUpdated, `[${id}] did not take the password`);
  }
  cloud.databases.change(id, { state: "SetPassword" });
  cloud.changeDatabase(id, {
    operation: "password",
    changes: () => ({ state: "Running", password: value }),
    outcome,
  });
  return succeed();
}

function resizeGroup(database: Database, size: number, { cloud, outcome }: ActionRequest): ApiAnswer {
  requireRunning(database, RetCode.groupNotResized);
  if (size <= database.size) throw new Refusal(RetCode.groupNotResized, `Size is not above ${database.size}`);
  cloud.changeDatabase(database.id, { operation: "resize", changes: () => ({ size }), outcome });
  return succeed();
}

function resizeBlock(
  database: Database,
  { BlockId, BlockSize: size }: { readonly BlockId: string; readonly BlockSize: number },
  { cloud, outcome }: ActionRequest,
): ApiAnswer {
  requireRunning(database, RetCode.spaceNotResized);
  const known = database.blocks.find((block) => block.id === BlockId);
  if (!known) throw new Refusal(RetCode.spaceNotResized, `[${BlockId}] not found`);
  if (!BLOCK_SIZES.includes(size)) throw bad("BlockSize");
  if (size <= known.size) throw new Refusal(RetCode.spaceNotResized, `Size is not above ${known.size}`);
  cloud.changeDatabase(database.id, {
    operation: "resize",
    changes: () => {
      const current = cloud.databases.find(database.id)?.blocks ?? [];
      const blocks = current.map((block) => (block.id === BlockId ? { ...block, size } : block));
      return { blocks, size: blocks.reduce((sum, block) => sum + block.size, 0) };
    },
    outcome,
  });
  return succeed();
}

interface Strategy {
  readonly AutoBackup: "enable" | "disable" | undefined;
  readonly BackupTime: number | undefined;
  readonly OperationType: "normal" | "modify" | "close" | undefined;
  readonly DstRegion: string | undefined;
  readonly SaveDays: number | undefined;
}

/** Replaces the whole strategy: what is not sent gets the default of the API. */
function updateStrategy({ id }: Database, strategy: Strategy, { cloud }: ActionRequest): ApiAnswer {
  const { AutoBackup = "enable", BackupTime = 0, OperationType = "normal", DstRegion, SaveDays } = strategy;
  if (OperationType === "modify") {
    if (DstRegion === undefined) throw missing("DstRegion");
    if (SaveDays === undefined) throw missing("SaveDays");
    cloud.databases.change(id, { copies: { region: DstRegion, saveDays: SaveDays } });
  }
  if (OperationType === "close") cloud.databases.change(id, { copies: undefined });
  cloud.databases.change(id, { autoBackup: AutoBackup === "enable", backupHour: BackupTime });
  return succeed();
}

/** A database that is being deleted can be deleted again, which changes nothing. */
function deleteDatabase(database: Database, { cloud, number, outcome }: ActionRequest): ApiAnswer {
  if (database.isExpired) throw new Refusal(RetCode.isExpired, `[${database.id}] has expired`);
  if (database.state !== "Deleting") cloud.deleteDatabase(database, { number, outcome });
  return succeed();
}

function requireRunning({ id, state }: Database, retCode: number): void {
  if (state !== "Running") throw new Refusal(retCode, `[${id}] is ${state}`);
}
