/** A backup that is taken by hand when the resource is created, and forgotten when it is deleted. */

import { isDeepStrictEqual } from "node:util";
import { dropNullish, findArgumentFailures, type RawArguments, refuseIfAny } from "../backups/arguments";
import { REGION_MISSING } from "../backups/lookupRequest";
import { quoteText } from "../backups/text";
import type { DatabaseAddress, DatabaseKind } from "../ucloud/databases";
import { RedisBackupError, stripCode } from "../ucloud/errors";
import { createName } from "./autoName";
import { readTime } from "./outputs";
import { takeText } from "./restoreArguments";
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
import { findNameProblem } from "./rules";
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

/** What differs between the backups of the two kinds of database. */
export interface BackupKind {
  readonly kind: DatabaseKind;
  readonly token: "ucloud-redis:index:URedisBackup" | "ucloud-redis:index:UMemBackup";
  readonly noun: string;
  /** The argument that names the database. */
  readonly idProperty: "groupId" | "spaceId";
  /** The arguments by which the backup is addressed, in the order of the id. */
  readonly address: readonly string[];
}

/** A changed one of these takes another backup. */
const SELECTION = ["region", "projectId", "zone", "groupId", "spaceId", "slaveZone", "name", "triggers"];

const NAME_PREFIX = "name=";
/** How far the clocks of this machine and of the API may differ. */
const CLOCK_SKEW_MS = 10 * 60 * 1000;
/** How long a backup whose answer was lost may still appear. */
const GIVE_UP_MS = 30 * 60 * 1000;

/** The operations on backups of one kind. */
export class BackupResource implements WritingResource {
  constructor(private readonly kind: BackupKind) {}

  check(request: CheckRequest, context: RestoreContext): Promise<RawArguments> {
    const { olds, unknown = new Set<string>() } = request;
    const args = dropNullish(request.args);
    refuseIfAny(findArgumentFailures(this.kind.token, { args, unknown }));
    const isRegionKnown = unknown.has("region") || (args["region"] ?? context.region) !== undefined;
    const given = args["name"] ?? (unknown.has("name") ? undefined : olds?.["name"]);
    const { urn, clock } = context;
    const { autonaming, randomSeed } = request;
    const made =
      given !== undefined || unknown.has("name")
        ? { name: given }
        : createName({ urn, autonaming, randomSeed, clock });
    const problem = typeof given === "string" ? findNameProblem(given) : undefined;
    refuseIfAny([
      ...(isRegionKnown ? [] : [{ property: "region", reason: REGION_MISSING }]),
      ...("failure" in made ? [made.failure] : []),
      ...(problem === undefined ? [] : [{ property: "name", reason: problem }]),
    ]);
    return Promise.resolve(dropNullish({ ...args, name: "name" in made ? made.name : undefined }));
  }

  async compare(change: ChangeRequest, context: RestoreContext): Promise<ResourceDiff> {
    const { args, oldArgs, outputs, unknown = new Set<string>() } = change;
    const isSame = (name: string): boolean => {
      if (unknown.has(name)) return false;
      const [before, after] = [oldArgs[name], args[name]];
      if (isDeepStrictEqual(before ?? undefined, after ?? undefined)) return true;
      // To name what was in effect anyway, or to leave it out, changes nothing.
      if (name === "triggers") return before === undefined && outputs["requestedAt"] === undefined;
      return after === undefined || after === null || outputs[name] === after;
    };
    const replaces = SELECTION.filter((name) => !isSame(name));
    if (replaces.length > 0 || isFinished(outputs)) return { replaces, updates: [] };
    const isLost = await this.#isLost({ id: change.id, outputs }, context);
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
    const outputs = {
      ...dropNullish({ ...args, ...resolveScope(args, context) }),
      requestedAt: new Date(context.clock.now()).toISOString(),
    };
    const name = takeText(args, "name") ?? "";
    const site = this.#findSite(outputs, context);
    const deadline = getDeadline({ context });
    let backupId: string;
    try {
      backupId = await beginBackup({ ...site, name, deadline });
    } catch (error) {
      if (error instanceof LostBackupError) {
        throw new UnfinishedError(error.code, stripCode(error), {
          id: this.#formatId(outputs, `${NAME_PREFIX}${name}`),
          outputs,
        });
      }
      throw error instanceof RefusedBackupError ? describeRefusal(site, error) : error;
    }
    return this.#finish({ backupId, outputs, site, deadline });
  }

  async read(record: ReadRecord, context: RestoreContext): Promise<ReadRecord | undefined> {
    const isImport = Object.keys(record.outputs).length === 0;
    const { fields, last } = this.#parseId(record.id);
    const outputs: ResourceOutputs = isImport
      ? dropNullish({ ...fields, projectId: context.projectId })
      : record.outputs;
    const site = this.#findSite(outputs, context);
    const backups = await listOwnBackups(site);
    const wanted = takeText(outputs, "backupId") ?? last;
    const found =
      backups.find((each) => each.backupId === wanted) ?? this.#findByName(last, { outputs, backups });
    if (found === undefined && isImport) {
      throw new RedisBackupError(
        "NotFound",
        `There is no backup ${quoteText(last)} of ${site.address.id}. Check each part of the id, which is ${this.#format()}.`,
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
      id: this.#formatId(outputs, backupId),
      outputs: { ...outputs, name, ...(found ?? { backupId, usable: false }) },
      args: dropNullish(args),
    };
  }

  async update(change: ChangeRequest, context: RestoreContext): Promise<ResourceOutputs> {
    const { id, outputs } = change;
    if (isFinished(outputs)) return outputs;
    const site = this.#findSite(outputs, context);
    const { last } = this.#parseId(id);
    const backupId =
      takeText(outputs, "backupId") ??
      this.#findByName(last, { outputs, backups: await listOwnBackups(site) })?.backupId;
    if (backupId === undefined) {
      throw new UnfinishedError(
        "OutcomeUnknown",
        `The backup of ${site.address.id} is not listed yet. Run \`pulumi up\` again: 30 minutes after it was requested, another one is taken.`,
        change,
      );
    }
    const finished = await this.#finish({ backupId, outputs, site, deadline: getDeadline({ context }) });
    return finished.outputs;
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

  async #finish(options: {
    readonly backupId: string;
    readonly outputs: ResourceOutputs;
    readonly site: BackupSite;
    readonly deadline: number;
  }): Promise<ResourceRecord> {
    const { backupId, outputs, site, deadline } = options;
    const record = { id: this.#formatId(outputs, backupId), outputs: { ...outputs, backupId } };
    try {
      const backup: ListedBackup = await waitForBackup(backupId, { ...site, deadline });
      return { ...record, outputs: { ...outputs, ...backup, name: outputs["name"] } };
    } catch (error) {
      if (!(error instanceof RedisBackupError)) throw error;
      throw new UnfinishedError(error.code, stripCode(error), record);
    }
  }

  /** Whether nothing can come of an unfinished backup. */
  async #isLost({ id, outputs }: ResourceRecord, context: RestoreContext): Promise<boolean> {
    const backups = await listOwnBackups(this.#findSite(outputs, context));
    const { last } = this.#parseId(id);
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
    return backups.find(
      (each) =>
        each.backupId !== "" &&
        each.backupName === last.slice(NAME_PREFIX.length) &&
        (readBackupTime(each) ?? 0) >= requestedAt - CLOCK_SKEW_MS,
    );
  }

  #findSite(outputs: ResourceOutputs, context: RestoreContext): BackupSite {
    const address: DatabaseAddress = {
      kind: this.kind.kind,
      region: takeText(outputs, "region") ?? "",
      projectId: takeText(outputs, "projectId"),
      zone: takeText(outputs, "zone"),
      id: takeText(outputs, this.kind.idProperty) ?? "",
    };
    return { address, slaveZone: takeText(outputs, "slaveZone"), context };
  }

  #formatId(outputs: ResourceOutputs, last: string): string {
    return [...["region", ...this.kind.address].map((name) => takeText(outputs, name) ?? ""), last].join("/");
  }

  #format(): string {
    return [...["region", ...this.kind.address].map((name) => name.toUpperCase()), "BACKUPID"].join("/");
  }

  #parseId(id: string): { readonly fields: Readonly<Record<string, string>>; readonly last: string } {
    const names = ["region", ...this.kind.address];
    const parts = id.split("/");
    const last = parts.slice(names.length).join("/");
    if (last === "" || parts.slice(0, names.length).includes("")) {
      const text = `The id of a ${this.kind.noun} is ${this.#format()}, and ${quoteText(id)} is not of that form.`;
      throw new RedisBackupError("InvalidArgument", text);
    }
    return { fields: Object.fromEntries(names.map((name, index) => [name, parts[index] ?? ""])), last };
  }
}

function resolveScope(args: RawArguments, context: RestoreContext): RawArguments {
  return dropNullish({
    region: args["region"] ?? context.region,
    projectId: args["projectId"] ?? context.projectId,
  });
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
  return new RedisBackupError(
    error.code,
    `No backup of ${address.id} was taken. ${stripCode(error)}${advice}`,
  );
}
