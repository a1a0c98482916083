import type { KeptDatabase } from "./addresses";
import type { RestoreKind } from "./kinds";
import { GIVE_UP_MS, locate, type Presence } from "./locate";
import { didRun, isImported, readAccount, readTime, wasListed } from "./outputs";
import { takeText } from "./restoreArguments";
import type { ResourceOutputs, RestoreContext } from "./resource";
import { listOwnBackups } from "./takenBackups";

/**
 * Whether a database of state, whose id is known, is there. See {@link locate}. One that was made shortly before,
 * and that no list has shown yet, is never gone: a list may show a new row late.
 */
export async function locateKept(options: {
  readonly kind: RestoreKind;
  readonly kept: KeptDatabase;
  readonly outputs: ResourceOutputs;
  readonly context: RestoreContext;
}): Promise<Presence> {
  const { kind, kept, outputs, context } = options;
  const { scope, zone, id = "" } = kept;
  const account = readAccount(outputs);
  const presence = await locate(id, {
    scope,
    context,
    isSameAccount: account === undefined || account === context.account,
    mayHoldData: didRun(outputs) || isImported(outputs),
    async listsBackups() {
      const address = { ...scope, kind: kind.kind, id, zone };
      const backups = await listOwnBackups({ address, slaveZone: takeText(outputs, "slaveZone"), context });
      return backups.length > 0;
    },
  });
  const requestedAt = readTime(outputs, "requestedAt");
  const isNew = requestedAt !== undefined && context.clock.now() - requestedAt < GIVE_UP_MS;
  if (presence.kind !== "gone" || wasListed(outputs) || !isNew) return presence;
  return { kind: "uncertain", why: "was made less than 30 minutes ago, and is not listed yet" };
}
