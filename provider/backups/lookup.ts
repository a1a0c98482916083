/** Lists backups and finds the newest usable one, for the functions, pins and restores. */

import type { SkippedBackup } from "../schemaTypes";
import { RedisBackupError, stripCode } from "../ucloud/errors";
import type { UMemRows } from "../ucloud/settings";
import type { RawArguments } from "./arguments";
import { type Choice, chooseLatest } from "./latest";
import { findInLocations, type FindInPlace, type PlaceChoice } from "./locations";
import type { LookupRequest } from "./lookupRequest";
import { type BackupList, type Selectable, selectBackups } from "./selection";
import type { BackupQuery, DefaultScope, PlaceFields, RedisBackupApi, RedisService } from "./services";
import { composeFailure, type Subject } from "./subject";
import { listSettled, type Waiting } from "./waiting";

/** What a lookup needs besides its arguments. */
export interface LookupContext extends DefaultScope {
  /** What a row of `DescribeUMemBackup` is. @default "auto" */
  readonly umemRows?: UMemRows | undefined;
  /**
   * `isBrief`: each request gives up after `timeoutSeconds`, retries included, since there is another region to
   * ask.
   *
   * @throws RedisBackupError `MissingCredentials`
   */
  readonly openApi: (options?: { readonly isBrief?: boolean | undefined }) => RedisBackupApi;
  readonly now: () => Date;
  /** Shows the user a warning. */
  readonly warn: (text: string) => void;
  /** Shows the user information that needs no action. */
  readonly inform: (text: string) => void;
  /** Says in one line what was looked up, chosen and skipped. @default nothing says it */
  readonly tell?: ((text: string) => void) | undefined;
  /** @default `waitForRunning` has no effect */
  readonly waiting?: Waiting | undefined;
}

/** A function of the schema. It checks its arguments. */
export type LookupFunction<Result> = (args: RawArguments, context: LookupContext) => Promise<Result>;

/** What a `getLatest…` function returns. */
export type LatestResult<Backup> = Backup &
  PlaceFields & {
    ageSeconds?: number;
    stale: boolean;
    skipped: readonly SkippedBackup[];
  };

/** A service, and what to ask it. */
export interface ServiceLookup<Args, Backup extends Selectable, Row, Query = BackupQuery<Args>> {
  readonly service: RedisService<Args, Backup, Row>;
  readonly query: Query;
}

/** The newest usable backup, and where it was found. */
export interface FoundBackup<Args, Backup> {
  readonly result: LatestResult<Backup>;
  /** The request that found it: of `locations`, the one that won. */
  readonly request: LookupRequest<Args>;
}

/**
 * Finds the newest usable backup, in the first of the request's places that has a fresh one (see locations.ts). Waits for
 * a running one if the request says so and the context allows it.
 *
 * @throws RedisBackupError if there is none, or only a stale one
 */
export async function findLatest<Args, Backup extends Selectable, Row>(
  { service, query }: ServiceLookup<Args, Backup, Row, LookupRequest<Args>>,
  context: LookupContext,
): Promise<FoundBackup<Args, Backup>> {
  const [first = query, ...others] = query.places ?? [];
  if (others.length > 0) {
    const find: FindInPlace<Args, Backup> = (place, placeContext) =>
      findInPlace({ service, query: place, hasOtherPlaces: true }, placeContext);
    return findInLocations({ service, places: [first, ...others], find }, context);
  }
  const { result, warnings } = await findInPlace({ service, query: first }, context);
  for (const warning of warnings) context.warn(warning);
  return { result, request: first };
}

/** Finds the newest usable backup in one place. The warnings about the choice are not shown yet. */
async function findInPlace<Args, Backup extends Selectable, Row>(
  lookup: ServiceLookup<Args, Backup, Row, LookupRequest<Args>> & { readonly hasOtherPlaces?: boolean },
  context: LookupContext,
): Promise<PlaceChoice<Backup>> {
  const { service, query, hasOtherPlaces = false } = lookup;
  const subject = service.describe(query);
  const shown = new Set<string>();
  // A listing that is repeated has the same warnings again.
  const warn = (text: string): void => {
    if (!shown.has(text)) context.warn(text);
    shown.add(text);
  };
  let doubts: readonly string[] = [];
  const look = async (): Promise<BackupList<Backup>> => {
    const listed = await listBackups({ service, query }, { ...context, warn });
    ({ doubts } = listed);
    // Before the filters: the choice of a database must not depend on which of its backups pass them.
    service.assertSingleDatabase(listed.backups, query);
    return listed;
  };
  const { finishedState } = service;
  const { keep, waitForRunning: limit } = query;
  const running = { look, keep, finishedState, limit, subject, hasOtherPlaces };
  const { list, awaited } = await listSettled(running, context);
  const choose = () =>
    chooseLatest(selectBackups(list, keep), {
      subject,
      suspects: service.suspects,
      unfiltered: list.backups,
      awaited,
      now: context.now(),
      ...query.guard,
    });
  const isHalf = hasOtherPlaces && doubts.length > 0;
  const { backup, warnings, ...choice } = isHalf ? refuseHalfList(choose, { subject, doubts }) : choose();
  const isAwaited = awaited !== undefined;
  return { result: { ...backup, ...choice, ...service.locate(query) }, warnings, isAwaited };
}

/**
 * The choice from a list that may lack backups. A place is not passed over for what may be missing there: it was not
 * seen to be without.
 *
 * @throws RedisBackupError `BadResponse` if there is no backup, or no fresh one
 */
function refuseHalfList<Backup>(
  choose: () => Choice<Backup>,
  { subject, doubts }: { readonly subject: Subject; readonly doubts: readonly string[] },
): Choice<Backup> {
  let reason: string;
  try {
    const choice = choose();
    if (!choice.stale) return choice;
    reason = choice.warnings.map((text) => text.replace(/^\[\w+\] /, "")).join("\n");
  } catch (error) {
    if (!(error instanceof RedisBackupError)) throw error;
    reason = stripCode(error);
  }
  const [verdict = ""] = reason.split("\n", 1);
  const text = composeFailure({
    subject,
    verdict: "its list of backups may not be whole, so that no other location is used instead.",
    details: [...doubts, `In what was listed: ${verdict}`],
    nextStep: "Try again in a few minutes, or leave this place out of `locations`.",
  });
  throw new RedisBackupError("BadResponse", text);
}

interface ListedBackups<Backup extends Selectable> extends BackupList<Backup> {
  readonly totalCount: number | undefined;
  /** Why backups may be missing. */
  readonly doubts: readonly string[];
}

/** The backups that the API lists, before any filter. Shows the warnings of the listing. */
export async function listBackups<Args, Backup extends Selectable, Row>(
  { service, query }: ServiceLookup<Args, Backup, Row>,
  context: Pick<LookupContext, "openApi" | "umemRows" | "warn">,
): Promise<ListedBackups<Backup>> {
  const listing = await service.list(context.openApi(), query);
  const { description } = service.describe(query);
  for (const warning of listing.warnings) context.warn(`${warning} (${description})`);
  const list = service.read(listing, { args: query.args, umemRows: context.umemRows });
  return { ...list, totalCount: listing.totalCount, doubts: listing.warnings };
}
