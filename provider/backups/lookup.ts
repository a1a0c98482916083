/**
 * The four functions, from arguments to result: the only place where the API and the model of a backup meet. Whatever
 * is wrong with the arguments is refused before any request.
 */

import type {
  GetLatestUMemBackupResult,
  GetLatestURedisBackupResult,
  GetUMemBackupsResult,
  GetURedisBackupsResult,
  SkippedBackup,
} from "../schemaTypes";
import type { PageRequest } from "../ucloud/actions";
import type { InputFailure } from "../ucloud/errors";
import type { Listing } from "../ucloud/paging";
import type { UMemRows } from "../ucloud/settings";
import { findDurationProblem, parseDuration } from "./age";
import {
  collectFailures,
  dropAbsent,
  findArgumentFailures,
  type FunctionToken,
  type RawArguments,
  refuseIfAny,
  type ResourceToken,
} from "./arguments";
import { type ChoiceOptions, chooseLatest, findDoubts } from "./latest";
import {
  type BackupFilters,
  compileFilters,
  type Selectable,
  type Selection,
  selectBackups,
} from "./selection";
import { type RedisService, type Scope, type RedisBackupApi, umemService, uredisService } from "./services";

/** What a lookup needs besides its arguments. */
export interface LookupContext {
  /** The settings' region, for calls that name none. */
  readonly region: string | undefined;
  /** The settings' project, for calls that name none. */
  readonly projectId: string | undefined;
  /** What a row of `DescribeUMemBackup` is. @default "auto" */
  readonly umemRows?: UMemRows | undefined;
  /** @throws RedisBackupError `MissingCredentials` */
  readonly openApi: () => RedisBackupApi;
  readonly now: () => Date;
  /** Shows the user a warning. */
  readonly warn: (text: string) => void;
  /** Shows the user what is good to know, and asks for nothing to be done. */
  readonly inform: (text: string) => void;
}

/** A function of the schema, its arguments still unchecked. */
export type LookupFunction<Result> = (args: RawArguments, context: LookupContext) => Promise<Result>;

/** The results of the functions, by their tokens. */
export interface LookupResults {
  "ucloud-redis:index:getURedisBackups": GetURedisBackupsResult;
  "ucloud-redis:index:getUMemBackups": GetUMemBackupsResult;
  "ucloud-redis:index:getLatestURedisBackup": GetLatestURedisBackupResult;
  "ucloud-redis:index:getLatestUMemBackup": GetLatestUMemBackupResult;
}

/** Every function of the schema. One that is missing, or has another result, does not compile. */
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

/** The arguments that the functions of both services share. */
interface CommonArgs extends BackupFilters {
  readonly region?: string;
  readonly projectId?: string;
}

type ListArgs<Args> = Args & CommonArgs & PageRequest;

type LatestArgs<Args> = Args & CommonArgs & { readonly maxAge?: string; readonly onStale?: "error" | "warn" };

/** Checked arguments, and what follows from them. */
interface LookupRequest<Args> {
  readonly args: Args;
  readonly scope: Scope;
  /** What the filters keep. */
  readonly keep: (backup: Selectable) => boolean;
}

interface ListResult<Backup> {
  backups: Backup[];
  latest?: Backup;
  skipped: SkippedBackup[];
  totalCount?: number;
  region: string;
  projectId?: string;
}

type LatestResult<Backup> = Backup & {
  ageSeconds?: number;
  stale: boolean;
  skipped: SkippedBackup[];
  region: string;
  projectId?: string;
};

function createListFunction<Args, Backup extends Selectable, Row>(
  token: FunctionToken,
  source: RedisService<Args, Backup, Row>,
): LookupFunction<ListResult<Backup>> {
  return async (raw, context) => {
    const request = prepare<ListArgs<Args>>(token, source, raw, context, findPageFailures);
    const { totalCount, selection } = await lookUp(source, request, context, readPageRequest(request.args));
    if (selection.latest !== undefined) {
      const described = source.describe(request.args, request.scope);
      for (const doubt of findDoubts(selection, { source: described, now: context.now() }))
        context.warn(doubt);
    }
    return {
      ...selection,
      ...(totalCount === undefined ? {} : { totalCount }),
      ...pickScope(request.scope),
    };
  };
}

function createLatestFunction<Args, Backup extends Selectable, Row>(
  token: FunctionToken,
  source: RedisService<Args, Backup, Row>,
): LookupFunction<LatestResult<Backup>> {
  // Async, so that bad arguments reject the promise as any other failure does.
  return async (raw, context) =>
    findLatest(source, checkLatestArguments(token, source, raw, context), context);
}

/**
 * Checks the arguments of a function or resource that asks for the newest usable backup. Those in `pending` are not
 * known yet, and nothing is asked of them.
 *
 * @throws InvalidInputError `InvalidArgument`
 */
export function checkLatestArguments<Args>(
  token: FunctionToken | ResourceToken,
  source: Pick<RedisService<Args, never, never>, "findFailures">,
  raw: RawArguments,
  context: Pick<LookupContext, "region" | "projectId">,
  pending?: ReadonlySet<string>,
): LookupRequest<LatestArgs<Args>> {
  return prepare<LatestArgs<Args>>(token, source, raw, context, findAgeFailures, pending);
}

/** Finds the newest usable backup. @throws RedisBackupError when there is none, or only a stale one */
export async function findLatest<Args, Backup extends Selectable, Row>(
  source: RedisService<Args, Backup, Row>,
  request: LookupRequest<LatestArgs<Args>>,
  context: LookupContext,
): Promise<LatestResult<Backup>> {
  const { args, scope } = request;
  const { found, selection } = await lookUp(source, request, context);
  // Of all that was found: a filter must not choose between databases by what happens to be healthy in them.
  source.assertSingleDatabase(found, args);
  const { backup, warnings, ...choice } = chooseLatest(selection, {
    source: source.describe(args, scope),
    suspects: source.suspects,
    unfiltered: found,
    now: context.now(),
    ...readGuard(args),
  });
  for (const warning of warnings) context.warn(warning);
  return { ...backup, ...choice, skipped: [...choice.skipped], ...pickScope(scope) };
}

const REGION_MISSING =
  "is required: name it here, or set `ucloud-redis:region`, UCLOUD_REGION or the profile's region";

/** Checks the arguments, types first, and finds out where to ask. */
function prepare<Args extends CommonArgs>(
  token: FunctionToken | ResourceToken,
  source: { findFailures(args: Args): InputFailure[] },
  raw: RawArguments,
  context: Pick<LookupContext, "region" | "projectId">,
  findMoreFailures: (args: Args) => InputFailure[],
  pending: ReadonlySet<string> = new Set(),
): LookupRequest<Args> {
  refuseIfAny(findArgumentFailures(token, raw, pending));
  // Checked above against the schema that the type was generated from.
  const args = dropAbsent(raw) as unknown as Args;
  const region = args.region ?? context.region;
  let keep: LookupRequest<Args>["keep"] = () => true;
  const missing = { property: "region", reason: REGION_MISSING };
  refuseIfAny([
    ...(region === undefined && !pending.has("region") ? [missing] : []),
    ...(pending.size > 0 ? [] : source.findFailures(args)),
    ...findMoreFailures(args),
    ...collectFailures(() => (keep = compileFilters(args))),
  ]);
  return { args, keep, scope: { region: region ?? "", projectId: args.projectId ?? context.projectId } };
}

/** Asks the API, and passes on what the listing warns of. */
export async function listRows<Args, Row>(
  source: Pick<RedisService<Args, never, Row>, "list" | "describe">,
  { args, scope }: { readonly args: Args; readonly scope: Scope },
  context: Pick<LookupContext, "openApi" | "warn">,
  page?: PageRequest,
): Promise<Listing<Row>> {
  const listing = await source.list(context.openApi(), args, scope, page);
  for (const warning of listing.warnings) context.warn(`${warning} (${source.describe(args, scope)})`);
  return listing;
}

async function lookUp<Args, Backup extends Selectable, Row>(
  source: RedisService<Args, Backup, Row>,
  { args, scope, keep }: LookupRequest<Args>,
  context: LookupContext,
  page?: PageRequest,
): Promise<{
  totalCount: number | undefined;
  found: readonly Backup[];
  selection: Selection<Backup>;
}> {
  const listing = await listRows(source, { args, scope }, context, page);
  const found = source.read(listing, args, context);
  return {
    totalCount: listing.totalCount,
    found: found.backups,
    selection: selectBackups(found, keep),
  };
}

function readPageRequest({ offset, limit }: PageRequest): PageRequest | undefined {
  return offset === undefined && limit === undefined ? undefined : { offset, limit };
}

function findPageFailures({ offset, limit }: PageRequest): InputFailure[] {
  return [
    ...(offset !== undefined && offset < 0 ? [{ property: "offset", reason: "must be 0 or more" }] : []),
    ...(limit !== undefined && limit < 1 ? [{ property: "limit", reason: "must be 1 or more" }] : []),
  ];
}

function findAgeFailures({ maxAge }: { readonly maxAge?: string }): InputFailure[] {
  const reason = maxAge === undefined ? undefined : findDurationProblem(maxAge);
  return reason === undefined ? [] : [{ property: "maxAge", reason }];
}

function readGuard(args: LatestArgs<unknown>): Pick<ChoiceOptions, "maxAge" | "onStale"> {
  const { maxAge: text, onStale } = args;
  const seconds = text === undefined ? undefined : parseDuration(text);
  return {
    ...(text === undefined || seconds === undefined ? {} : { maxAge: { seconds, text } }),
    ...(onStale === undefined ? {} : { onStale }),
  };
}

function pickScope({ region, projectId }: Scope): { region: string; projectId?: string } {
  return projectId === undefined ? { region } : { region, projectId };
}
