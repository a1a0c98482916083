import type { RawArguments } from "../backups/arguments";
import type { CreateGroup, CreateSpace, DatabaseScope } from "../ucloud/databases";
import type { RestoreKind } from "./kinds";
import type { ResourceOutputs, RestoreContext } from "./resource";

/** Everything that a creation needs: the backup is chosen, every default is resolved, the preflight has passed. */
export interface RestorePlan {
  readonly scope: DatabaseScope;
  /** The whole request. Its `name` is the one that the database shall have in the end. */
  readonly request: CreateGroup | CreateSpace;
  /** The outputs as far as they are known before anything is created, `backup` and `source` included. */
  readonly outputs: ResourceOutputs;
  /** The backup in words that follow "Restored", such as "backup `x` of URedis group y, made ... ago". */
  readonly description: string;
  /** The size of the backup file or of its data in bytes, if it is known: far less in use is a warning. */
  readonly backupBytes?: number | undefined;
}

/**
 * Chooses the backup, resolves every default and runs the preflight. Reads only.
 *
 * @throws RedisBackupError if there is no usable backup, or something that was checked contradicts the restore
 */
export declare function planRestore(
  kind: RestoreKind,
  args: RawArguments,
  context: RestoreContext,
): Promise<RestorePlan>;
