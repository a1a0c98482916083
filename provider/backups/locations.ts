/**
 * Tries the places of `locations` in order. Only a region in trouble, or one that was seen to have no usable and fresh
 * backup, is passed over. Whatever another region would not mend fails at once: a brief fault of the account or its
 * settings must not move production to another region.
 */

import { type ErrorCode, RedisBackupError, stripCode } from "../ucloud/errors";
import { describeTime } from "./age";
import type { FoundBackup, LatestResult, LookupContext } from "./lookup";
import type { LookupRequest } from "./lookupRequest";
import { describePlace } from "./places";
import type { Selectable } from "./selection";
import type { RedisService } from "./services";
import { composeWarning } from "./subject";
import { quoteText } from "./text";

/** The choice in one place. */
export interface PlaceChoice<Backup> {
  readonly result: LatestResult<Backup>;
  /** What to show the user if this backup is used. */
  readonly warnings: readonly string[];
}

/** Finds the newest usable backup for one request. */
export type FindInPlace<Args, Backup> = (
  request: LookupRequest<Args>,
  context: LookupContext,
) => Promise<PlaceChoice<Backup>>;

interface LocationLookup<Args, Backup extends Selectable> {
  readonly service: Pick<RedisService<Args, Backup, never>, "describe" | "locate">;
  /** At least one request. */
  readonly places: readonly LookupRequest<Args>[];
  readonly find: FindInPlace<Args, Backup>;
}

/** A place that was passed over, and the failure or the stale choice there. */
interface Passed<Args, Backup> {
  readonly request: LookupRequest<Args>;
  readonly code: ErrorCode;
  /** Whether it is not known which backups the place has. */
  readonly isOutage: boolean;
  /** Why it was passed over, without the code. */
  readonly reason: string;
  /** With `onStale: warn`: the backup that is used if no place has a fresh one. */
  readonly stale?: PlaceChoice<Backup>;
}

/** What a place without a usable or fresh backup fails with, the most hopeful first. */
const WITHOUT_BACKUP: readonly ErrorCode[] = ["StaleBackup", "NoUsableBackup", "NoBackups"];

/** What a region in trouble must not be mistaken for. */
const NOT_SEEN = "It was not seen to be without backups: whether it has any is not known.";

/**
 * Finds the newest usable backup of the first place that has a fresh one, or with `onStale: warn` any. Each place is read
 * once.
 *
 * @throws RedisBackupError with the reason for each place if none has one; any other failure as soon as it occurs
 */
export async function findInLocations<Args, Backup extends Selectable>(
  lookup: LocationLookup<Args, Backup>,
  context: LookupContext,
): Promise<FoundBackup<Args, Backup>> {
  const brief = { ...context, openApi: () => context.openApi({ isBrief: true }) };
  const passed: Passed<Args, Backup>[] = [];
  for (const request of lookup.places) {
    const outcome = await tryPlace(lookup, request, brief);
    if ("result" in outcome) return settle(lookup, { request, choice: outcome, passed }, context);
    if (outcome.isOutage) context.warn(describeOutage(lookup, outcome));
    passed.push(outcome);
  }
  const index = passed.findIndex(({ stale }) => stale !== undefined);
  const { request, stale } = passed[index] ?? {};
  if (request === undefined || stale === undefined) throw composeFailure(lookup, passed);
  return settle(lookup, { request, choice: stale, passed: passed.slice(0, index) }, context);
}

async function tryPlace<Args, Backup extends Selectable>(
  { find }: LocationLookup<Args, Backup>,
  request: LookupRequest<Args>,
  context: LookupContext,
): Promise<PlaceChoice<Backup> | Passed<Args, Backup>> {
  let choice: PlaceChoice<Backup>;
  try {
    choice = await find(request, context);
  } catch (error) {
    if (!(error instanceof RedisBackupError)) throw error;
    const { code, isOutage } = error;
    if (!isOutage && !WITHOUT_BACKUP.includes(code)) throw error;
    return { request, code, isOutage, reason: stripCode(error) };
  }
  if (!choice.result.stale) return choice;
  const reason = choice.warnings.map((text) => text.replace(/^\[StaleBackup\] /, "")).join("\n");
  return { request, code: "StaleBackup", isOutage: false, reason, stale: choice };
}

/** Shows what there is to say about the choice, and returns it. */
function settle<Args, Backup extends Selectable>(
  lookup: LocationLookup<Args, Backup>,
  found: {
    readonly request: LookupRequest<Args>;
    readonly choice: PlaceChoice<Backup>;
    readonly passed: readonly Passed<Args, Backup>[];
  },
  context: LookupContext,
): FoundBackup<Args, Backup> {
  const { request, choice, passed } = found;
  const { result, warnings } = choice;
  for (const warning of warnings) context.warn(warning);
  if (passed.length > 0) {
    const { backupId, createdAt } = result;
    const chosen = `backup ${quoteText(backupId)} of ${nameLocation(lookup, request)} is used, made ${describeTime(createdAt, context.now())}.`;
    const reasons = passed.map((each) => `${nameLocation(lookup, each.request)}: ${summarize(lookup, each)}`);
    const text = `${chosen} Passed over: ${reasons.join(" ")}`;
    context.warn(composeWarning(lookup.service.describe(request), text));
  }
  return { result, request };
}

/** The warning about a region in trouble, which must not read as one without backups. */
function describeOutage<Args, Backup extends Selectable>(
  lookup: LocationLookup<Args, Backup>,
  { request, reason }: Passed<Args, Backup>,
): string {
  const text = `${nameLocation(lookup, request)} is in trouble and passed over. ${NOT_SEEN} ${reason}`;
  return composeWarning(lookup.service.describe(request), text);
}

/** Why a place was passed over, on one line. */
function summarize<Args, Backup extends Selectable>(
  { service }: LocationLookup<Args, Backup>,
  { request, isOutage, reason }: Passed<Args, Backup>,
): string {
  // The warning about the outage has the reason.
  if (isOutage) return "it is in trouble, and was not seen to be without backups.";
  const [verdict = ""] = reason.split("\n", 1);
  const prefix = `${service.describe(request).name}: `;
  return verdict.startsWith(prefix) ? verdict.slice(prefix.length) : verdict;
}

/** The failure of all places: what came of each, one a paragraph. */
function composeFailure<Args, Backup extends Selectable>(
  lookup: LocationLookup<Args, Backup>,
  passed: readonly Passed<Args, Backup>[],
): RedisBackupError {
  const outages = passed.filter(({ isOutage }) => isOutage);
  const best = WITHOUT_BACKUP.find((code) => passed.some((each) => each.code === code));
  const code = outages[0]?.code ?? best ?? "NoBackups";
  const [first] = lookup.places;
  const { name } = first === undefined ? { name: "" } : lookup.service.describe(first);
  const verdict = describeNone(passed.length, outages.length);
  const paragraphs = passed.map((each) => {
    const head = `${nameLocation(lookup, each.request)}: [${each.code}]`;
    return each.isOutage ? `${head} ${each.reason}\n${NOT_SEEN}` : `${head} ${each.reason}`;
  });
  const text = [`${name}: ${verdict}.`, ...paragraphs].join("\n\n");
  return new RedisBackupError(code, text, { isOutage: outages.length > 0 });
}

function describeNone(places: number, inTrouble: number): string {
  if (inTrouble === places) return `none of the ${places} locations could be asked for backups`;
  const none = `none of the ${places} locations has a backup that can be used`;
  if (inTrouble === 0) return none;
  return `${none}, but whether ${inTrouble} of them ${inTrouble === 1 ? "has" : "have"} any is not known`;
}

/** A place as the program names it and where it is: `locations[1], cn-sh2 (regionType target)`. */
function nameLocation<Args, Backup extends Selectable>(
  { service }: LocationLookup<Args, Backup>,
  request: LookupRequest<Args>,
): string {
  return `locations[${request.place ?? 0}], ${describePlace(service.locate(request))}`;
}
