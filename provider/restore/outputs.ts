/** Between what the API says of a database and a resource's outputs. */

import { formatTime } from "../backups/age";
import { dropNullish, type RawArguments } from "../backups/arguments";
import type { Database } from "../ucloud/databases";
import type { RestoreKind } from "./kinds";
import type { ResourceOutputs } from "./resource";
import { takeText } from "./restoreArguments";
import { isLost, isReady } from "./states";

/** Where outputs keep the fingerprint of the account. It is no output of the schema, as the next two. */
const ACCOUNT = "__account";
/** Where they keep that the database was seen running. It may hold data from then on. */
const DID_RUN = "__didRun";
/** Where an unfinished creation keeps the ids and names that state held before it. */
const HELD = "__held";

/** A boolean of outputs or arguments. */
export function readBoolean(values: ResourceOutputs, name: string): boolean | undefined {
  const value = values[name];
  return typeof value === "boolean" ? value : undefined;
}

/** A time of outputs, in milliseconds since 1970. */
export function readTime(values: ResourceOutputs, name: string): number | undefined {
  const text = takeText(values, name);
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** Whether the restore was finished: the database ran, with its password, under its own name. */
export function wasReady(outputs: ResourceOutputs): boolean {
  return takeText(outputs, "readyAt") !== undefined;
}

/** Whether the database was ever seen running. What never ran may be replaced for its state, and has no data to lose. */
export function didRun(outputs: ResourceOutputs): boolean {
  return wasReady(outputs) || outputs[DID_RUN] === true;
}

/** Whether the API ever listed the database. */
export function wasListed(outputs: ResourceOutputs): boolean {
  return takeText(outputs, "state") !== undefined;
}

/** The ids and names that state held before a creation that is not finished. */
export function readHeld(outputs: ResourceOutputs): readonly string[] {
  const held = outputs[HELD];
  return Array.isArray(held) ? held.filter((each) => typeof each === "string") : [];
}

/** The outputs of a creation that was sent while state held these. */
export function keepHeld(outputs: ResourceOutputs, held: readonly string[]): ResourceOutputs {
  return held.length === 0 ? outputs : { ...outputs, [HELD]: held };
}

/** The outputs of a restore that is finished now. */
export function markReady(outputs: ResourceOutputs, nowMs: number): ResourceOutputs {
  const rest = Object.entries(outputs).filter(([name]) => name !== HELD && name !== DID_RUN);
  return { ...Object.fromEntries(rest), readyAt: new Date(nowMs).toISOString() };
}

/** Whether the resource was imported: only a creation keeps the backup that it restored. */
export function isImported(outputs: ResourceOutputs): boolean {
  return outputs["backup"] === undefined && outputs["requestedAt"] === undefined;
}

/** Whether a database in this state is replaced for it. One that ran, or was imported, is not: it may hold data. */
export function mayBeReplaced(outputs: ResourceOutputs, state: string | undefined): boolean {
  return isLost(state) && !didRun(outputs) && !isImported(outputs);
}

/** The fingerprint of the account that the database was last seen in. */
export function readAccount(outputs: ResourceOutputs): string | undefined {
  return takeText(outputs, ACCOUNT);
}

/** The outputs with a fingerprint of the account. */
export function keepAccount(outputs: ResourceOutputs, account: string): ResourceOutputs {
  return account === "" ? outputs : { ...outputs, [ACCOUNT]: account };
}

/** The outputs with what the API says of the database now. What it does not say stays as it was. */
export function updateOutputs(kind: RestoreKind, outputs: ResourceOutputs, row: Database): ResourceOutputs {
  const isGroup = kind.kind === "uredis";
  return {
    ...outputs,
    ...(isReady(row.state) && !wasReady(outputs) ? { [DID_RUN]: true } : {}),
    ...dropNullish({
      [kind.idProperty]: row.id,
      name: row.name,
      state: row.state,
      zone: row.zone,
      slaveZone: row.slaveZone,
      vpcId: row.vpcId,
      subnetId: row.subnetId,
      size: row.size,
      usedSize: row.usedSize,
      version: row.version,
      configId: isGroup ? row.configId : undefined,
      chargeType: row.chargeType,
      tag: row.tag,
      highAvailability: isGroup ? row.highAvailability : undefined,
      highPerformance: row.highPerformance,
      autoBackup: isGroup ? row.autoBackup : undefined,
      backupHour: isGroup ? row.backupHour : undefined,
      address: row.address,
      port: row.port,
      privateDomain: row.privateDomain,
      createdAt: formatTime(row.createTime),
      expiresAt: formatTime(row.expireTime),
    }),
  };
}

/** The arguments that follow the cloud when it is refreshed. Others stay as the program gave them. */
const READ_BACK = ["name", "size", "autoBackup", "backupHour"] as const;

/** The arguments with the live values of those that were given and can be changed in place. */
export function readBackArguments(args: RawArguments, outputs: ResourceOutputs): RawArguments {
  const live = READ_BACK.filter((name) => args[name] !== undefined && outputs[name] !== undefined);
  return { ...args, ...Object.fromEntries(live.map((name) => [name, outputs[name]])) };
}

/** The arguments that describe an imported database. */
export function describeArguments(kind: RestoreKind, outputs: ResourceOutputs): RawArguments {
  const names = [
    "region",
    "projectId",
    "zone",
    "slaveZone",
    "vpcId",
    "subnetId",
    "version",
    "name",
    "size",
    "chargeType",
    ...(kind.kind === "uredis" ? ["highAvailability", "autoBackup", "backupHour"] : []),
  ];
  return dropNullish(Object.fromEntries(names.map((name) => [name, outputs[name]])));
}
