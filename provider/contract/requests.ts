/**
 * The requests that this package sends. Each is made by the package's own code, over a client that notes the
 * first request and answers nothing: so the check asks for exactly what lookups and restores ask for.
 */

import { createUMemLister, createURedisLister } from "../ucloud/actions";
import { createBackupLinks } from "../ucloud/backupLinks";
import type { CallOptions, Client } from "../ucloud/client";
import { createDatabaseReader } from "../ucloud/databaseReader";
import type { DatabaseReader, DatabaseScope } from "../ucloud/databases";
import type { RequestParameters } from "../ucloud/signature";
import { isReadAction, type ReadAction } from "./expectations";

/** A request before it is signed. */
export interface ApiRequest {
  readonly action: ReadAction;
  readonly parameters: RequestParameters;
  readonly options?: CallOptions | undefined;
}

/** A database to ask about. What is not known of it is absent. */
export interface Target extends DatabaseScope {
  readonly kind: "uredis" | "umem";
  readonly id: string;
  readonly zone: string | undefined;
  readonly slaveZone?: string | undefined;
  readonly size: number;
  readonly version?: string | undefined;
  readonly chargeType?: string | undefined;
  readonly blockCount?: number | undefined;
}

/** The listing of all databases. */
export function requestDatabases(scope: DatabaseScope): Promise<ApiRequest> {
  return capture((client) => createDatabaseReader(client).list(scope));
}

/** The database with this id. */
export function requestDatabase(scope: DatabaseScope, id: string): Promise<ApiRequest> {
  return capture((client) => createDatabaseReader(client).find(scope, id));
}

/** The backups of a group or space. `regionType` is for groups. */
export function requestBackups(target: Target, regionType?: string): Promise<ApiRequest> {
  const { kind, region, projectId, id, zone = "" } = target;
  return capture((client) =>
    kind === "uredis"
      ? createURedisLister(client, (row) => row)({ region, projectId, groupId: id, regionType })
      : createUMemLister(client, (row) => row)({ region, projectId, spaceId: id, zone }),
  );
}

/** The link or links to one backup. */
export function requestLinks(target: Target, backupId: string): Promise<ApiRequest> {
  const { kind, region, projectId, id, zone, slaveZone } = target;
  return capture((client) => {
    const links = createBackupLinks(client);
    if (kind === "umem") {
      return links.listUMemLinks({ region, projectId, spaceId: id, zone: zone ?? "", backupId });
    }
    const place = { region, projectId, groupId: id, zone, slaveZone };
    return links.findURedisLink({ ...place, backupId, isCrossRegion: false });
  });
}

type Read = (reader: DatabaseReader) => Promise<unknown>;

/** What a zone offers for another database like this one, and the shards of a space. */
export function requestOffers(target: Target): Promise<readonly ApiRequest[]> {
  const { kind, region, projectId, zone = "", slaveZone, size, version } = target;
  const { chargeType, blockCount } = target;
  const place = { region, projectId, zone };
  const runs: readonly Read[] = [
    ...(kind === "uredis"
      ? [
          (reader: DatabaseReader) => reader.listVersions(place),
          (reader: DatabaseReader) => reader.listConfigs({ ...place, version }),
        ]
      : [(reader: DatabaseReader) => reader.listBlocks(target)]),
    (reader) => reader.countRoom({ kind, ...place, slaveZone, size }),
    (reader) => reader.listPrices({ kind, ...place, size, chargeType, quantity: 1, blockCount }),
  ];
  return Promise.all(runs.map((run) => capture((client) => run(createDatabaseReader(client)))));
}

/** Runs a call, and returns the first request that it makes. */
async function capture(call: (client: Client) => Promise<unknown>): Promise<ApiRequest> {
  const captured: ApiRequest[] = [];
  const client: Client = {
    maxConcurrency: 1,
    call: (action, parameters, options) => {
      if (!isReadAction(action)) throw new RangeError(`${action} is no action that the check sends.`);
      // The signal of a listing is aborted once the listing ends.
      captured.push({ action, parameters, options: { ...options, signal: undefined } });
      return Promise.reject(new Error("not sent"));
    },
    cancel: () => undefined,
  };
  const error: unknown = await call(client).catch((reason: unknown) => reason);
  const [request] = captured;
  if (request === undefined) throw error;
  return request;
}
