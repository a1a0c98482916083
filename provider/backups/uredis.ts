import type { URedisBackup } from "../schemaTypes";
import { readInteger, readName, readSharedName, type JsonObject } from "../ucloud/jsonFields";
import { formatTime } from "./age";
import { dropUndefined } from "./fields";
import { quoteText } from "./text";

/** The only state in which a URedis backup can be restored (API page "DescribeURedisBackup", `State`). */
export const RESTORABLE_STATE = "Success";

const REASONS: ReadonlyMap<string, string> = new Map([
  ["Backuping", "still running"],
  ["Error", "failed"],
  ["Expired", "expired"],
]);

/**
 * Reads one row of `DescribeURedisBackup` into the schema's type. According to the API page, all fields of a row are optional.
 * Fields that are missing, null, empty or unreadable have no key, except `backupId`, which is then `""`. `createdAt` is
 * absent where `BackupTime` is absent or not a time ({@link formatTime}).
 */
export function readURedisBackup(row: JsonObject): URedisBackup {
  const backupId = readName(row, "BackupId") ?? "";
  const backupTime = readInteger(row, "BackupTime");
  const state = readSharedName(row, "State");
  return dropUndefined<URedisBackup>({
    zone: readSharedName(row, "Zone"),
    backupId,
    groupId: readSharedName(row, "GroupId"),
    groupName: readSharedName(row, "GroupName"),
    backupName: readName(row, "BackupName"),
    backupTime,
    backupSize: readInteger(row, "BackupSize"),
    backupType: readSharedName(row, "BackupType"),
    state,
    srcRegionName: readSharedName(row, "SrcRegionName"),
    dstRegionName: readSharedName(row, "DstRegionName"),
    memorySize: readInteger(row, "MemorySize"),
    redisVersion: readSharedName(row, "RedisVersion"),
    createdAt: formatTime(backupTime),
    usable: state === RESTORABLE_STATE && backupId !== "",
  });
}

/** Why a backup is not usable, as a phrase such as "still running". */
export function explainURedis({ backupId, state }: URedisBackup): string {
  const known = state === undefined ? undefined : REASONS.get(state);
  if (known !== undefined) return known;
  if (backupId === "") return "the API gave it no id";
  return state === undefined ? "the API gave it no state" : `in the unknown state ${quoteText(state)}`;
}

/**
 * Turns rows into backups, one for each id and group. Where the API gave several different rows for one id, a row that is
 * not usable wins, because it is not known which of them is true. Rows of different groups stay apart: the user has to
 * resolve that ambiguity. Rows without an id are never merged. The result does not depend on the order of the rows.
 */
export function mergeURedisBackups(rows: readonly URedisBackup[]): readonly URedisBackup[] {
  if (new Set(rows.map(({ backupId }) => backupId)).size === rows.length) return rows;
  const backups = new Map<string, URedisBackup>();
  const strays: URedisBackup[] = [];
  for (const row of rows) {
    if (row.backupId === "") {
      strays.push(row);
      continue;
    }
    const key = JSON.stringify([row.backupId, row.groupId]);
    const other = backups.get(key);
    backups.set(key, other === undefined ? row : pickLessUsable(row, other));
  }
  return [...backups.values(), ...strays];
}

function pickLessUsable(a: URedisBackup, b: URedisBackup): URedisBackup {
  if (a.usable !== b.usable) return a.usable ? b : a;
  return JSON.stringify(a) < JSON.stringify(b) ? a : b;
}
