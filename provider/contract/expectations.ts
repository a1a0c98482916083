/** What each read action that this package uses is expected to answer. */

import { groupBackups, groupLink, spaceBackups, spaceLinks } from "./backupFields";
import { blocks, databases } from "./databaseFields";
import { configs, groupPrices, room, spacePrices, versions } from "./offerFields";
import type { Fields } from "./rules";

/** What an action is expected to answer. */
export interface Expectation {
  readonly fields: Fields;
  /** Of an action that pages with `Offset` and `Limit`. */
  readonly paging?: {
    /** The field that tells rows apart. Absent if none does. */
    readonly idField?: string;
    /** The field by which the newest row is known. Absent if order does not matter. */
    readonly timeField?: string;
    /** Whether the documentation has a `TotalCount`. */
    readonly isCounted: boolean;
  };
}

/** By action. These are all actions that the check sends, and none of them changes anything. */
export const expectations = {
  DescribeUMem: { fields: databases, paging: { idField: "ResourceId", isCounted: true } },
  DescribeURedisBackup: {
    fields: groupBackups,
    paging: { idField: "BackupId", timeField: "BackupTime", isCounted: true },
  },
  DescribeUMemBackup: { fields: spaceBackups, paging: { timeField: "CreateTime", isCounted: true } },
  DescribeUMemBlockInfo: { fields: blocks, paging: { idField: "BlockId", isCounted: false } },
  DescribeURedisVersion: { fields: versions },
  DescribeURedisConfig: { fields: configs, paging: { idField: "ConfigId", isCounted: true } },
  CheckURedisAllowance: { fields: room },
  CheckUDredisSpaceAllowance: { fields: room },
  DescribeURedisPrice: { fields: groupPrices },
  DescribeUMemPrice: { fields: spacePrices },
  DescribeURedisBackupURL: { fields: groupLink },
  DescribeUMemBackupURL: { fields: spaceLinks },
} as const satisfies Readonly<Record<string, Expectation>>;

/** A read action that this package uses. */
export type ReadAction = keyof typeof expectations;

/** Whether `action` is among {@link expectations}. */
export function isReadAction(action: string): action is ReadAction {
  return Object.hasOwn(expectations, action);
}

/** The expectation of an action. */
export function getExpectation(action: ReadAction): Expectation {
  return expectations[action];
}
