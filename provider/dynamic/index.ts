/**
 * The plugin-free twin of `pulumi-ucloud-redis`: the same functions, types and pins, for programs that cannot
 * install a plugin. To switch, change the import. The resources that write need the plugin.
 */

import * as config from "../../sdk/nodejs/config/index";
import * as types from "../../sdk/nodejs/types/index";

export * from "./functions";
export * from "./pins";
export * from "./pluginResources";
export { Provider } from "./refusals";
export * from "../../sdk/nodejs/types/enums/index";
export { config, types };
export type {
  GetLatestUMemBackupArgs,
  GetLatestUMemBackupOutputArgs,
  GetLatestUMemBackupResult,
  GetLatestURedisBackupArgs,
  GetLatestURedisBackupOutputArgs,
  GetLatestURedisBackupResult,
  GetRedisBackupReportArgs,
  GetRedisBackupReportOutputArgs,
  GetRedisBackupReportResult,
  GetUMemBackupsArgs,
  GetUMemBackupsOutputArgs,
  GetUMemBackupsResult,
  GetUMemBackupUrlsArgs,
  GetUMemBackupUrlsOutputArgs,
  GetUMemBackupUrlsResult,
  GetURedisBackupsArgs,
  GetURedisBackupsOutputArgs,
  GetURedisBackupsResult,
  GetURedisBackupUrlArgs,
  GetURedisBackupUrlOutputArgs,
  GetURedisBackupUrlResult,
  ProviderArgs,
  RestoredUMemSpaceArgs,
  RestoredURedisGroupArgs,
  UMemBackupArgs,
  UMemBackupPinArgs,
  URedisBackupArgs,
  URedisBackupPinArgs,
} from "../../sdk/nodejs/index";
