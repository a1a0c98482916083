/** The texts about pins in Pulumi's output. */

import type { SkippedBackup } from "../schemaTypes";
import { describeTime } from "./age";
import type { RawArguments } from "./arguments";
import type { PinState } from "./pinChanges";
import type { Selectable } from "./selection";
import type { DefaultScope } from "./services";
import { maskUnprintable, quoteText } from "./text";

/** How many of the skipped backups are named. */
const MOST_NAMED = 3;

/** The fields of a pin's state that {@link describeChoice} shows. */
interface Chosen {
  readonly backupId: string;
  readonly createdAt?: string;
  readonly skipped: readonly SkippedBackup[];
}

/** The chosen backup and the skipped ones, in a text that follows "Would pin", "Pinned" or "Found". */
export function describeChoice(
  state: object,
  { description, now }: { readonly description: string; readonly now: Date },
): string {
  // These are fields of the schema, written by this package.
  const { backupId, createdAt, skipped } = state as Chosen;
  const chosen = `backup ${quoteText(backupId)} of ${description}, made ${describeTime(createdAt, now)}.`;
  return [chosen, ...describeSkipped(skipped)].join(" ");
}

/** A sentence that names the newer backups that were skipped. None if there are none. */
export function describeSkipped(skipped: readonly SkippedBackup[]): string[] {
  if (skipped.length === 0) return [];
  const named = skipped.slice(0, MOST_NAMED).map((each) => `${quoteText(each.backupId)} (${each.reason})`);
  const rest = skipped.length - named.length;
  return [`Newer but skipped: ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`];
}

/**
 * Says that a pin keeps its backup although the settings now name another region or project, and how to choose one
 * there. `undefined` if they do not, or if the pin's own arguments name the region or project.
 */
export function describeKeptScope(options: {
  readonly args: RawArguments;
  readonly state: PinState;
  readonly context: DefaultScope;
}): string | undefined {
  const { args, state, context } = options;
  const kept = (["region", "projectId"] as const).flatMap((name) => {
    const [pinned, current] = [state[name], context[name]];
    // With `locations`, the settings' region does not count.
    const own = name === "region" ? (args[name] ?? args["locations"]) : args[name];
    const isMoved = (own ?? undefined) === undefined && current !== undefined && pinned !== current;
    return isMoved && typeof pinned === "string"
      ? [`${name} ${quoteText(pinned)}, although the settings now name ${quoteText(current)}`]
      : [];
  });
  if (kept.length === 0) return undefined;
  return `This pin keeps its backup of ${kept.join(", and ")}. To choose one there, change its \`triggers\`.`;
}

/** A warning: the pinned backup is gone, or cannot be restored for `reason`. */
export function describeLoss(id: string, reason: string | undefined): string {
  const claim = reason === undefined ? "is no longer listed" : `cannot be restored: ${reason}`;
  return `The pinned backup ${maskUnprintable(id)} ${claim}. The pin keeps it; change its \`triggers\` to choose another one.`;
}

/** The pinned backup can still be restored. */
export function describeStay(id: string, { createdAt }: Pick<Selectable, "createdAt">, now: Date): string {
  return `The pinned backup ${maskUnprintable(id)}, made ${describeTime(createdAt, now)}, is listed and usable.`;
}
