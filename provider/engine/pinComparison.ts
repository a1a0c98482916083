import type { LookupContext } from "../backups/lookup";
import { comparePins, type PinChange, type PinComparison } from "../backups/pinChanges";
import { describeKeptScope } from "../backups/pinMessages";

/**
 * Compares a pin's arguments for a diff, and tells the user if the pin stays in a region or project that is
 * no longer the settings' one.
 */
export function comparePinAndInform(
  comparison: Omit<PinComparison, "context"> & { readonly context: LookupContext },
): PinChange {
  const change = comparePins(comparison);
  const { news, state, context } = comparison;
  const notice = change.replaces.length > 0 ? undefined : describeKeptScope({ args: news, state, context });
  if (notice !== undefined) context.inform(notice);
  return change;
}
