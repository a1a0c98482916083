/** Turns the arguments of a function or pin into a request. Bad arguments are refused here, before the API is asked. */

import type { InputFailure } from "../ucloud/errors";
import { findDurationProblem, parseDuration } from "./age";
import {
  dropNullish,
  findArgumentFailures,
  type FunctionToken,
  type KnownArguments,
  refuseIfAny,
  type PinToken,
} from "./arguments";
import type { ChoiceOptions } from "./latest";
import type { MaxAge } from "./latestMessages";
import { findLocationFailures, type Place, type PlaceArgs } from "./places";
import { type BackupFilters, compileFilters, type CompiledFilters } from "./selection";
import type { BackupQuery, DefaultScope, RedisService } from "./services";

/** A checked request: what to ask a service for, and which of its backups to choose. */
export interface LookupRequest<Args> extends BackupQuery<Args> {
  /** Whether the filters keep a backup. */
  readonly keep: CompiledFilters["keep"];
  /** The limit on the age of the backup chosen. */
  readonly guard: Pick<ChoiceOptions, "maxAge" | "onStale">;
  /** How long to wait for a running backup. */
  readonly waitForRunning?: MaxAge | undefined;
  /** The requests of `locations`, in order of preference; the rest of this request is that of the first. */
  readonly places?: readonly LookupRequest<Args>[] | undefined;
  /** Of a request of `places`: its index there, which is that in `locations`. */
  readonly place?: number | undefined;
}

/** The arguments that both services share. The schema says which function takes which. */
interface SharedArgs extends BackupFilters, PlaceArgs {
  readonly projectId?: string;
  readonly offset?: number;
  readonly limit?: number;
  readonly maxAge?: string;
  readonly onStale?: "error" | "warn";
  readonly waitForRunning?: string;
}

/** Why a missing region is refused. */
export const REGION_MISSING =
  "is required: name it here, or set `ucloud-redis:region`, UCLOUD_REGION or the profile's region";

/**
 * Checks arguments: first against the schema, then for ranges, formats and contradictions. While some are unknown, the
 * others are checked as far as possible; the request is then incomplete.
 *
 * @throws InvalidInputError `InvalidArgument`, with all failures of the first check that finds any
 */
export function createLookupRequest<Args>(
  options: KnownArguments & {
    readonly token: FunctionToken | PinToken;
    readonly service: Pick<RedisService<Args, never, never>, "findFailures">;
    readonly defaults: DefaultScope;
  },
): LookupRequest<Args> {
  const { token, service, defaults, unknown = new Set() } = options;
  refuseIfAny(findArgumentFailures(token, options));
  // The schema, which was just checked, is what these types are generated from.
  const args = dropNullish(options.args) as Args & SharedArgs;
  const { locations } = args;
  const region = locations?.[0]?.region ?? args.region ?? defaults.region;
  const isRegionKnown = region !== undefined || unknown.has("region") || unknown.has("locations");
  const filters = compileFilters(args);
  refuseIfAny([
    // An empty list of locations is refused as such.
    ...(isRegionKnown || locations !== undefined ? [] : [{ property: "region", reason: REGION_MISSING }]),
    ...findLocationFailures(args, unknown),
    // A service's arguments depend on each other, so an unknown one may be what seems to be missing.
    ...(unknown.size === 0 && locations === undefined ? service.findFailures(args) : []),
    ...findRangeFailures(args),
    ...filters.failures,
  ]);
  const request: LookupRequest<Args> = {
    args,
    scope: { region: region ?? "", projectId: args.projectId ?? defaults.projectId },
    page: readPage(args),
    keep: filters.keep,
    guard: readGuard(args),
    waitForRunning: readDuration(args.waitForRunning),
  };
  return locations === undefined ? request : locate(request, locations);
}

/** The request of the first place, with those of all places. */
function locate<Args>(request: LookupRequest<Args>, locations: readonly Place[]): LookupRequest<Args> {
  const places = locations.map(({ region, regionType }, place): LookupRequest<Args> => {
    // What is replaced here has the same type in `Args`, or is not a part of it.
    const args = dropNullish({ ...request.args, locations: undefined, region, regionType }) as Args;
    return { ...request, args, scope: { ...request.scope, region }, place };
  });
  return { ...request, ...places[0], place: undefined, places };
}

function findRangeFailures({ offset, limit, maxAge, waitForRunning }: SharedArgs): InputFailure[] {
  const durations = Object.entries({ maxAge, waitForRunning }).flatMap(([property, text]) => {
    const reason = text === undefined ? undefined : findDurationProblem(text);
    return reason === undefined ? [] : [{ property, reason }];
  });
  return [
    ...(offset !== undefined && offset < 0 ? [{ property: "offset", reason: "must be 0 or more" }] : []),
    ...(limit !== undefined && limit < 1 ? [{ property: "limit", reason: "must be 1 or more" }] : []),
    ...durations,
  ];
}

function readPage({ offset, limit }: SharedArgs): BackupQuery<unknown>["page"] {
  return offset === undefined && limit === undefined ? undefined : { offset, limit };
}

function readGuard({ maxAge: text, onStale }: SharedArgs): LookupRequest<unknown>["guard"] {
  const maxAge = readDuration(text);
  return {
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(onStale === undefined ? {} : { onStale }),
  };
}

function readDuration(text: string | undefined): MaxAge | undefined {
  const seconds = text === undefined ? undefined : parseDuration(text);
  return text === undefined || seconds === undefined ? undefined : { seconds, text };
}
