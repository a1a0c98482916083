/** A backup that is taken by hand when the resource is created, and forgotten when it is deleted. */

import { createHash } from "node:crypto";
import { dropNullish, type RawArguments } from "../backups/arguments";
import { quoteText } from "../backups/text";
import { RedisBackupError, rewordError, stripCode } from "../ucloud/errors";
import { checkBackup, findReplacing, resolveScope } from "./backupArguments";
import {
  type BackupKind,
  describeIdForm,
  findSite,
  formatBackupId,
  NAME_PREFIX,
  parseBackupId,
} from "./backupIds";
import { CLOCK_SKEW_MS, GIVE_UP_MS } from "./locate";
import { readTime } from "./outputs";
import {
  type ChangeRequest,
  type CheckRequest,
  type ReadRecord,
  type ResourceDiff,
  type ResourceOutputs,
  type ResourceRecord,
  type RestoreContext,
  UnfinishedError,
  type WritingResource,
} from "./resource";
import { takeText } from "./restoreArguments";
import {
  beginBackup,
  type BackupSite,
  isRunningBackup,
  type ListedBackup,
  listOwnBackups,
  LostBackupError,
  readBackupTime,
  RefusedBackupError,
  TOO_MANY_BACKUPS,
  waitForBackup,
} from "./takenBackups";
import { getDeadline } from "./wait";

/** Where an unfinished backup keeps the ids of older ones with its name. It is no output of the schema. */
const OLDER = "__older";

/** The operations on backups of one kind. */
export class BackupResource implements WritingResource {
  constructor(private readonly kind: BackupKind) {}

  check(request: CheckRequest, context: RestoreContext): Promise<RawArguments> {
    // Async, so that a refusal rejects the promise.
    return Promise.resolve().then(() => checkBackup(this.kind, request, context));
  }

  async compare(change: ChangeRequest, context: RestoreContext): Promise<ResourceDiff> {
    const replaces = findReplacing(change);
    const held = takeText(change.outputs, "backupId");
    if (held !== undefined) context.attempts.holdInState(context.urn, held);
    if (replaces.length > 0 || isFinished(change.outputs)) return { replaces, updates: [] };
    const isLost = await this.#isLost(change, context);
    return { replaces: isLost ? ["backupId"] : [], updates: [] };
  }

  plan(
    { args, unknown = new Set<string>() }: CheckRequest,
    context: RestoreContext,
  ): Promise<ResourceOutputs> {
    const name = unknown.has("name") ? "" : ` ${quoteText(takeText(args, "name") ?? "")}`;
    const database = unknown.has(this.kind.idProperty)
      ? "a database"
      : (takeText(args, this.kind.idProperty) ?? "");
    context.inform(`Would take a backup${name} of ${database} by hand, and wait until it can be restored.`);
    return Promise.resolve({ ...dropNullish(args), ...resolveScope(args, context) });
  }

  async create(args: RawArguments, context: RestoreContext): Promise<ResourceRecord> {
    const key = createHash("sha256").update(JSON.stringify(args)).digest("hex");
    // A hook of the program can repeat a call that failed. It must not take a second backup.
    const begun = context.attempts.findBackup(context.urn, key);
    if (begun !== undefined) return this.#resume(begun, context);
    const outputs = {
      ...dropNullish({ ...args, ...resolveScope(args, context) }),
      requestedAt: new Date(context.clock.now()).toISOString(),
    };
    try {
      return await this.#begin(outputs, context);
    } catch (error) {
      if (error instanceof UnfinishedError) context.attempts.keepBackup(context.urn, key, error.record);
      throw error;
    }
  }

  async read(record: ReadRecord, context: RestoreContext): Promise<ReadRecord | undefined> {
    const isImport = Object.keys(record.outputs).length === 0;
    const { fields, last } = parseBackupId(this.kind, record.id);
    const outputs: ResourceOutputs = isImport
      ? dropNullish({ ...fields, projectId: context.projectId })
      : record.outputs;
    const site = findSite(this.kind, outputs, context);
    const backups = await listOwnBackups(site);
    const wanted = takeText(outputs, "backupId") ?? last;
    const found =
      backups.find((each) => each.backupId === wanted) ?? this.#findByName(last, { outputs, backups });
    if (found === undefined && isImport) {
      throw new RedisBackupError(
        "NotFound",
        `There is no backup ${quoteText(last)} of ${site.address.id}. Check each part of the id, which is ${describeIdForm(this.kind)}.`,
      );
    }
    if (!isFinished(outputs) && !isImport && found?.usable !== true) {
      const state = found === undefined ? "it is not listed" : `its state is ${quoteText(found.state ?? "")}`;
      const text = `The backup of ${site.address.id} is not done: ${state}. The next \`pulumi up\` goes on.`;
      throw new UnfinishedError("OutcomeUnknown", text, record);
    }
    if (found?.usable !== true) {
      context.warn(
        `The backup ${quoteText(wanted)} of ${site.address.id} ${found === undefined ? "is no longer listed" : `cannot be restored: its state is ${quoteText(found.state ?? "")}`}. Change \`triggers\` to take another one.`,
      );
    }
    const name = takeText(outputs, "name") ?? found?.backupName ?? "";
    const args = isImport
      ? { ...pick(outputs, ["region", "projectId", ...this.kind.address]), name }
      : record.args;
    const backupId = found?.backupId ?? wanted;
    return {
      id: formatBackupId(this.kind, outputs, backupId),
      outputs: { ...outputs, name, ...(found ?? { backupId, usable: false }) },
      args: dropNullish(args),
    };
  }

  async update(change: ChangeRequest, context: RestoreContext): Promise<ResourceOutputs> {
    if (isFinished(change.outputs)) return change.outputs;
    return (await this.#resume(change, context)).outputs;
  }

  previewUpdate({ outputs }: ChangeRequest): ResourceOutputs {
    return outputs;
  }

  delete({ outputs }: ResourceRecord, context: RestoreContext): Promise<void> {
    const backupId = takeText(outputs, "backupId");
    if (backupId !== undefined) {
      context.inform(`Backup ${quoteText(backupId)} stays in the cloud: no action of the API deletes one.`);
    }
    return Promise.resolve();
  }

  async #begin(outputs: ResourceOutputs, context: RestoreContext): Promise<ResourceRecord> {
    const name = takeText(outputs, "name") ?? "";
    const site = findSite(this.kind, outputs, context);
    const deadline = getDeadline({ context });
    try {
      const backupId = await beginBackup({ ...site, name, deadline, warnsOfTwins: true });
      return await this.#finish({ backupId, outputs, site, deadline });
    } catch (error) {
      if (error instanceof LostBackupError) {
        const id = formatBackupId(this.kind, outputs, `${NAME_PREFIX}${name}`);
        throw new UnfinishedError(error.code, stripCode(error), {
          id,
          outputs: { ...outputs, [OLDER]: error.older },
        });
      }
      throw error instanceof RefusedBackupError ? describeRefusal(site, error) : error;
    }
  }

  /** Goes on with a backup that was begun, or may have been. */
  async #resume({ id, outputs }: ResourceRecord, context: RestoreContext): Promise<ResourceRecord> {
    const site = findSite(this.kind, outputs, context);
    const { last } = parseBackupId(this.kind, id);
    const known = takeText(outputs, "backupId");
    const backupId =
      known ?? this.#findByName(last, { outputs, backups: await listOwnBackups(site) })?.backupId;
    if (backupId !== undefined) {
      return this.#finish({ backupId, outputs, site, deadline: getDeadline({ context }) });
    }
    throw new UnfinishedError(
      "OutcomeUnknown",
      `The backup of ${site.address.id} is not listed yet. Run \`pulumi up\` again: 30 minutes after it was requested, another one is taken.`,
      { id, outputs },
    );
  }

  async #finish(options: {
    readonly backupId: string;
    readonly outputs: ResourceOutputs;
    readonly site: BackupSite;
    readonly deadline: number;
  }): Promise<ResourceRecord> {
    const { backupId, outputs, site, deadline } = options;
    const record = { id: formatBackupId(this.kind, outputs, backupId), outputs: { ...outputs, backupId } };
    try {
      const backup: ListedBackup = await waitForBackup(backupId, { ...site, deadline });
      return { ...record, outputs: { ...dropOlder(outputs), ...backup, name: outputs["name"] } };
    } catch (error) {
      if (!(error instanceof RedisBackupError)) throw error;
      throw new UnfinishedError(error.code, stripCode(error), record);
    }
  }

  /** Whether nothing can come of an unfinished backup. */
  async #isLost({ id, outputs }: ResourceRecord, context: RestoreContext): Promise<boolean> {
    const backups = await listOwnBackups(findSite(this.kind, outputs, context));
    const { last } = parseBackupId(this.kind, id);
    const backupId = takeText(outputs, "backupId");
    const found =
      backups.find((each) => each.backupId === backupId) ?? this.#findByName(last, { outputs, backups });
    if (found !== undefined) return !found.usable && !isRunningBackup(found);
    return context.clock.now() - (readTime(outputs, "requestedAt") ?? 0) >= GIVE_UP_MS;
  }

  #findByName(
    last: string,
    { outputs, backups }: { readonly outputs: ResourceOutputs; readonly backups: readonly ListedBackup[] },
  ): ListedBackup | undefined {
    if (!last.startsWith(NAME_PREFIX)) return undefined;
    const requestedAt = readTime(outputs, "requestedAt") ?? 0;
    const older = outputs[OLDER];
    const isOlder = (id: string): boolean => Array.isArray(older) && older.includes(id);
    return backups.find(
      (each) =>
        each.backupId !== "" &&
        !isOlder(each.backupId) &&
        each.backupName === last.slice(NAME_PREFIX.length) &&
        (readBackupTime(each) ?? 0) >= requestedAt - CLOCK_SKEW_MS,
    );
  }
}

function dropOlder(outputs: ResourceOutputs): ResourceOutputs {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => name !== OLDER));
}

/** Whether the backup could be restored once. Later it may expire. */
function isFinished(outputs: ResourceOutputs): boolean {
  return outputs["usable"] !== undefined;
}

function pick(values: ResourceOutputs, names: readonly string[]): RawArguments {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

function describeRefusal({ address }: BackupSite, error: RefusedBackupError): RedisBackupError {
  const advice =
    error.retCode === TOO_MANY_BACKUPS
      ? " A database keeps three backups by hand, and no wait changes that: delete one in the console."
      : "";
  return rewordError(error, `No backup of ${address.id} was taken. ${stripCode(error)}${advice}`);
}
