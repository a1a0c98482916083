import type { WritingResourceToken } from "../backups/arguments";
import { BackupResource } from "./backupResource";
import { DatabaseResource } from "./databaseResource";
import { groupKind, spaceKind } from "./kinds";
import type { WritingResource } from "./resource";

/** Every resource of the schema that writes. One that is missing does not compile. */
export const writingResources: Readonly<Record<WritingResourceToken, WritingResource>> = {
  "ucloud-redis:index:RestoredURedisGroup": new DatabaseResource(groupKind),
  "ucloud-redis:index:RestoredUMemSpace": new DatabaseResource(spaceKind),
  "ucloud-redis:index:URedisBackup": new BackupResource({
    kind: "uredis",
    token: "ucloud-redis:index:URedisBackup",
    noun: "backup of a URedis group",
    idProperty: "groupId",
    address: ["groupId"],
  }),
  "ucloud-redis:index:UMemBackup": new BackupResource({
    kind: "umem",
    token: "ucloud-redis:index:UMemBackup",
    noun: "backup of a UMem space",
    idProperty: "spaceId",
    address: ["zone", "spaceId"],
  }),
};
