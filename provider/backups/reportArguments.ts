/** The arguments of `getRedisBackupReport`, checked before the API is asked. */

import type { GetRedisBackupReportArgs } from "../schemaTypes";
import type { Database, DatabaseKind } from "../ucloud/databases";
import type { InputFailure } from "../ucloud/errors";
import { findDurationProblem, parseDuration } from "./age";
import { dropNullish, findArgumentFailures, type RawArguments, refuseIfAny } from "./arguments";
import type { MaxAge, OnStale } from "./latestMessages";
import { type CompiledRegex, compileNameRegex } from "./nameRegex";
import type { DefaultScope } from "./services";

const TOKEN = "ucloud-redis:index:getRedisBackupReport";

/** A day, and time for a backup that starts later and takes longer than the one before. */
const DEFAULT_MAX_AGE = "26h";

const REGIONS_MISSING =
  "is required: name them here, or set `ucloud-redis:region`, UCLOUD_REGION or the profile's region";

/** The filters on databases. */
type Filters = Pick<GetRedisBackupReportArgs, "kinds" | "nameRegex" | "tags" | "excludeIds">;

/** A checked request for a report. */
export interface ReportRequest {
  /** At least one, none of them twice. */
  readonly regions: readonly string[];
  readonly projectId: string | undefined;
  readonly maxAge: MaxAge;
  readonly onStale: OnStale;
  readonly allowEmpty: boolean;
  /** Whether the filters keep a database. */
  readonly keep: (database: Database) => boolean;
  /** The names of the filters that are given. */
  readonly filters: readonly string[];
  readonly excludeIds: readonly string[];
}

/**
 * Checks the arguments and resolves their defaults.
 *
 * @throws InvalidInputError `InvalidArgument`, with all failures of the first check that finds any
 */
export function createReportRequest(args: RawArguments, defaults: DefaultScope): ReportRequest {
  refuseIfAny(findArgumentFailures(TOKEN, { args }));
  // The schema, which was just checked, is what this type is generated from.
  const given = dropNullish(args) as GetRedisBackupReportArgs;
  const regions = given.regions ?? (defaults.region === undefined ? undefined : [defaults.region]);
  const regex = given.nameRegex === undefined ? undefined : compileNameRegex(given.nameRegex);
  const maxAge = given.maxAge ?? DEFAULT_MAX_AGE;
  const maxAgeProblem = findDurationProblem(maxAge);
  refuseIfAny([
    ...(regions === undefined ? [{ property: "regions", reason: REGIONS_MISSING }] : []),
    ...(["regions", "kinds", "tags"] as const).flatMap((name) => refuseEmptyList(name, given[name])),
    ...(maxAgeProblem === undefined ? [] : [{ property: "maxAge", reason: maxAgeProblem }]),
    ...(regex !== undefined && "reason" in regex ? [{ property: "nameRegex", reason: regex.reason }] : []),
  ]);
  return {
    regions: [...new Set(regions)],
    projectId: given.projectId ?? defaults.projectId,
    maxAge: { seconds: parseDuration(maxAge) ?? 0, text: maxAge },
    onStale: given.onStale ?? "error",
    allowEmpty: given.allowEmpty ?? false,
    keep: createFilter(given, regex),
    filters: (["kinds", "nameRegex", "tags", "excludeIds"] as const).filter(
      (name) => given[name] !== undefined && given[name].length > 0,
    ),
    excludeIds: given.excludeIds ?? [],
  };
}

/** An empty list would keep nothing, and is most likely a setting that got lost. */
function refuseEmptyList(property: string, list: readonly string[] | undefined): InputFailure[] {
  return list?.length === 0 ? [{ property, reason: "must not be empty; leave it out instead" }] : [];
}

function createFilter(
  { kinds, tags, excludeIds }: Filters,
  regex: CompiledRegex | undefined,
): ReportRequest["keep"] {
  const wantedKinds = kinds === undefined ? undefined : new Set<DatabaseKind>(kinds);
  const wantedTags = tags === undefined ? undefined : new Set(tags);
  const excluded = new Set(excludeIds);
  return ({ id, name = "", kind, tag }) =>
    !excluded.has(id) &&
    // A database of an unknown kind may be of the kind that is wanted.
    (wantedKinds === undefined || kind === undefined || wantedKinds.has(kind)) &&
    (wantedTags === undefined || (tag !== undefined && wantedTags.has(tag))) &&
    (regex === undefined || ("test" in regex && regex.test(name)));
}
