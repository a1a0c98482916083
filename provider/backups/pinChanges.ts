/**
 * Decides whether changed arguments replace a pin. A pin that is replaced chooses again, and the database restored from it
 * may be replaced in turn. So arguments are compared by what they mean, not by how they are written.
 */

import { isDeepStrictEqual } from "node:util";
import { parseTime } from "./age";
import { dropNullish, type RawArguments } from "./arguments";
import { isSamePlace, keepsPlace, type Place } from "./places";
import { type BackupFilters, compileFilters, foldCase } from "./selection";
import type { DefaultScope } from "./services";

/** The state of a pin: its arguments and the backup chosen by them, by the schema's names. */
export type PinState = Readonly<Record<string, unknown>>;

/** The effects of changed arguments. */
export interface PinChange {
  /** The changed arguments that replace the pin. */
  readonly replaces: readonly string[];
  /** The changed arguments that are only stored. */
  readonly updates: readonly string[];
}

/** The old and the new arguments of a pin. */
export interface PinComparison {
  readonly olds: RawArguments;
  readonly news: RawArguments;
  readonly state: PinState;
  readonly context: DefaultScope;
  /** The names of new arguments that are not known yet. They count as changed. */
  readonly unknown?: ReadonlySet<string>;
  /** Whether the backup was imported. It was not chosen by arguments, so new ones that it satisfies do not replace the pin. */
  readonly isImported?: boolean;
}

/** The arguments that only matter while a backup is chosen: they do not say which one is. */
export const GUARDS: ReadonlySet<string> = new Set(["maxAge", "onStale", "waitForRunning"]);

/** The arguments that say in which places to look. */
const PLACE_ARGS: ReadonlySet<string> = new Set(["region", "regionType", "locations"]);

/** The arguments that every imported backup satisfies. The replica's zone follows from the group. */
const ALWAYS_SATISFIED: ReadonlySet<string> = new Set(["triggers", "slaveZone"]);

const FILTERS: ReadonlySet<string> = new Set<keyof BackupFilters>([
  "nameRegex",
  "backupTypes",
  "states",
  "createdAfter",
  "createdBefore",
]);

/** Compares arguments. Null counts as absent. */
export function comparePins(comparison: PinComparison): PinChange {
  const { state, context, unknown = new Set(), isImported = false } = comparison;
  const before = dropNullish(comparison.olds);
  const after = dropNullish(comparison.news);

  const isSame = (name: string): boolean => {
    if (unknown.has(name)) return false;
    if (isDeepStrictEqual(readMeaning(name, before), readMeaning(name, after))) return true;
    // To name the region or project that was in effect anyway changes nothing.
    const isScope = name === "region" || name === "projectId";
    return isScope && state[name] === (after[name] ?? context[name]);
  };
  const isInPlace = isInPinnedPlace(comparison);
  const isKept = (name: string): boolean => {
    if (GUARDS.has(name)) return true;
    if (isInPlace !== undefined && PLACE_ARGS.has(name)) return isInPlace;
    // When a backup is lost, a warning tells the user to choose another one by a trigger.
    if (name === "triggers" && state["usable"] === false) return false;
    return isImported && before[name] === undefined && isSatisfied(name, after[name], state);
  };

  const names = [...new Set([...Object.keys(before), ...Object.keys(after), ...unknown])].sort();
  const changed = names.filter((name) => !isSame(name));
  return {
    replaces: changed.filter((name) => !isKept(name)),
    updates: changed.filter((name) => isKept(name)),
  };
}

/**
 * Where either side has `locations`: whether the pinned backup is where it would be looked for again. `undefined` where
 * neither has.
 */
function isInPinnedPlace({
  olds,
  news,
  state,
  context,
  unknown = new Set(),
  isImported = false,
}: PinComparison): boolean | undefined {
  if ((olds["locations"] ?? news["locations"] ?? undefined) === undefined && !unknown.has("locations"))
    return undefined;
  if ([...PLACE_ARGS].some((name) => unknown.has(name))) return false;
  const pinned = readPlace(state);
  const after = listPlaces(news, context.region);
  if (isImported && (olds["locations"] ?? undefined) === undefined)
    return after.some((each) => isSamePlace(each, pinned));
  return keepsPlace(pinned, { before: listPlaces(olds, pinned.region), after });
}

/** The places that arguments name, in order. `region` is the one that counts where they name none. */
function listPlaces(args: RawArguments, region: string | undefined): readonly Place[] {
  const { locations } = args;
  if (isMaps(locations)) return locations.map(readPlace);
  return [readPlace({ ...args, region: args["region"] ?? region })];
}

/** The place in checked arguments or in a state. */
function readPlace({ region, regionType }: RawArguments): Place {
  return { region, regionType: regionType ?? undefined } as Place;
}

function isMaps(value: unknown): value is readonly RawArguments[] {
  return Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null);
}

/** Whether a pin with this state was imported: only a chosen backup has an age in the state. */
export function isImportedPin(state: PinState): boolean {
  return state["createdAt"] !== undefined && state["ageSeconds"] === undefined;
}

/** The value of an argument in one form, however it is written. Reads it as the filters do. */
function readMeaning(name: string, args: RawArguments): unknown {
  const value = args[name];
  if (name === "backupTypes" || name === "states") {
    const isTexts = Array.isArray(value) && value.every((each) => typeof each === "string");
    return isTexts ? [...new Set(value.map(foldCase))].sort() : value;
  }
  if (name === "createdAfter" || name === "createdBefore")
    return typeof value === "string" ? (parseTime(value) ?? value) : value;
  // The API's default, which applies only where a group is named.
  if (name === "regionType" && args["groupId"] !== undefined) return value ?? "normal";
  if (name === "locations")
    return isMaps(value) ? value.map((each) => ({ regionType: "normal", ...dropNullish(each) })) : value;
  return value;
}

/** Whether the pinned backup is one that a new argument asks for. `value` is undefined if it is not known yet. */
function isSatisfied(name: string, value: unknown, state: PinState): boolean {
  if (ALWAYS_SATISFIED.has(name)) return true;
  if (value === undefined) return false;
  if (!FILTERS.has(name)) return state[name] === value;
  const { keep, failures } = compileFilters({ [name]: value });
  return failures.length === 0 && keep(state);
}
