import type { Cloud } from "./cloud";
import type { Database } from "./databases";
import { Refusal, RetCode } from "./refusals";

/** A backup that a database can be created from. */
export interface RestorableBackup {
  /** Its group or space, which may no longer exist. */
  readonly sourceId: string;
  /** The least size in gigabytes, if it is known. */
  readonly size: number | undefined;
  readonly version: string | undefined;
  /** The shards of a space's backup. */
  readonly blocks: number | undefined;
  readonly bytes: number;
}

/** Finds a usable backup in a region and project: for groups, also a copy. @throws Refusal */
export function findRestorable(
  cloud: Cloud,
  { backupId, ...place }: Pick<Database, "kind" | "region" | "projectId"> & BackupChoice,
): RestorableBackup {
  const isHere = (record: { readonly region: string; readonly projectId: string }): boolean =>
    record.region === place.region && record.projectId === place.projectId;
  if (place.kind === "uredis") {
    const found = cloud.fleet.uredis.find(
      (record) => isHere(record) && record.regionType !== "source" && record.row.BackupId === backupId,
    );
    if (found?.row.State !== "Success") throw refuse(backupId, found?.row.State);
    const { MemorySize: size, RedisVersion: version, BackupSize: bytes = 0 } = found.row;
    return { sourceId: found.row.GroupId, size, version, blocks: undefined, bytes };
  }
  const shards = cloud.fleet.umem.filter(
    (record) => isHere(record) && record.row.BackupId === backupId && record.row.SpaceId === place.spaceId,
  );
  const blocks = shards[0]?.row.BlockCount ?? 0;
  const isWhole = shards.length >= blocks && shards.every(({ row }) => row.State === "Done");
  if (blocks === 0 || !isWhole) throw refuse(backupId, blocks === 0 ? undefined : "Starting");
  const { spaceId: sourceId = "" } = place;
  const source = cloud.databases.find(sourceId);
  const bytes = shards.reduce((sum, { row }) => sum + (row.BlockSize ?? 0), 0);
  return { sourceId, size: source?.size, version: source?.version, blocks, bytes };
}

interface BackupChoice {
  readonly backupId: string;
  /** The source of a space's backup. */
  readonly spaceId?: string | undefined;
}

function refuse(backupId: string, state = "not found"): Refusal {
  return new Refusal(RetCode.notRestored, `Backup [${backupId}] is ${state}`);
}

/** Returns an existing database of a project. @throws Refusal, with this RetCode, if there is none */
export function findDatabase(
  cloud: Cloud,
  wanted: Pick<Database, "kind" | "id" | "region" | "projectId"> & {
    readonly zone?: string | undefined;
    readonly retCode: number;
  },
): Database {
  const found = cloud.databases.find(wanted.id);
  const isIt =
    found !== undefined &&
    !found.isGone &&
    found.kind === wanted.kind &&
    found.protocol === "redis" &&
    found.region === wanted.region &&
    found.projectId === wanted.projectId &&
    (wanted.zone === undefined || wanted.zone === found.zone);
  if (!isIt) throw new Refusal(wanted.retCode, `[${wanted.id}] not found`);
  return found;
}
