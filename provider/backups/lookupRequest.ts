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
  /** The requests of `locations`, in order of preference; the scope above is that of the first. */
  readonly places?: readonly LookupRequest<Args>[] | undefined;
}

/** The arguments that both services share. The schema says which function takes which. */
interface SharedArgs extends BackupFilters {
  readonly region?: string;
  readonly projectId?: string;
  readonly offset?: number;
  readonly limit?: number;
  readonly maxAge?: string;
  readonly onStale?: "error" | "warn";
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
  const region = args.region ?? defaults.region;
  const filters = compileFilters(args);
  refuseIfAny([
    ...(region === undefined && !unknown.has("region")
      ? [{ property: "region", reason: REGION_MISSING }]
      : []),
    // A service's arguments depend on each other, so an unknown one may be what seems to be missing.
    ...(unknown.size === 0 ? service.findFailures(args) : []),
    ...findRangeFailures(args),
    ...filters.failures,
  ]);
  return {
    args,
    scope: { region: region ?? "", projectId: args.projectId ?? defaults.projectId },
    page: readPage(args),
    keep: filters.keep,
    guard: readGuard(args),
  };
}

function findRangeFailures({ offset, limit, maxAge }: SharedArgs): InputFailure[] {
  const maxAgeProblem = maxAge === undefined ? undefined : findDurationProblem(maxAge);
  return [
    ...(offset !== undefined && offset < 0 ? [{ property: "offset", reason: "must be 0 or more" }] : []),
    ...(limit !== undefined && limit < 1 ? [{ property: "limit", reason: "must be 1 or more" }] : []),
    ...(maxAgeProblem === undefined ? [] : [{ property: "maxAge", reason: maxAgeProblem }]),
  ];
}

function readPage({ offset, limit }: SharedArgs): BackupQuery<unknown>["page"] {
  return offset === undefined && limit === undefined ? undefined : { offset, limit };
}

function readGuard({ maxAge: text, onStale }: SharedArgs): LookupRequest<unknown>["guard"] {
  const seconds = text === undefined ? undefined : parseDuration(text);
  return {
    ...(text === undefined || seconds === undefined ? {} : { maxAge: { seconds, text } }),
    ...(onStale === undefined ? {} : { onStale }),
  };
}
