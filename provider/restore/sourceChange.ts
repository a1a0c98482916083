/** A changed `source` restores nothing. It is compared with the choice in state, so that the warning does not go silent. */

import { describeTime } from "../backups/age";
import { dropNullish, type RawArguments } from "../backups/arguments";
import { comparePins, GUARDS } from "../backups/pinChanges";
import { quoteText } from "../backups/text";
import type { RestoreKind } from "./kinds";
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
  if (held === undefined || chosenBy === undefined || isHeld(kind, source, held)) return undefined;
  const { replaces } = comparePins({
    olds: chosenBy,
    news: source,
    state: held,
    context: { region: takeText(outputs, "region"), projectId: takeText(outputs, "projectId") },
  });
  const changed = replaces.filter((name) => !NEVER_CHANGES.has(name));
  if (changed.length === 0) return undefined;
  const given = dropNullish(source);
  const asks = changed.map((name) => (name in given ? `${name} ${show(given[name])}` : `no ${name}`));
  const made = describeTime(takeText(held, "createdAt"), now);
  const database = takeText(held, kind.idProperty);
  const of = database === undefined ? "" : ` of ${kind.noun} ${quoteText(database)}`;
  return [
    "`source` was changed, and nothing is restored for that.",
    `Held: backup ${quoteText(takeText(held, "backupId") ?? "")}${of}, made ${made}.`,
    `The program asks for: ${asks.join(", ")}.`,
    "To restore anew, which deletes this database, change `triggers`.",
  ].join(" ");
}

/** Whether `source` names the held backup by its ids. */
function isHeld(kind: RestoreKind, source: RawArguments, held: RawArguments): boolean {
  return [kind.idProperty, "backupId"].every(
    (name) => takeText(source, name) !== undefined && source[name] === held[name],
  );
}
