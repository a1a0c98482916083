/** A changed `source` restores nothing. It is compared with the choice in state, so that the warning does not go silent. */

import { describeTime } from "../backups/age";
import { dropNullish, type RawArguments } from "../backups/arguments";
import { comparePins, GUARDS } from "../backups/pinChanges";
import { quoteText } from "../backups/text";
import type { RestoreKind } from "./kinds";
import {
  describeLocations,
  findHeldPlace,
  isCopy,
  nameInLocation,
  narrowLocations,
  PLACE_FIELDS,
  readLocations,
} from "./locations";
import type { ResourceOutputs } from "./resource";
import { takeMap, takeText } from "./restoreArguments";
import { show } from "./placement";

/** How long the choice waits says nothing about what is chosen. */
const NEVER_CHANGES: ReadonlySet<string> = new Set([...GUARDS, "waitForRunning"]);

/**
 * A warning if `source` asks for another backup than the one in state, by other words than it was chosen by.
 * `undefined` if it means the same, or names exactly the backup that is held.
 */
export function describeSourceChange(
  kind: RestoreKind,
  { source, outputs, now }: { source: RawArguments; outputs: ResourceOutputs; now: Date },
): string | undefined {
  const held = takeMap(outputs, "backup");
  const chosenBy = takeMap(outputs, "source");
  if (held === undefined || chosenBy === undefined) return undefined;
  const changed = isHeld(kind, source, held) ? [] : findChanged({ source, chosenBy, held, outputs });
  const misplaced = findMisplaced({ source, chosenBy, held, outputs });
  if (changed.length + misplaced.length === 0) return undefined;
  const given = dropNullish(source);
  const asks = [
    ...changed.map((name) => (name in given ? showArgument(name, source) : `no ${name}`)),
    ...misplaced,
  ];
  const made = describeTime(takeText(held, "createdAt"), now);
  const database = takeText(held, kind.idProperty);
  const region = takeText(outputs, "region") ?? "its region";
  const of = database === undefined ? "" : ` of ${kind.noun} ${quoteText(database)}`;
  return [
    "`source` was changed, and nothing is restored for that.",
    ...(readLocations(source) === undefined ? [] : [`The database stays where it is, in ${region}.`]),
    `Held: ${isCopy(held) ? "copy" : "backup"} ${quoteText(takeText(held, "backupId") ?? "")}${of}, made ${made}.`,
    `The program asks for: ${asks.join(", ")}.`,
    "To restore anew, which deletes this database, change `triggers`.",
  ].join(" ");
}

interface Comparison {
  readonly source: RawArguments;
  readonly chosenBy: RawArguments;
  readonly held: RawArguments;
  readonly outputs: ResourceOutputs;
}

/** The arguments that ask for another backup. */
function findChanged({ source, chosenBy, held, outputs }: Comparison): string[] {
  const { replaces } = comparePins({
    olds: narrowLocations(chosenBy),
    news: narrowLocations(source),
    state: held,
    context: { region: takeText(outputs, "region"), projectId: takeText(outputs, "projectId") },
  });
  return replaces.filter((name) => !NEVER_CHANGES.has(name));
}

/**
 * The zones and the network that the location of the database now asks for, and that it does not have. Those of other
 * locations count on the day when they are needed.
 */
function findMisplaced({ source, chosenBy, held, outputs }: Comparison): string[] {
  const place = findHeldPlace(source, held);
  const asked = place === undefined ? undefined : readLocations(source)?.[place];
  if (asked === undefined) return [];
  const first = readLocations(chosenBy)?.[findHeldPlace(chosenBy, held) ?? -1];
  // What was asked for at first, and is not so any more, was changed in the cloud.
  return PLACE_FIELDS.filter(
    (name) => asked[name] !== undefined && asked[name] !== outputs[name] && asked[name] !== first?.[name],
  ).map((name) => `${nameInLocation(place, name)} ${show(asked[name])}`);
}

function showArgument(name: string, source: RawArguments): string {
  return name === "locations" ? `locations ${describeLocations(source)}` : `${name} ${show(source[name])}`;
}

/** Whether `source` names the held backup by its ids. */
function isHeld(kind: RestoreKind, source: RawArguments, held: RawArguments): boolean {
  return [kind.idProperty, "backupId"].every(
    (name) => takeText(source, name) !== undefined && source[name] === held[name],
  );
}
