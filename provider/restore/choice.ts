/** The backup to restore: what `source` asks for, and the backup that it finds. */

import { describeTime } from "../backups/age";
import { collectFailures, dropNullish, type RawArguments } from "../backups/arguments";
import { findLatest, type LookupContext } from "../backups/lookup";
import { createLookupRequest, type LookupRequest } from "../backups/lookupRequest";
import {
  type DefaultScope,
  type RedisService,
  type UMemArgs,
  umemService,
  type URedisArgs,
  uredisService,
} from "../backups/services";
import { createSubject } from "../backups/subject";
import { quoteText } from "../backups/text";
import type { SkippedBackup, UMemBackup, UMemBackupBlock } from "../schemaTypes";
import type { DatabaseScope } from "../ucloud/databases";
import type { InputFailure } from "../ucloud/errors";
import type { RestoreKind } from "./kinds";
import { COPIES, findPlacementFailures, narrowLocations, readLocations } from "./locations";
import { type RestoreValues, takeText } from "./restoreArguments";

/** The backup chosen, in the same words for both kinds. What the API does not say is absent. */
export interface ChosenBackup {
  readonly scope: DatabaseScope;
  /** The index in `source.locations` of the one that was chosen. */
  readonly place: number | undefined;
  /** What the `getLatest…` function returns. */
  readonly result: RawArguments;
  readonly backupId: string;
  /** The database that was backed up. */
  readonly databaseId: string | undefined;
  /** Of a space: the zone that the program names. Of a group: the zone in the backup's row. */
  readonly zone: string | undefined;
  /** Of the database, in GB. Groups only. */
  readonly size: number | undefined;
  readonly version: string | undefined;
  /** Spaces only. */
  readonly blockCount: number | undefined;
  /** The newer backups, none of them usable. */
  readonly skipped: readonly SkippedBackup[];
  readonly regionType: string | undefined;
  /** Where a copy is, as the API names it. */
  readonly copyRegion: string | undefined;
  /** In words that follow "Restored". */
  readonly description: string;
}

/** `source` without what it leaves to the resource, and where to ask. */
interface SourceQuery {
  readonly args: RawArguments;
  readonly defaults: DefaultScope;
  readonly backupId: string | undefined;
}

const GROUP_TOKEN = "ucloud-redis:index:getLatestURedisBackup";
const SPACE_TOKEN = "ucloud-redis:index:getLatestUMemBackup";

/** GB. UCloud sells no larger group, so that a larger number is in MB: the API does not say which it writes. */
const LARGEST_GROUP = 128;

/** What is wrong with `source`. Nothing is, while it is not known. */
export function findSourceFailures(
  kind: RestoreKind,
  values: RestoreValues,
  { context, unknown = new Set() }: { context: DefaultScope; unknown?: ReadonlySet<string> | undefined },
): readonly InputFailure[] {
  if (values.source === undefined || unknown.has("source")) return [];
  const { args, defaults } = createQuery(kind, values, context);
  const request = {
    args,
    // Only its form is checked here, so that any region will do while it is not known.
    defaults: unknown.has("region") ? { ...defaults, region: defaults.region ?? "unknown" } : defaults,
  };
  const failures = collectFailures(() => {
    if (kind.kind === "uredis") {
      createLookupRequest({ ...request, token: GROUP_TOKEN, service: uredisService });
    } else {
      createLookupRequest({ ...request, token: SPACE_TOKEN, service: umemService });
    }
  });
  const hasLocations = readLocations(values.source) !== undefined;
  return [
    ...findScopeConflicts(values, values.source),
    ...findPlacementFailures(values, unknown),
    // Without locations, a missing region may be named in either place.
    ...failures.map(({ property, reason }) => ({
      property: property === "region" && !hasLocations ? property : `source.${property}`,
      reason,
    })),
  ];
}

/**
 * Chooses the backup. `source` must have passed {@link findSourceFailures}.
 *
 * @throws RedisBackupError as the `getLatest…` function does
 */
export async function chooseBackup(
  kind: RestoreKind,
  values: RestoreValues,
  context: LookupContext,
): Promise<ChosenBackup> {
  const query = createQuery(kind, values, context);
  return kind.kind === "uredis" ? chooseGroupBackup(query, context) : chooseSpaceBackup(query, context);
}

/** Where the backup is looked for, and the database restored. With `source.locations`, the first of them. */
export function resolveScope(values: RestoreValues, context: DefaultScope): DefaultScope {
  const { source = {} } = values;
  const [first] = readLocations(source) ?? [];
  return {
    region: first?.region ?? values.region ?? takeText(source, "region") ?? context.region,
    projectId: values.projectId ?? takeText(source, "projectId") ?? context.projectId,
  };
}

/** Everywhere that the database may be, as its arguments say. None if they name no region. */
export function listScopes(values: RestoreValues, context: DefaultScope): readonly DatabaseScope[] {
  const { region, projectId } = resolveScope(values, context);
  const regions = readLocations(values.source)?.map((each) => each.region) ?? [region];
  return [...new Set(regions)].flatMap((each) => (each === undefined ? [] : [{ region: each, projectId }]));
}

async function chooseGroupBackup(query: SourceQuery, context: LookupContext): Promise<ChosenBackup> {
  const request: LookupRequest<URedisArgs> = createLookupRequest({
    token: GROUP_TOKEN,
    service: uredisService,
    ...query,
  });
  const found = await findLatest({ service: uredisService, query: request }, context);
  const { result } = found;
  const { scope, place } = found.request;
  const { regionType } = found.request.args;
  const groupId = result.groupId ?? found.request.args.groupId;
  const args = dropNullish({ ...found.request.args, groupId, backupId: undefined });
  const { description } = uredisService.describe({ args, scope });
  const what = regionType === COPIES ? "copy" : "backup";
  return {
    scope,
    place,
    result: { ...result },
    backupId: result.backupId,
    databaseId: groupId,
    zone: result.zone,
    size: readGroupSize(result.memorySize),
    version: result.redisVersion,
    blockCount: undefined,
    skipped: result.skipped,
    regionType,
    copyRegion: result.dstRegionName,
    description: describe(what, result, { of: description, now: context.now() }),
  };
}

async function chooseSpaceBackup(query: SourceQuery, context: LookupContext): Promise<ChosenBackup> {
  const request: LookupRequest<UMemArgs> = createLookupRequest({
    token: SPACE_TOKEN,
    service: umemService,
    ...query,
  });
  const service = query.backupId === undefined ? umemService : limitToBackup(query.backupId);
  const { result } = await findLatest({ service, query: request }, context);
  return {
    scope: request.scope,
    place: undefined,
    result: { ...result },
    backupId: result.backupId,
    databaseId: result.spaceId ?? request.args.spaceId,
    zone: request.args.zone,
    size: undefined,
    version: undefined,
    blockCount: result.blockCount,
    skipped: result.skipped,
    regionType: undefined,
    copyRegion: undefined,
    description: describe("backup", result, {
      of: umemService.describe(request).description,
      now: context.now(),
    }),
  };
}

/** The service of spaces, for one backup: its action has no parameter for that. */
function limitToBackup(backupId: string): RedisService<UMemArgs, UMemBackup, UMemBackupBlock> {
  return {
    ...umemService,
    suspects: `${umemService.suspects}, and \`backupId\``,
    read(listing, options) {
      // All are assembled first: what a row is, is judged by all of them.
      const { backups, explain } = umemService.read(listing, options);
      return { backups: backups.filter((backup) => backup.backupId === backupId), explain };
    },
    describe(query) {
      const { name, description } = umemService.describe(query);
      return createSubject({ name, description: `backup ${backupId} of ${description}` });
    },
  };
}

function createQuery(kind: RestoreKind, values: RestoreValues, context: DefaultScope): SourceQuery {
  const { source = {} } = values;
  const backupId = kind.kind === "umem" ? takeText(source, "backupId") : undefined;
  const args = dropNullish(
    kind.kind === "umem" ? { ...source, backupId: undefined } : narrowLocations(source),
  );
  return { args, defaults: resolveScope(values, context), backupId };
}

/** The resource's region and that of its source are one: the API restores a backup where it is. */
function findScopeConflicts(values: RestoreValues, source: RawArguments): InputFailure[] {
  return (["region", "projectId"] as const).flatMap((name) => {
    const [own, asked] = [values[name], takeText(source, name)];
    if (own === undefined || asked === undefined || own === asked) return [];
    const reason = `must be the same as \`${name}\`: a backup is restored where it is; leave one of them out`;
    return [{ property: `source.${name}`, reason }];
  });
}

function readGroupSize(memorySize: number | undefined): number | undefined {
  if (memorySize === undefined || memorySize < 1) return undefined;
  if (memorySize <= LARGEST_GROUP) return memorySize;
  return memorySize % 1024 === 0 ? memorySize / 1024 : undefined;
}

function describe(
  what: "backup" | "copy",
  { backupId, createdAt }: { readonly backupId: string; readonly createdAt?: string },
  { of, now }: { readonly of: string; readonly now: Date },
): string {
  return `${what} ${quoteText(backupId)} of ${of}, made ${describeTime(createdAt, now)}`;
}
