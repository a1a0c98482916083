/**
 * The writes of databases, with the parameters of their API pages. Passwords go as base64 of UTF-8, which hides
 * nothing, so both spellings are kept out of errors.
 */

import { createCreation } from "./creations";
import type { DatabaseAddress, DatabaseWriter } from "./databases";
import type { RedisBackupError } from "./errors";
import { createRequestError } from "./failures";
import { isSingle, type JsonObject, readField, readName } from "./jsonFields";
import { createRedactor } from "./redaction";
import type { RequestParameters } from "./signature";
import type { WriteOutcome } from "./writeOutcome";
import { createScope, encodePassword, type Write, writeSwitch } from "./writeParameters";
import { LOOK_FIRST, spellSecret, UNKNOWN_VERDICT, type Writer } from "./writer";

/**
 * Creates a writer of databases.
 *
 * @param signal stops its writes that were not sent yet, as {@link Writer} says
 */
export function createDatabaseWriter(writer: Writer, signal?: AbortSignal): DatabaseWriter {
  const send = ({ action, parameters, password = "" }: Write): Promise<WriteOutcome> =>
    writer.send(action, parameters, { signal, secrets: password === "" ? [] : [password] });

  return {
    async create(request) {
      const write = createCreation(request);
      const outcome = await send(write);
      if (outcome.kind !== "accepted") return outcome;
      const idField = request.kind === "uredis" ? "GroupId" : "SpaceId";
      const id = readId(outcome.answer, idField);
      if (id !== undefined) return { ...outcome, id };
      return { kind: "unknown", error: createIdMissing(write, idField) };
    },
    delete: (address) =>
      send({
        action: isGroup(address) ? "DeleteURedisGroup" : "DeleteUMemSpace",
        parameters: isGroup(address)
          ? { ...createScope(address), GroupId: address.id }
          : createTarget(address),
      }),
    rename: (address, name) =>
      send({
        action: isGroup(address) ? "ModifyURedisGroupName" : "ModifyUMemSpaceName",
        parameters: { ...createTarget(address), Name: name },
      }),
    setPassword: (address, password) =>
      send({
        action: isGroup(address) ? "ModifyURedisGroupPassword" : "ModifyUMemPassword",
        // An empty one is sent: it removes the password, and leaving the parameter out would be refused.
        parameters: { ...createTarget(address), Password: encodePassword(password) },
        password,
      }),
    resizeGroup: (address, size) =>
      send({ action: "ResizeURedisGroup", parameters: { ...createTarget(address), Size: size } }),
    resizeBlock: (address, { blockId, size }) =>
      send({
        action: "ResizeUDRedisBlockSize",
        parameters: { ...createTarget(address), BlockId: blockId, BlockSize: size },
      }),
    setBackupStrategy: (address, { autoBackup, backupHour, slaveZone }) =>
      send({
        action: "UpdateURedisBackupStrategy",
        parameters: {
          ...createTarget(address),
          AutoBackup: writeSwitch(autoBackup),
          // Text here, unlike in the row and at creation.
          BackupTime: backupHour === undefined ? undefined : String(backupHour),
          SlaveZone: slaveZone,
        },
      }),
    async backUp(address, { name, slaveZone }) {
      const outcome = await send(
        isGroup(address)
          ? {
              action: "CreateURedisBackup",
              parameters: { ...createTarget(address), BackupName: name, SlaveZone: slaveZone },
            }
          : { action: "CreateUMemBackup", parameters: { ...createTarget(address), BackupName: name } },
      );
      const backupId = outcome.kind === "accepted" ? readId(outcome.answer, "BackupId") : undefined;
      return backupId === undefined ? outcome : { ...outcome, backupId };
    },
  };
}

function isGroup({ kind }: DatabaseAddress): boolean {
  return kind === "uredis";
}

/** The database that a call changes. Calls for spaces require the zone, and calls for groups take it. */
function createTarget(address: DatabaseAddress): RequestParameters {
  const { zone, id } = address;
  return { ...createScope(address), Zone: zone, ...(isGroup(address) ? { GroupId: id } : { SpaceId: id }) };
}

/** An id, also as the only one of a list: the page of `CreateUMemSpace` calls its `SpaceId` one. */
function readId(answer: JsonObject, name: string): string | undefined {
  const value = readField(answer, name);
  const [only, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (others.length > 0 || !isSingle(only)) return undefined;
  const id = readName({ id: only }, "id")?.trim();
  return id === "" ? undefined : id;
}

/** Accepted, but without an id nobody knows what was made: an empty answer was seen of `CreateUMemSpace`. */
function createIdMissing({ action, parameters, password }: Write, idField: string): RedisBackupError {
  return createRequestError({
    action,
    parameters,
    failure: {
      code: "BadResponse",
      isRetryable: false,
      what: `the API accepted it, but its answer has no ${idField}`,
      advice: LOOK_FIRST,
    },
    attempts: 1,
    redact: createRedactor(spellSecret(password ?? "")),
    verdict: UNKNOWN_VERDICT,
  });
}
