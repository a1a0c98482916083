/** `getRedisBackupReport`: whether every database has a recent usable backup. */

import type { GetRedisBackupReportResult } from "../schemaTypes";
import type { RawArguments } from "./arguments";
import type { LookupContext } from "./lookup";

/** The function of the schema. It checks its arguments. */
export function getRedisBackupReport(
  args: RawArguments,
  context: LookupContext,
): Promise<GetRedisBackupReportResult> {
  args;
  context;
  return Promise.reject(new Error("being built"));
}
