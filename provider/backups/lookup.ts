/** The schema's four functions, from unchecked arguments to the result, and the parts of them that pins share. */

import type {
  GetLatestUMemBackupResult,
  GetLatestURedisBackupResult,
  GetUMemBackupsResult,
  GetURedisBackupsResult,
  SkippedBackup,
} from "../schemaTypes";
import type { UMemRows } from "../ucloud/settings";
import type { FunctionToken, RawArguments } from "./arguments";
import { dropUndefined } from "./fields";
import { chooseLatest, findDoubts } from "./latest";
import { createLookupRequest, type LookupRequest } from "./lookupRequest";
import { type BackupList, type Selectable, selectBackups } from "./selection";
import {
  type BackupQuery,
  type DefaultScope,
  type RedisBackupApi,
  type RedisService,
  umemService,
  uredisService,
} from "./services";

/** What a lookup needs besides its arguments. */
export interface LookupContext extends DefaultScope {
  /** What a row of `DescribeUMemBackup` is. @default "auto" */
  readonly umemRows?: UMemRows | undefined;
  /** @throws RedisBackupError `MissingCredentials` */
  readonly openApi: () => RedisBackupApi;
  readonly now: () => Date;
  /** Shows the user a warning. */
  readonly warn: (text: string) => void;
  /** Shows the user information that needs no action. */
  readonly inform: (text: string) => void;
}

/** A function of the schema. It checks its arguments. */
export type LookupFunction<Result> = (args: RawArguments, context: LookupContext) => Promise<Result>;

/** The results of the functions, by their tokens. */
export interface LookupResults {
  "ucloud-redis:index:getURedisBackups": GetURedisBackupsResult;
  "ucloud-redis:index:getUMemBackups": GetUMemBackupsResult;
  "ucloud-redis:index:getLatestURedisBackup": GetLatestURedisBackupResult;
  "ucloud-redis:index:getLatestUMemBackup": GetLatestUMemBackupResult;
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
};

/** Where a lookup asked, as its result says. */
interface ScopeFields {
  region: string;
  projectId?: string;
}

interface ListResult<Backup> extends ScopeFields {
  backups: Backup[];
  latest?: Backup;
  skipped: readonly SkippedBackup[];
  totalCount?: number;
}

type LatestResult<Backup> = Backup &
  ScopeFields & {
    ageSeconds?: number;
    stale: boolean;
    skipped: readonly SkippedBackup[];
  };

/** A service, and what to ask it. */
interface ServiceLookup<Args, Backup extends Selectable, Row, Query = BackupQuery<Args>> {
  readonly service: RedisService<Args, Backup, Row>;
  readonly query: Query;
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
    return findLatest({ service, query }, context);
  };
}

/** Finds the newest usable backup. @throws RedisBackupError if there is none, or only a stale one */
export async function findLatest<Args, Backup extends Selectable, Row>(
  { service, query }: ServiceLookup<Args, Backup, Row, LookupRequest<Args>>,
  context: LookupContext,
): Promise<LatestResult<Backup>> {
  const list = await listBackups({ service, query }, context);
  // Before the filters: the choice of a database must not depend on which of its backups pass them.
  service.assertSingleDatabase(list.backups, query);
  const { backup, warnings, ...choice } = chooseLatest(selectBackups(list, query.keep), {
    subject: service.describe(query),
    suspects: service.suspects,
    unfiltered: list.backups,
    now: context.now(),
    ...query.guard,
  });
  for (const warning of warnings) context.warn(warning);
  return {
    ...backup,
    ...choice,
    ...dropUndefined<ScopeFields>(query.scope),
  };
}

/** The backups that the API lists, before any filter. Shows the warnings of the listing. */
export async function listBackups<Args, Backup extends Selectable, Row>(
  { service, query }: ServiceLookup<Args, Backup, Row>,
  context: Pick<LookupContext, "openApi" | "umemRows" | "warn">,
): Promise<BackupList<Backup> & { readonly totalCount: number | undefined }> {
  const listing = await service.list(context.openApi(), query);
  const { description } = service.describe(query);
  for (const warning of listing.warnings) context.warn(`${warning} (${description})`);
  const list = service.read(listing, { args: query.args, umemRows: context.umemRows });
  return { ...list, totalCount: listing.totalCount };
}
