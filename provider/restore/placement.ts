/**
 * What is settled when a database is created: where it is, its version and configuration, its shards, and how it
 * is paid for. A change of it in the program alone never restores anew, as that deletes the database.
 */

import { isDeepStrictEqual } from "node:util";
import type { RawArguments } from "../backups/arguments";
import { quoteText } from "../backups/text";
import type { Database } from "../ucloud/databases";
import type { InputFailure } from "../ucloud/errors";
import { readValues, type RestoreValues } from "./restoreArguments";
import { isSameVersion } from "./versions";

/** The arguments that only a new database can change. */
export const PLACEMENT = [
  "region",
  "projectId",
  "zone",
  "slaveZone",
  "vpcId",
  "subnetId",
  "port",
  "version",
  "configId",
  "highAvailability",
  "highPerformance",
  "blockCount",
  "proxySize",
  "proxyPort",
  "clusterMode",
] as const;

/** The arguments that no action of the API changes later. */
export const TERMS = ["chargeType", "quantity", "tag"] as const;

/** An argument that is settled at creation. */
export type SettledName = (typeof PLACEMENT)[number] | (typeof TERMS)[number];

const SETTLED: readonly SettledName[] = [...PLACEMENT, ...TERMS];

/** What the API takes where a creation leaves these out. */
const API_DEFAULTS: RawArguments = { quantity: 1, tag: "Default" };

/** The settled arguments that both have, with different values. What is not known counts as not given. */
export function findChanges(olds: RestoreValues, news: RestoreValues): SettledName[] {
  return SETTLED.filter(
    (name) => olds[name] !== undefined && news[name] !== undefined && !isSame(name, olds[name], news[name]),
  );
}

/** The settled arguments that are new in the program. */
export function findAdditions(olds: RestoreValues, news: RestoreValues): SettledName[] {
  return SETTLED.filter((name) => olds[name] === undefined && news[name] !== undefined);
}

/** Whether a database that is known by `held` has this value. What it lacks is the API's default, if that is known. */
export function matches(name: SettledName, value: unknown, held: RestoreValues): boolean {
  return isSame(name, held[name] ?? API_DEFAULTS[name], value);
}

/** Whether two values of an argument mean the same. */
export function isSame(name: SettledName, a: unknown, b: unknown): boolean {
  if (name === "version" && typeof a === "string" && typeof b === "string") return isSameVersion(a, b);
  return isDeepStrictEqual(a, b);
}

/** A row as the values of a resource. */
export function readRow(row: Database): RestoreValues {
  const { isReadWriteSplit, ...rest } = row;
  return readValues({ ...rest, ...(isReadWriteSplit === true ? { clusterMode: "RWMode" } : {}) });
}

/** Whether `triggers` changed. The first ones count, those that were taken out do not. */
export function haveTriggersChanged(olds: RestoreValues, news: RestoreValues): boolean {
  return news.triggers !== undefined && !isDeepStrictEqual(olds.triggers, news.triggers);
}

/** Refuses a changed argument. `doubt` says why it is not known what the database has. */
export function refuseChange(
  name: SettledName,
  { before, after, doubt }: { before: unknown; after: unknown; doubt?: string | undefined },
): InputFailure {
  const isTerm = TERMS.some((each) => each === name);
  const claim = isTerm ? "no action of the API changes it" : "a database keeps it for life";
  const way = isTerm
    ? "To restore into a new database with it, which deletes this one, change `triggers` too."
    : "To restore anew with it, which deletes this database, change `triggers` too; for one in another place, declare a new resource.";
  const from = before === undefined ? "" : ` from ${show(before)}`;
  const unsure = doubt === undefined ? "" : ` Whether the database has it already is not known: ${doubt}`;
  return { property: name, reason: `cannot be changed${from} to ${show(after)}: ${claim}. ${way}${unsure}` };
}

/** A value in a message. */
export function show(value: unknown): string {
  return typeof value === "string" ? quoteText(value) : JSON.stringify(value);
}
