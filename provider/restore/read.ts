/** Reads a restored database anew, or imports one. */

import { dropNullish, type RawArguments } from "../backups/arguments";
import { quoteText } from "../backups/text";
import type { Database } from "../ucloud/databases";
import { RedisBackupError } from "../ucloud/errors";
import { formatId, type KeptDatabase, readKept } from "./addresses";
import type { RestoreKind } from "./kinds";
import { getReader, listAll, pickNamed } from "./locate";
import {
  describeArguments,
  didRun,
  isImported,
  keepAccount,
  markReady,
  mayBeReplaced,
  readBackArguments,
  updateOutputs,
  wasReady,
} from "./outputs";
import { takeText } from "./restoreArguments";
import { createMark, cutAttemptName, isAttemptName } from "./names";
import { locateKept } from "./presence";
import { type ReadRecord, type ResourceOutputs, type RestoreContext, UnfinishedError } from "./resource";
import { isReady, isStuck } from "./states";

/** A read that is under way. */
interface Reading {
  readonly kind: RestoreKind;
  readonly kept: KeptDatabase;
  readonly record: ReadRecord;
  readonly context: RestoreContext;
}

/**
 * @returns undefined if the database is certainly gone
 * @throws UnfinishedError if it was never ready and still is not: otherwise the engine would forget that
 * @throws RedisBackupError if it cannot be read, or is not listed and yet not certainly gone
 */
export async function readDatabase(
  kind: RestoreKind,
  record: ReadRecord,
  context: RestoreContext,
): Promise<ReadRecord | undefined> {
  context.attempts.markRead(context.urn);
  const kept = readKept(kind, record);
  const reading = { kind, kept, record, context };
  if (kept.id === undefined) return readPending(reading);
  if (Object.keys(record.outputs).length === 0) return importDatabase(reading);

  const presence = await locateKept({ kind, kept, outputs: record.outputs, context });
  if (presence.kind === "gone") {
    if (didRun(record.outputs)) context.warn(describeLoss(kind, kept.id));
    return undefined;
  }
  if (presence.kind === "uncertain") {
    throw new RedisBackupError(
      "NotFound",
      `${kept.id} in ${describeScope(kept)} ${presence.why}: this may be the wrong account or project, so state keeps it. ` +
        "Check the keys. If it is gone for certain, remove it from state: pulumi state delete.",
    );
  }
  return returnRecord(reading, presence.database);
}

/** A lost database is lost with all that was written to it since it was restored, except what its backups hold. */
function describeLoss(kind: RestoreKind, id: string): string {
  return (
    `${kind.noun} ${id} is gone, and leaves the state. The next \`pulumi up\` restores from \`source\` again, without what was written since. ` +
    `To restore from its own backups, as long as they are kept, name it in \`source.${kind.idProperty}\` first.`
  );
}

/** A database of which only the name of its attempt is known. */
async function readPending(reading: Reading): Promise<ReadRecord> {
  const { kept, record, context, kind } = reading;
  const { scope, attemptName = "" } = kept;
  const listing = await listAll(scope, getReader(context));
  const found = pickNamed(listing, { name: attemptName, scope });
  if (found !== undefined) return returnRecord(reading, found);
  const text = `The creation of a ${kind.noun} in ${scope.region} was sent under the name ${attemptName}, and no database of that name is listed. The next \`pulumi up\` goes on.`;
  throw new UnfinishedError("OutcomeUnknown", text, record);
}

/** The record of a database that was found. */
function returnRecord({ kind, kept, record, context }: Reading, database: Database): ReadRecord {
  const { outputs } = record;
  warnOfState(database, { outputs, context });
  const updated = keepAccount(updateOutputs(kind, outputs, database), context.account);
  const address = { ...kept.scope, kind: kind.kind, id: database.id, zone: database.zone ?? kept.zone };
  const isMidAttempt = isAttemptName(database.name, createMark(context.urn, kept.scope.projectId));
  const read: ReadRecord = {
    id: formatId(kind, address),
    outputs: updated,
    // The name of an attempt is not what anyone asked for: the next update gives it the right one.
    args: readBackArguments(record.args, isMidAttempt ? { ...updated, name: undefined } : updated),
  };
  if (wasReady(outputs)) return read;
  if (isImported(outputs)) {
    return isReady(database.state) ? { ...read, outputs: markReady(updated, context.clock.now()) } : read;
  }
  // An unfinished creation stays one: its password and its name may not be set yet.
  const next = mayBeReplaced(outputs, database.state)
    ? "makes another one in its place, and deletes this one"
    : "goes on with it";
  const text = `${kind.noun} ${database.id} was created, and is not ready: its state is ${quoteText(database.state ?? "unknown")}. The next \`pulumi up\` ${next}.`;
  throw new UnfinishedError("CreateFailed", text, read);
}

function warnOfState(
  { id, state }: Database,
  { outputs, context }: { readonly outputs: ResourceOutputs; readonly context: RestoreContext },
): void {
  if (!wasReady(outputs) || !isStuck(state)) return;
  context.warn(
    `${id} ran before, and its state is now ${quoteText(state ?? "unknown")}. Nothing is replaced for that: look at it in the console.`,
  );
}

async function importDatabase(reading: Reading): Promise<ReadRecord> {
  const { kind, kept, record, context } = reading;
  const { scope, id = "" } = kept;
  // An import names a region; the project is that of the settings.
  const there = { region: scope.region, projectId: context.projectId };
  const reader = getReader(context);
  const database =
    (await reader.find(there, id)) ?? (await listAll(there, reader)).databases.find((each) => each.id === id);
  if (database === undefined) {
    throw new RedisBackupError(
      "NotFound",
      `There is no ${kind.noun} ${id} in ${describeScope({ ...kept, scope: there })}. Check each part of its id, which is ${kind.idFormat}.`,
    );
  }
  if (database.kind !== undefined && database.kind !== kind.kind) {
    throw new RedisBackupError(
      "InvalidArgument",
      `${id} is not a ${kind.noun}: import it as the other resource.`,
    );
  }
  const base = {
    region: there.region,
    ...(there.projectId === undefined ? {} : { projectId: there.projectId }),
  };
  const known = updateOutputs(kind, { ...base, finalBackup: kind.finalBackupByDefault }, database);
  const outputs = keepAccount(
    isReady(database.state) ? markReady(known, context.clock.now()) : known,
    context.account,
  );
  context.attempts.markImported(context.urn);
  const zone = database.zone ?? takeText(outputs, "zone");
  return {
    id: formatId(kind, { ...there, kind: kind.kind, id, zone }),
    outputs,
    args: { ...describeImported(kind, { outputs, urn: context.urn }), ...record.args },
  };
}

/**
 * The arguments of an imported database. The name of an interrupted attempt is not one of them: the database gets
 * its own at the next update, so that it is not taken for a leftover again.
 */
function describeImported(
  kind: RestoreKind,
  { outputs, urn }: { readonly outputs: ResourceOutputs; readonly urn: string },
): RawArguments {
  const mark = createMark(urn, takeText(outputs, "projectId"));
  const name = cutAttemptName(takeText(outputs, "name"), mark);
  return { ...describeArguments(kind, outputs), ...dropNullish({ name }) };
}

function describeScope({ scope }: KeptDatabase): string {
  return scope.projectId === undefined ? scope.region : `${scope.region}, project ${scope.projectId}`;
}
