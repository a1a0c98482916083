/** What the two services do differently: what they are asked, what a row is, and whose backup it is. */

import type { GetUMemBackupsArgs } from "../../sdk/nodejs/getUMemBackups";
import type { GetURedisBackupsArgs } from "../../sdk/nodejs/getURedisBackups";
import type { UMemBackup, UMemBackupBlock, URedisBackup } from "../../sdk/nodejs/types/output";
import { type BackupApi, createBackupApi, type PageRequest } from "../ucloud/actions";
import type { Client } from "../ucloud/client";
import { type InputFailure, RedisBackupError } from "../ucloud/errors";
import type { Listing } from "../ucloud/paging";
import { compareTexts } from "./order";
import type { Selectable } from "./selection";
import { quoteText } from "./text";
import { assembleUMemBackups, explainUMem, readUMemBlock } from "./umem";
import { explainURedis, readURedisBackup } from "./uredis";

/** Where to ask: the call's own region and project, else the settings'. */
export interface Place {
  readonly region: string;
  readonly projectId: string | undefined;
}

/** The API, its rows read into the schema's types. */
export type RedisBackupApi = BackupApi<URedisBackup, UMemBackupBlock>;

/** Creates the API over `client`. */
export function createRedisBackupApi(client: Client): RedisBackupApi {
  return createBackupApi(client, { readURedisRow: readURedisBackup, readUMemRow: readUMemBlock });
}

/** A service whose backups can be looked up. */
export interface BackupSource<Args, Backup extends Selectable, Row> {
  /** What is wrong with arguments that have the right types. */
  findFailures(args: Args): InputFailure[];
  /** Asks the API. */
  list(api: RedisBackupApi, args: Args, place: Place, page?: PageRequest): Promise<Listing<Row>>;
  /** Makes backups of rows. `isWholeListing` is false where rows of the same backup may be on other pages. */
  read(rows: readonly Row[], options: { isWholeListing: boolean }, args: Args): Backup[];
  /** Why an unusable backup cannot be restored. */
  explain(backup: Backup): string;
  /** What was asked, in words that follow "of". */
  describe(args: Args, place: Place): string;
  /**
   * Makes sure that all backups are of one database, the one asked for.
   *
   * @throws RedisBackupError `AmbiguousSource`
   */
  requireOneOwner(backups: readonly Backup[], args: Args): void;
}

/** What both functions of URedis ask. */
export type URedisArgs = Pick<
  GetURedisBackupsArgs,
  "region" | "projectId" | "groupId" | "regionType" | "slaveZone" | "backupId"
>;

/** What both functions of UMem ask. */
export type UMemArgs = Pick<GetUMemBackupsArgs, "region" | "projectId" | "zone" | "spaceId">;

/** Primary-replica Redis. */
export const uredisSource: BackupSource<URedisArgs, URedisBackup, URedisBackup> = {
  findFailures({ groupId, regionType }) {
    if (groupId !== undefined || regionType !== undefined) return [];
    return [
      { property: "groupId", reason: "is required unless regionType is given; name the group" },
      { property: "regionType", reason: "is required unless groupId is given" },
    ];
  },
  list: (api, args, place, page) =>
    api.listURedisBackups(
      {
        ...place,
        groupId: args.groupId,
        regionType: args.regionType,
        slaveZone: args.slaveZone,
        backupId: args.backupId,
      },
      page,
    ),
  read(rows, _options, { backupId }) {
    // The API promises to return this one only; a server that returns others must not choose for the user.
    return rows.filter((backup) => backupId === undefined || backup.backupId === backupId);
  },
  explain: explainURedis,
  describe({ groupId, regionType, backupId }, { region, projectId }) {
    const what =
      groupId === undefined ? `the ${regionType ?? "normal"} URedis groups` : `URedis group ${groupId}`;
    return `${backupId === undefined ? "" : `id ${backupId} of `}${what} in ${describePlace(region, projectId)}`;
  },
  requireOneOwner(backups, { groupId }) {
    refuseOthers({
      owners: backups.map((backup) => backup.groupId),
      asked: groupId,
      argument: "groupId",
      thing: "group",
    });
  },
};

/** Distributed Redis. */
export const umemSource: BackupSource<UMemArgs, UMemBackup, UMemBackupBlock> = {
  findFailures: () => [],
  list: (api, args, place, page) =>
    api.listUMemBackups({ ...place, zone: args.zone, spaceId: args.spaceId }, page),
  read: (rows, options) => assembleUMemBackups(rows, options),
  explain: explainUMem,
  describe: ({ zone, spaceId }, { region, projectId }) =>
    `UMem space ${spaceId} in ${zone}, ${describePlace(region, projectId)}`,
  requireOneOwner(backups, { spaceId }) {
    refuseOthers({
      owners: backups.map((backup) => backup.spaceId),
      asked: spaceId,
      argument: "spaceId",
      thing: "space",
    });
  },
};

function describePlace(region: string, projectId: string | undefined): string {
  return projectId === undefined ? region : `${region}, project ${projectId}`;
}

/** Rows that do not say whose they are are taken for the asked one's, if there is one. */
function refuseOthers(options: {
  owners: readonly (string | undefined)[];
  asked: string | undefined;
  argument: string;
  thing: string;
}): void {
  const { asked, argument, thing } = options;
  const owners = [...new Set(options.owners.map((owner) => owner ?? asked))];
  const isOne = asked === undefined ? owners.length <= 1 : owners.every((owner) => owner === asked);
  if (isOne) return;
  const named = owners
    .map((owner) => (owner === undefined ? "one the API did not name" : quoteText(owner)))
    .sort(compareTexts);
  const shown = named.slice(0, 5).join(", ") + (named.length > 5 ? ` and ${named.length - 5} more` : "");
  const found = `The backups found belong to more than one ${thing}, or to another than the one asked for: ${shown}.`;
  throw new RedisBackupError(
    "AmbiguousSource",
    `${found} Name one with \`${argument}\`, so that no other database is restored.`,
  );
}
