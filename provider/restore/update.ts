/** Resumes a restore that is not finished, and changes a database in place. */

import { dropNullish, type RawArguments } from "../backups/arguments";
import { quoteText } from "../backups/text";
import type { Database, DatabaseAddress } from "../ucloud/databases";
import { RedisBackupError } from "../ucloud/errors";
import { type KeptDatabase, readKept } from "./addresses";
import { type Change, changeDatabase } from "./change";
import { readPassword } from "./create";
import { finishDatabase, locateNow } from "./finish";
import type { RestoreKind } from "./kinds";
import { settleName } from "./locate";
import { isImported, keepAccount, readBoolean, updateOutputs, wasReady } from "./outputs";
import { takeNumber, takeText } from "./restoreArguments";
import { locateKept } from "./presence";
import { resizeSpace } from "./resizeSpace";
import { hasPasswordFailed } from "./states";
import { type ChangeRequest, type ResourceOutputs, type RestoreContext, UnfinishedError } from "./resource";
import { getDeadline } from "./wait";

/** The outputs that repeat arguments which change nothing in the cloud. */
const STORED: ReadonlySet<string> = new Set(["finalBackup", "preflight", "triggers", "quantity", "password"]);

/** When the API takes automatic backups unless told otherwise. */
const DEFAULT_BACKUP_HOUR = 3;

/** An update that is under way. */
interface Update {
  readonly kind: RestoreKind;
  readonly kept: KeptDatabase;
  readonly change: ChangeRequest;
  readonly context: RestoreContext;
  /** By the clock's `elapsed`. */
  readonly deadline: number;
}

/**
 * @returns the outputs
 * @throws UnfinishedError if the database is still not ready
 * @throws RedisBackupError if a change failed. What was changed before stays changed, and the next update
 * compares with the cloud
 */
export async function updateDatabase(
  kind: RestoreKind,
  change: ChangeRequest,
  context: RestoreContext,
): Promise<ResourceOutputs> {
  const kept = readKept(kind, change);
  const update = { kind, kept, change, context, deadline: getDeadline({ context }) };
  const { outputs } = change;
  const finished = wasReady(outputs) ? outputs : await resume(update);
  return changeInPlace(update, finished);
}

/** Goes on with a creation that was not finished, or with an imported database that was not seen running. */
async function resume({ kind, kept, change, context, deadline }: Update): Promise<ResourceOutputs> {
  const { scope } = kept;
  const { outputs, args } = change;
  const id = kept.id ?? (await findPending({ kind, kept, change, context, deadline }));
  return finishDatabase({
    kind,
    address: { ...scope, kind: kind.kind, id, zone: kept.zone },
    scope,
    context,
    deadline,
    wanted: { name: takeText(args, "name") ?? takeText(outputs, "name") ?? "", password: readPassword(args) },
    outputs: { ...outputs, [kind.idProperty]: id },
  });
}

/** The id of a database of which only the name of its attempt is known. */
async function findPending({ kind, kept, change, context }: Update): Promise<string> {
  const { scope, attemptName = "" } = kept;
  const found = await settleName(attemptName, { scope, context });
  if (found !== undefined) return found.id;
  throw new UnfinishedError(
    "OutcomeUnknown",
    `The creation of a ${kind.noun} in ${scope.region} was sent under the name ${quoteText(attemptName)}, and no database of that name is listed yet. ` +
      "Run `pulumi up` again: 30 minutes after it was sent, another one is made.",
    change,
  );
}

async function changeInPlace(update: Update, outputs: ResourceOutputs): Promise<ResourceOutputs> {
  const { kind, kept, change, context } = update;
  const id = takeText(outputs, kind.idProperty) ?? kept.id ?? "";
  const presence = await locateKept({ kind, kept: { ...kept, id }, outputs, context });
  if (presence.kind !== "present") {
    const why = presence.kind === "gone" ? "is gone" : presence.why;
    throw new RedisBackupError("NotFound", `${id} ${why}. Run \`pulumi refresh\`, which says what to do.`);
  }
  const database = await applyChanges(update, { database: presence.database, outputs });
  const { args } = change;
  const withoutStored = Object.entries(outputs).filter(([name]) => !STORED.has(name));
  // Kept as the program gives them: no action reads them back.
  const stored = dropNullish({
    finalBackup: readBoolean(args, "finalBackup") ?? kind.finalBackupByDefault,
    preflight: args["preflight"],
    triggers: args["triggers"],
    quantity: args["quantity"],
    password: args["password"] ?? outputs["password"],
  });
  const updated = updateOutputs(kind, { ...Object.fromEntries(withoutStored), ...stored }, database);
  return keepAccount(updated, context.account);
}

/** A change in place: sent if the database does not show it yet. */
type Step = Pick<Change, "what" | "send" | "holds">;

/**
 * Sends what does not hold yet, one change after the other. The password comes last: no read tells which one a
 * database has, so that state must not miss one that was set because a later change failed.
 */
async function applyChanges(
  update: Update,
  { database, outputs }: { readonly database: Database; readonly outputs: ResourceOutputs },
): Promise<Database> {
  const { kind, kept, change, context, deadline } = update;
  const { args } = change;
  let current = database;
  const getAddress = (): DatabaseAddress =>
    locateNow({ ...kept.scope, kind: kind.kind, id: database.id, zone: kept.zone }, current);
  const apply = async (step: Step | undefined): Promise<void> => {
    if (step === undefined) return;
    const { scope } = kept;
    current = await changeDatabase({ ...step, before: current, scope, context, id: database.id, deadline });
  };

  await apply(planRename(args, { current, getAddress, context }));
  const size = takeNumber(args, "size");
  if (size !== undefined && current.size !== undefined && current.size !== size) {
    refuseSmaller(size, current);
    if (kind.kind === "umem") current = await resizeSpace({ size, address: getAddress(), context, deadline });
    else await apply(planResize(size, { current, getAddress, context }));
  }
  if (kind.kind === "uredis") await apply(planStrategy(args, { current, getAddress, context }));
  await apply(planPassword(args, { current, getAddress, context, outputs }));
  return current;
}

/** What a step is planned from. */
interface StepBasis {
  readonly current: Database;
  readonly getAddress: () => DatabaseAddress;
  readonly context: RestoreContext;
}

function planRename(args: RawArguments, { current, getAddress, context }: StepBasis): Step | undefined {
  const name = takeText(args, "name");
  if (name === undefined || current.name === name) return undefined;
  return {
    what: `give it the name ${quoteText(name)}`,
    send: () => context.openDatabases().writer.rename(getAddress(), name),
    holds: (row) => row.name === name,
  };
}

function planResize(size: number, { getAddress, context }: StepBasis): Step {
  return {
    what: `resize it to ${size} GB`,
    send: () => context.openDatabases().writer.resizeGroup(getAddress(), size),
    // The row says `Running` with the old size for a while.
    holds: (row) => row.size === size,
  };
}

function planStrategy(args: RawArguments, { current, getAddress, context }: StepBasis): Step | undefined {
  const autoBackup = readBoolean(args, "autoBackup") ?? current.autoBackup ?? true;
  // The API takes midnight for an hour that is left out, so it is always sent.
  const backupHour = takeNumber(args, "backupHour") ?? current.backupHour ?? DEFAULT_BACKUP_HOUR;
  const holds = (row: Database): boolean =>
    (row.autoBackup === undefined || row.autoBackup === autoBackup) &&
    (row.backupHour === undefined || row.backupHour === backupHour);
  if (holds(current)) return undefined;
  return {
    what: "change its backup strategy",
    send: () => context.openDatabases().writer.setBackupStrategy(getAddress(), { autoBackup, backupHour }),
    holds,
  };
}

function planPassword(
  args: RawArguments,
  { current, getAddress, context, outputs }: StepBasis & { readonly outputs: ResourceOutputs },
): Step | undefined {
  const password = readPassword(args);
  if (password === undefined || !needsPassword(password, { outputs, current })) return undefined;
  if (isImported(outputs) && outputs["password"] === undefined && password !== "") {
    context.inform(
      `Sets the password of ${current.id}, which was imported: no action tells which one it has.`,
    );
  }
  return {
    what: password === "" ? "remove its password" : "set its password",
    send: () => context.openDatabases().writer.setPassword(getAddress(), password),
    holds: (row) => showsPassword(row, { password, before: current }),
  };
}

/** Whether a password has to be sent. The API never tells which one a database has, only whether it has any. */
function needsPassword(
  password: string,
  { outputs, current }: { readonly outputs: ResourceOutputs; readonly current: Database },
): boolean {
  if (outputs["password"] !== password) return password !== "" || current.hasPassword !== false;
  return current.hasPassword !== undefined && current.hasPassword !== (password !== "");
}

/**
 * Whether a row shows that a password was set. It only says whether there is any: one that replaces another does
 * not show, and its lost answer must not be taken for a success.
 */
function showsPassword(
  { hasPassword, state }: Database,
  { password, before }: { readonly password: string; readonly before: Database },
): boolean | undefined {
  if (hasPasswordFailed(state)) return false;
  const shallHave = password !== "";
  if (hasPassword === undefined || (shallHave && before.hasPassword !== false)) return undefined;
  return hasPassword === shallHave;
}

function refuseSmaller(size: number, { id, size: live = 0 }: Database): void {
  if (size >= live) return;
  throw new RedisBackupError(
    "InvalidArgument",
    `size: ${id} has ${live} GB, and cannot be made smaller (${size} GB). Restore into a smaller one with a second resource.`,
  );
}

/** The outputs that an update would have, for a preview. */
export function previewUpdate(change: ChangeRequest): ResourceOutputs {
  return { ...change.outputs, ...dropNullish(change.args) };
}
