import { type PropertyMap, Secret } from "../../provider/plugin/codec";
import { demo } from "../../simulator";

/** A kind of database: its resources, and the actions that write it. */
export interface Kind {
  readonly title: "group" | "space";
  /** The resource that restores it, and the one that backs it up. */
  readonly type: "RestoredURedisGroup" | "RestoredUMemSpace";
  readonly backupType: "URedisBackup" | "UMemBackup";
  readonly idProperty: "groupId" | "spaceId";
  readonly listBackups: "DescribeURedisBackup" | "DescribeUMemBackup";
  readonly create: string;
  readonly rename: string;
  readonly setPassword: string;
  readonly resize: string;
  readonly backUp: string;
  readonly delete: string;
  /** Double the size of the source, in GB. */
  readonly doubleSize: number;
}

export const group: Kind = {
  title: "group",
  type: "RestoredURedisGroup",
  backupType: "URedisBackup",
  idProperty: "groupId",
  listBackups: "DescribeURedisBackup",
  create: "CreateURedisGroup",
  rename: "ModifyURedisGroupName",
  setPassword: "ModifyURedisGroupPassword",
  resize: "ResizeURedisGroup",
  backUp: "CreateURedisBackup",
  delete: "DeleteURedisGroup",
  doubleSize: 8,
};

export const space: Kind = {
  title: "space",
  type: "RestoredUMemSpace",
  backupType: "UMemBackup",
  idProperty: "spaceId",
  listBackups: "DescribeUMemBackup",
  create: "CreateUMemSpace",
  rename: "ModifyUMemSpaceName",
  setPassword: "ModifyUMemPassword",
  resize: "ResizeUDRedisBlockSize",
  backUp: "CreateUMemBackup",
  delete: "DeleteUMemSpace",
  doubleSize: 16,
};

export const kinds = [group, space] as const;

/** The action that changes a group's backup strategy. */
export const SET_STRATEGY = "UpdateURedisBackupStrategy";

/** The name that the programs give. It is given on purpose: names must never be what a database is adopted by. */
export const NAME = "orders-restored";
export const PASSWORD = "first-Password-1";

/** The arguments of a program that restores `sourceId`. */
export function writeProgram(kind: Kind, sourceId: string, more: PropertyMap = {}): PropertyMap {
  const source = kind === group ? { groupId: sourceId } : { zone: demo.zone, spaceId: sourceId };
  return { source, name: NAME, password: new Secret(PASSWORD), ...more };
}
