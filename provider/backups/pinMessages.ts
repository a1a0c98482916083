/** What users read of pins in Pulumi's output. */

import type { SkippedBackup } from "../schemaTypes";
import { describeAge, measureAge } from "./age";
import type { RawArguments } from "./arguments";
import type { PinState } from "./pinChanges";
import { maskUnprintable, quoteText } from "./text";

/** How many of the backups that were passed over are named. */
const MOST_NAMED = 3;

/** The backup that is chosen, and those that are not, in a text that follows "Would pin" or "Pinned". */
export function describeChoice(state: PinState, { source, now }: { source: string; now: Date }): string {
  // The schema's own fields, which this package wrote.
  const { backupId, createdAt, skipped } = state as unknown as Chosen;
  const chosen = `backup ${quoteText(backupId)} of ${maskUnprintable(source)}, made ${describeTime(createdAt, now)}.`;
  if (skipped.length === 0) return chosen;
  const named = skipped.slice(0, MOST_NAMED).map((each) => `${quoteText(each.backupId)} (${each.reason})`);
  const rest = skipped.length - named.length;
  return `${chosen} Newer, but passed over: ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

/**
 * Says that a pin stays where it is although the settings name another region or project, and how to move it.
 * `undefined` where they do not, or where the pin's own arguments name it.
 */
export function describeKeptScope(options: {
  readonly args: RawArguments;
  readonly state: PinState;
  readonly context: { readonly region: string | undefined; readonly projectId: string | undefined };
}): string | undefined {
  const { args, state, context } = options;
  const kept = (["region", "projectId"] as const).flatMap((name) => {
    const [pinned, isNow] = [state[name], context[name]];
    const isMoved = (args[name] ?? undefined) === undefined && isNow !== undefined && pinned !== isNow;
    return isMoved && typeof pinned === "string"
      ? [`${name} ${quoteText(pinned)}, although the settings now name ${quoteText(isNow)}`]
      : [];
  });
  if (kept.length === 0) return undefined;
  return `This pin keeps its backup of ${kept.join(", and ")}. To choose one there, change its \`triggers\`.`;
}

interface Chosen {
  readonly backupId: string;
  readonly createdAt?: string;
  readonly skipped: readonly SkippedBackup[];
}

function describeTime(createdAt: string | undefined, now: Date): string {
  const age = describeAge(measureAge(createdAt, now.getTime()));
  return createdAt === undefined ? age : `at ${createdAt}, ${age}`;
}
