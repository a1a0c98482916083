import type { WritingResourceToken } from "../backups/arguments";
import type { DatabaseKind } from "../ucloud/databases";

/** What differs between the two kinds of database, in the words of arguments and messages. */
export interface RestoreKind {
  readonly kind: DatabaseKind;
  /** The resource's token in the schema. */
  readonly token: WritingResourceToken;
  /** The output that holds the database's id. */
  readonly idProperty: "groupId" | "spaceId";
  /** In messages: "URedis group". */
  readonly noun: string;
  /** The form of an id, for imports and messages. */
  readonly idFormat: string;
  /** Whether a final backup is taken unless the user says otherwise. */
  readonly finalBackupByDefault: boolean;
}

/** Primary-replica Redis. */
export const groupKind: RestoreKind = {
  kind: "uredis",
  token: "ucloud-redis:index:RestoredURedisGroup",
  idProperty: "groupId",
  noun: "URedis group",
  idFormat: "REGION/GROUPID",
  finalBackupByDefault: true,
};

/** Distributed Redis. What becomes of a deleted space's backups is not documented, so none is taken by default. */
export const spaceKind: RestoreKind = {
  kind: "umem",
  token: "ucloud-redis:index:RestoredUMemSpace",
  idProperty: "spaceId",
  noun: "UMem space",
  idFormat: "REGION/ZONE/SPACEID",
  finalBackupByDefault: false,
};
