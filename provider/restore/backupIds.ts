/** The ids of backups that are taken by hand, and where their databases are. */

import { quoteText } from "../backups/text";
import type { DatabaseKind } from "../ucloud/databases";
import { RedisBackupError } from "../ucloud/errors";
import type { ResourceOutputs, RestoreContext } from "./resource";
import { takeText } from "./restoreArguments";
import type { BackupSite } from "./takenBackups";

/** What differs between the backups of the two kinds of database. */
export interface BackupKind {
  readonly kind: DatabaseKind;
  readonly token: "ucloud-redis:index:URedisBackup" | "ucloud-redis:index:UMemBackup";
  readonly noun: string;
  /** The argument that names the database. */
  readonly idProperty: "groupId" | "spaceId";
  /** The arguments by which the backup is addressed, in the order of the id. */
  readonly address: readonly string[];
}

/** Marks the name of a backup whose id is not known. */
export const NAME_PREFIX = "name=";

/** The database of a backup, by the backup's outputs. */
export function findSite(kind: BackupKind, outputs: ResourceOutputs, context: RestoreContext): BackupSite {
  return {
    address: {
      kind: kind.kind,
      region: takeText(outputs, "region") ?? "",
      projectId: takeText(outputs, "projectId"),
      zone: takeText(outputs, "zone"),
      id: takeText(outputs, kind.idProperty) ?? "",
    },
    slaveZone: takeText(outputs, "slaveZone"),
    context,
  };
}

/** `REGION/GROUPID/BACKUPID` or `REGION/ZONE/SPACEID/BACKUPID`. `last` may also be a name after {@link NAME_PREFIX}. */
export function formatBackupId(kind: BackupKind, outputs: ResourceOutputs, last: string): string {
  return [...listParts(kind).map((name) => takeText(outputs, name) ?? ""), last].join("/");
}

/** The form of an id, for messages. */
export function describeIdForm(kind: BackupKind): string {
  return [...listParts(kind).map((name) => name.toUpperCase()), "BACKUPID"].join("/");
}

/** The arguments that an id holds, and its last part. @throws RedisBackupError `InvalidArgument` */
export function parseBackupId(
  kind: BackupKind,
  id: string,
): { readonly fields: Readonly<Record<string, string>>; readonly last: string } {
  const names = listParts(kind);
  const parts = id.split("/");
  const last = parts.slice(names.length).join("/");
  if (last === "" || parts.slice(0, names.length).includes("")) {
    const text = `The id of a ${kind.noun} is ${describeIdForm(kind)}, and ${quoteText(id)} is not of that form.`;
    throw new RedisBackupError("InvalidArgument", text);
  }
  return { fields: Object.fromEntries(names.map((name, index) => [name, parts[index] ?? ""])), last };
}

function listParts({ address }: BackupKind): readonly string[] {
  return ["region", ...address];
}
