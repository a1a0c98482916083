/**
 * What a change of a pin's arguments leads to. Arguments are compared by what they mean: a pin that is replaced makes a
 * new choice, and the database restored from it may follow.
 */

import { isDeepStrictEqual } from "node:util";
import { parseTime } from "./age";
import { dropAbsent, type RawArguments } from "./arguments";
import { type BackupFilters, compileFilters, foldCase } from "./selection";

/** What is kept of a pin: its arguments and the backup they led to, by the schema's names. */
export type PinState = Readonly<Record<string, unknown>>;

/** What a change of a pin's arguments leads to. */
export interface PinChange {
  /** The arguments that ask for a new choice. */
  readonly replaces: readonly string[];
  /** The arguments that are merely kept. */
  readonly updates: readonly string[];
}

/** The arguments of a pin, as they were and as they are to be. */
export interface PinComparison {
  readonly olds: RawArguments;
  readonly news: RawArguments;
  readonly state: PinState;
  /** The settings' region and project. */
  readonly context: { readonly region: string | undefined; readonly projectId: string | undefined };
  /** Those of `news` that are not known yet. They count as changed. */
  readonly unknown?: ReadonlySet<string>;
  /** Whether the backup was imported: no arguments led to it, so new ones that it satisfies do not replace the pin. */
  readonly isImported?: boolean;
}

/** The arguments that guard a choice and are no part of it. */
export const GUARDS: ReadonlySet<string> = new Set(["maxAge", "onStale"]);

/** The arguments that do not say which backup is wanted. The replica's zone follows from the group. */
const INDIFFERENT: ReadonlySet<string> = new Set(["triggers", "slaveZone"]);

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
  const before = dropAbsent(comparison.olds);
  const after = dropAbsent(comparison.news);

  const isSame = (name: string): boolean => {
    if (unknown.has(name)) return false;
    if (isDeepStrictEqual(readMeaning(name, before), readMeaning(name, after))) return true;
    // Naming the region or project that counted anyway changes nothing.
    const isPlace = name === "region" || name === "projectId";
    return isPlace && state[name] === (after[name] ?? context[name]);
  };
  const isKept = (name: string): boolean => {
    if (GUARDS.has(name)) return true;
    // Of a backup that is lost, the user is told to choose another one by a trigger.
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

/** Whether a pin with this state was imported: the age of a backup is only known of one that was chosen. */
export function isImportedPin(state: PinState): boolean {
  return state["createdAt"] !== undefined && state["ageSeconds"] === undefined;
}

/** What an argument asks for, whichever way it is written; read as the filters read it. */
function readMeaning(name: string, args: RawArguments): unknown {
  const value = args[name];
  if (name === "backupTypes" || name === "states") {
    const isTexts = Array.isArray(value) && value.every((each) => typeof each === "string");
    return isTexts ? [...new Set(value.map(foldCase))].sort() : value;
  }
  if (name === "createdAfter" || name === "createdBefore")
    return typeof value === "string" ? (parseTime(value) ?? value) : value;
  // What the API takes where it is left out, which it may only be with a group.
  if (name === "regionType" && args["groupId"] !== undefined) return value ?? "normal";
  return value;
}

/** Whether the pinned backup is what a new argument asks for. One that is not known yet has no value. */
function isSatisfied(name: string, value: unknown, state: PinState): boolean {
  if (INDIFFERENT.has(name)) return true;
  if (value === undefined) return false;
  if (!FILTERS.has(name)) return state[name] === value;
  // Checked before; the state's fields are the schema's, which this package wrote.
  return compileFilters({ [name]: value })(state);
}
