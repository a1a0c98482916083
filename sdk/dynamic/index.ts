/**
 * The plugin-free twin of `pulumi-ucloud-redis`: the same functions, types and pins, for programs that cannot install
 * a plugin. Changing the import switches.
 */

import * as config from "../nodejs/config";
import * as types from "../nodejs/types";

export * from "./functions";
export * from "./pins";
export { Provider } from "./refusals";
export * from "../nodejs/types/enums";
export { config, types };
export type {
  GetLatestUMemBackupArgs,
  GetLatestUMemBackupOutputArgs,
  GetLatestUMemBackupResult,
  GetLatestURedisBackupArgs,
  GetLatestURedisBackupOutputArgs,
  GetLatestURedisBackupResult,
  GetUMemBackupsArgs,
  GetUMemBackupsOutputArgs,
  GetUMemBackupsResult,
  GetURedisBackupsArgs,
  GetURedisBackupsOutputArgs,
  GetURedisBackupsResult,
  ProviderArgs,
  UMemBackupPinArgs,
  URedisBackupPinArgs,
} from "../nodejs";
