import type { KeptDatabase } from "./addresses";
import type { RestoreKind } from "./kinds";
import { locate, type Presence } from "./locate";
import { didRun, isImported, readAccount } from "./outputs";
import { takeText } from "./restoreArguments";
import type { ResourceOutputs, RestoreContext } from "./resource";
import { listOwnBackups } from "./takenBackups";

/** Whether a database of state, whose id is known, is there. See {@link locate}. */
export async function locateKept(options: {
  readonly kind: RestoreKind;
  readonly kept: KeptDatabase;
  readonly outputs: ResourceOutputs;
  readonly context: RestoreContext;
}): Promise<Presence> {
  const { kind, kept, outputs, context } = options;
  const { scope, zone, id = "" } = kept;
  const account = readAccount(outputs);
  return locate(id, {
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
}
