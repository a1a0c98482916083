import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "pulumi-ucloud-redis";

type GroupArgs = ucloudRedis.GetLatestURedisBackupArgs;
type SpaceArgs = ucloudRedis.GetLatestUMemBackupArgs;

// The keys of an entry. A misspelt key must fail: without its `maxAge`, a gate lets every backup pass.
const keys: (keyof GroupArgs & keyof SpaceArgs)[] = [
  "backupTypes",
  "createdAfter",
  "createdBefore",
  "maxAge",
  "nameRegex",
  "onStale",
  "projectId",
  "region",
  "states",
];
/** The keys of a group (URedis). */
export const groupKeys: (keyof GroupArgs)[] = [...keys, "backupId", "groupId", "regionType", "slaveZone"];
/** The keys of a space (UMem). */
export const spaceKeys: (keyof SpaceArgs)[] = [...keys, "spaceId", "zone"];

/** The entries of the config's `databases`, by name. @throws RunError if there is none */
export function readDatabases(databases: unknown): [name: string, entry: unknown][] {
  if (!isObject(databases)) {
    throw new pulumi.RunError(
      "[InvalidConfig] `databases` must hold an entry for each database, by its name.",
    );
  }
  const entries = Object.entries(databases);
  if (entries.length === 0) {
    throw new pulumi.RunError("[InvalidConfig] `databases` lists none, so there is nothing to check.");
  }
  return entries;
}

/** Finds the newest usable backup of an entry's database. @throws if there is none, or if the entry is wrong */
export async function findBackup(entry: unknown, maxAge: string): Promise<{ createdAt?: string }> {
  if (!isObject(entry))
    throw new Error("[InvalidConfig] The entry is empty. Give it `groupId`, or `spaceId` and `zone`.");
  const isSpace = "spaceId" in entry;
  if (!isSpace && !("groupId" in entry)) {
    throw new Error("[InvalidConfig] `groupId` is missing, or `spaceId` and `zone` are.");
  }
  const known: string[] = isSpace ? spaceKeys : groupKeys;
  for (const [key, value] of Object.entries(entry)) {
    if (!known.includes(key)) {
      throw new Error(
        `[InvalidConfig] \`${key}\` is not a key of a ${isSpace ? "space" : "group"}. Keys are ${known.join(", ")}.`,
      );
    }
    if (value === null) throw new Error(`[InvalidConfig] \`${key}\` has no value.`);
  }
  // The function itself checks the values.
  return isSpace
    ? ucloudRedis.getLatestUMemBackup({ maxAge, ...(entry as unknown as SpaceArgs) })
    : ucloudRedis.getLatestURedisBackup({ maxAge, ...(entry as GroupArgs) });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
