/** `getURedisBackupUrl` and `getUMemBackupUrls`: where to download a backup from. */

import type { GetUMemBackupUrlsResult, GetURedisBackupUrlResult } from "../schemaTypes";
import type { RawArguments } from "./arguments";
import type { LookupContext } from "./lookup";

/** The function of the schema. It checks its arguments. Its `url` is a secret. */
export function getURedisBackupUrl(
  args: RawArguments,
  context: LookupContext,
): Promise<GetURedisBackupUrlResult> {
  args;
  context;
  return Promise.reject(new Error("being built"));
}

/** The function of the schema. It checks its arguments. Its `urls` are secrets. */
export function getUMemBackupUrls(
  args: RawArguments,
  context: LookupContext,
): Promise<GetUMemBackupUrlsResult> {
  args;
  context;
  return Promise.reject(new Error("being built"));
}
