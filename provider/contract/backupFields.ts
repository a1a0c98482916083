/** The answers about backups, after the pages of these actions in UCloud's API documentation. */

import { type JsonObject, readText } from "../ucloud/jsonFields";
import {
  type Fields,
  linkText,
  links,
  listOf,
  needed,
  number,
  oneOf,
  often,
  required,
  seconds,
  seldom,
  text,
} from "./rules";

/** The fields of every answer. */
export const commonFields: Fields = {
  RetCode: required(number),
  Action: required(text),
  Message: seldom(text),
};

/** A row of `DescribeURedisBackup`, a backup. The page calls all of its fields optional. */
export const groupBackup: Fields = {
  BackupId: needed(text),
  BackupName: text,
  BackupTime: needed(seconds),
  BackupSize: often(number),
  BackupType: needed(oneOf("Manual", "Auto")),
  State: needed(oneOf("Backuping", "Success", "Error", "Expired")),
  GroupId: needed(text),
  GroupName: text,
  Zone: text,
  SrcRegionName: seldom(text),
  DstRegionName: seldom(text),
  MemorySize: number,
  RedisVersion: text,
};

/** A row of `DescribeUMemBackup`, a shard of a backup. */
export const spaceBackup: Fields = {
  BackupId: required(needed(text)),
  BackupName: required(text),
  BackupType: required(needed(oneOf("auto", "manual"))),
  CreateTime: required(needed(seconds)),
  State: required(needed(oneOf("Starting", "Done"))),
  BlockCount: required(needed(number)),
  BlockSize: often(number),
  // Only the page's example has these two.
  SpaceId: text,
  Protocol: oneOf("redis"),
};

/** Whether a row of either kind says that it is finished, and can be restored. */
export function isFinished(row: JsonObject): boolean {
  return ["Success", "Done"].includes(readText(row, "State") ?? "");
}

/** The answer of `DescribeURedisBackup`. */
export const groupBackups: Fields = {
  ...commonFields,
  TotalCount: seldom(number),
  DataSet: needed(listOf({ fields: groupBackup })),
};

/** The answer of `DescribeUMemBackup`. */
export const spaceBackups: Fields = {
  ...commonFields,
  TotalCount: seldom(number),
  DataSet: needed(listOf({ fields: spaceBackup })),
};

/** The answer of `DescribeURedisBackupURL`. `BackupURL` is being retired, and only the example has the last one. */
export const groupLink: Fields = {
  ...commonFields,
  BackupPath: needed(linkText),
  BackupURL: seldom(text),
  InnerBackupPath: seldom(text),
};

/** The answer of `DescribeUMemBackupURL`: a link for each shard. */
export const spaceLinks: Fields = { ...commonFields, BackupURL: needed(links) };
