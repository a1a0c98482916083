/** The schema's functions, from unchecked arguments to the result. */

import type {
  GetLatestUMemBackupResult,
  GetLatestURedisBackupResult,
  GetRedisBackupReportResult,
  GetUMemBackupsResult,
  GetUMemBackupUrlsResult,
  GetURedisBackupsResult,
  GetURedisBackupUrlResult,
  SkippedBackup,
} from "../schemaTypes";
import type { FunctionToken } from "./arguments";
import { dropUndefined } from "./fields";
import { findDoubts } from "./latest";
import { getUMemBackupUrls, getURedisBackupUrl } from "./links";
import { findLatest, type LatestResult, listBackups, type LookupFunction } from "./lookup";
import { createLookupRequest } from "./lookupRequest";
import { describeList } from "./listMessages";
import { describeChoice } from "./pinMessages";
import { getRedisBackupReport } from "./report";
import { type Selectable, selectBackups } from "./selection";
import { type RedisService, type ScopeFields, umemService, uredisService } from "./services";

/** The results of the functions, by their tokens. */
export interface LookupResults {
  "ucloud-redis:index:getURedisBackups": GetURedisBackupsResult;
  "ucloud-redis:index:getUMemBackups": GetUMemBackupsResult;
  "ucloud-redis:index:getLatestURedisBackup": GetLatestURedisBackupResult;
  "ucloud-redis:index:getLatestUMemBackup": GetLatestUMemBackupResult;
  "ucloud-redis:index:getRedisBackupReport": GetRedisBackupReportResult;
  "ucloud-redis:index:getURedisBackupUrl": GetURedisBackupUrlResult;
  "ucloud-redis:index:getUMemBackupUrls": GetUMemBackupUrlsResult;
}

/** Every function of the schema. A function that is missing, or has another result, does not compile. */
export const lookupFunctions: { readonly [Token in FunctionToken]: LookupFunction<LookupResults[Token]> } = {
  "ucloud-redis:index:getURedisBackups": createListFunction(
    "ucloud-redis:index:getURedisBackups",
    uredisService,
  ),
  "ucloud-redis:index:getUMemBackups": createListFunction("ucloud-redis:index:getUMemBackups", umemService),
  "ucloud-redis:index:getLatestURedisBackup": createLatestFunction(
    "ucloud-redis:index:getLatestURedisBackup",
    uredisService,
  ),
  "ucloud-redis:index:getLatestUMemBackup": createLatestFunction(
    "ucloud-redis:index:getLatestUMemBackup",
    umemService,
  ),
  "ucloud-redis:index:getRedisBackupReport": getRedisBackupReport,
  "ucloud-redis:index:getURedisBackupUrl": getURedisBackupUrl,
  "ucloud-redis:index:getUMemBackupUrls": getUMemBackupUrls,
};

interface ListResult<Backup> extends ScopeFields {
  backups: Backup[];
  latest?: Backup;
  skipped: readonly SkippedBackup[];
  totalCount?: number;
}

function createListFunction<Args, Backup extends Selectable, Row>(
  token: FunctionToken,
  service: RedisService<Args, Backup, Row>,
): LookupFunction<ListResult<Backup>> {
  return async (args, context) => {
    const query = createLookupRequest({ token, service, args, defaults: context });
    const { totalCount, ...list } = await listBackups({ service, query }, context);
    const selection = selectBackups(list, query.keep);
    if (selection.latest !== undefined) {
      const doubts = findDoubts(selection, { subject: service.describe(query), now: context.now() });
      for (const doubt of doubts) context.warn(doubt);
    }
    context.tell?.(
      describeList(selection, {
        listed: list.backups.length,
        description: service.describe(query).description,
        now: context.now(),
      }),
    );
    return {
      ...selection,
      ...(totalCount === undefined ? {} : { totalCount }),
      ...dropUndefined<ScopeFields>(query.scope),
    };
  };
}

function createLatestFunction<Args, Backup extends Selectable, Row>(
  token: FunctionToken,
  service: RedisService<Args, Backup, Row>,
): LookupFunction<LatestResult<Backup>> {
  // Async, so that bad arguments reject the promise as any other failure does.
  return async (args, context) => {
    const query = createLookupRequest({ token, service, args, defaults: context });
    const { result, request } = await findLatest({ service, query }, context);
    const { description } = service.describe(request);
    context.tell?.(`Found ${describeChoice(result, { description, now: context.now() })}`);
    return result;
  };
}
