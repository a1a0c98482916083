/** The ids of restored databases, and what they name. */

import { quoteText } from "../backups/text";
import type { DatabaseAddress, DatabaseScope } from "../ucloud/databases";
import { RedisBackupError } from "../ucloud/errors";
import type { RestoreKind } from "./kinds";
import type { ResourceOutputs } from "./resource";
import { takeText } from "./restoreArguments";

const NAME_PREFIX = "name=";

/** What an id names: a database, or one that may appear under the name of an attempt. */
export type RestoreId =
  | { readonly region: string; readonly zone?: string; readonly id: string; readonly attemptName?: undefined }
  | { readonly region: string; readonly attemptName: string; readonly id?: undefined };

/** `REGION/GROUPID` or `REGION/ZONE/SPACEID`. */
export function formatId(kind: RestoreKind, address: DatabaseAddress): string {
  const { region, zone, id } = address;
  return kind.kind === "umem" ? `${region}/${zone ?? ""}/${id}` : `${region}/${id}`;
}

/** `REGION/name=NAME`: the creation was sent under this name, and what became of it is not known. */
export function formatPendingId({ region }: DatabaseScope, attemptName: string): string {
  return `${region}/${NAME_PREFIX}${attemptName}`;
}

/** @throws RedisBackupError `InvalidArgument` if the id does not have the form of one */
export function parseId(kind: RestoreKind, id: string): RestoreId {
  const parts = id.split("/");
  const [region = "", second = "", third = ""] = parts;
  if (parts.every((part) => part.trim() !== "")) {
    if (parts.length === 2 && second.startsWith(NAME_PREFIX)) {
      return { region, attemptName: second.slice(NAME_PREFIX.length) };
    }
    if (kind.kind === "uredis" && parts.length === 2) return { region, id: second };
    if (kind.kind === "umem" && parts.length === 3) return { region, zone: second, id: third };
  }
  const text = `The id of a restored ${kind.noun} is ${kind.idFormat}, and ${quoteText(id)} is not of that form.`;
  throw new RedisBackupError("InvalidArgument", text);
}

/** A database in state: its scope, and its id once that is known. */
export interface KeptDatabase {
  readonly scope: DatabaseScope;
  readonly zone: string | undefined;
  readonly id: string | undefined;
  /** The name of the attempt, while the database's id is not known. */
  readonly attemptName: string | undefined;
}

/** Where a resource is: region and project from its state, never from the settings, which may have changed. */
export function readKept(kind: RestoreKind, record: { id: string; outputs: ResourceOutputs }): KeptDatabase {
  const parsed = parseId(kind, record.id);
  const { outputs } = record;
  const id = takeText(outputs, kind.idProperty) ?? parsed.id;
  return {
    scope: {
      region: takeText(outputs, "region") ?? parsed.region,
      projectId: takeText(outputs, "projectId"),
    },
    zone: takeText(outputs, "zone") ?? (parsed.attemptName === undefined ? parsed.zone : undefined),
    id,
    attemptName: id === undefined ? parsed.attemptName : undefined,
  };
}
