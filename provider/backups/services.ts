/** What the two services do differently: what they are asked, what a row is, and whose backup it is. */

import type {
  GetUMemBackupsArgs,
  GetURedisBackupsArgs,
  UMemBackup,
  UMemBackupBlock,
  URedisBackup,
} from "../schemaTypes";
import {
  createUMemLister,
  createURedisLister,
  type Lister,
  type PageRequest,
  type UMemQuery,
  type URedisQuery,
} from "../ucloud/actions";
import type { Client } from "../ucloud/client";
import { type InputFailure, RedisBackupError } from "../ucloud/errors";
import type { Listing } from "../ucloud/paging";
import type { UMemRows } from "../ucloud/settings";
import { compareTexts } from "./order";
import type { BackupList, Selectable } from "./selection";
import { quoteText } from "./text";
import { assembleUMemBackups, readUMemBlock } from "./umem";
import { explainURedis, mergeURedisBackups, readURedisBackup } from "./uredis";

/** Where to ask: the call's own region and project, else the settings'. */
export interface Scope {
  readonly region: string;
  readonly projectId: string | undefined;
}

/** The API's two listings, with their rows read into the schema's types. */
export interface RedisBackupApi {
  readonly listURedisBackups: Lister<URedisQuery, URedisBackup>;
  readonly listUMemBackups: Lister<UMemQuery, UMemBackupBlock>;
}

/** Creates the listings over `client`. */
export function createRedisBackupApi(client: Client): RedisBackupApi {
  return {
    listURedisBackups: createURedisLister(client, readURedisBackup),
    listUMemBackups: createUMemLister(client, readUMemBlock),
  };
}

/** A service whose backups can be looked up. */
export interface RedisService<Args, Backup extends Selectable, Row> {
  /** What is wrong with arguments that have the right types. */
  findFailures(args: Args): InputFailure[];
  /** Asks the API. */
  list(api: RedisBackupApi, args: Args, scope: Scope, page?: PageRequest): Promise<Listing<Row>>;
  /** Makes backups of the rows of a listing. */
  read(
    listing: Listing<Row>,
    args: Args,
    options: { readonly umemRows?: UMemRows | undefined },
  ): BackupList<Backup>;
  /** What to check where nothing was found, in words that follow "check". */
  readonly suspects: string;
  /** What was asked, in words that follow "of". */
  describe(args: Args, scope: Scope): string;
  /**
   * Makes sure that all backups are of one database, the one asked for.
   *
   * @throws RedisBackupError `AmbiguousSource`
   */
  assertSingleDatabase(backups: readonly Backup[], args: Args): void;
}

/** What both functions of URedis ask. */
export type URedisArgs = Pick<
  GetURedisBackupsArgs,
  "region" | "projectId" | "groupId" | "regionType" | "slaveZone" | "backupId"
>;

/** What both functions of UMem ask. */
export type UMemArgs = Pick<GetUMemBackupsArgs, "region" | "projectId" | "zone" | "spaceId">;

/** Primary-replica Redis. */
export const uredisService: RedisService<URedisArgs, URedisBackup, URedisBackup> = {
  findFailures({ groupId, regionType }) {
    if (groupId !== undefined || regionType !== undefined) return [];
    const reason = "is required unless regionType is given; name the group, or list those of a regionType";
    return [{ property: "groupId", reason }];
  },
  list: (api, args, scope, page) =>
    api.listURedisBackups(
      {
        ...scope,
        groupId: args.groupId,
        regionType: args.regionType,
        slaveZone: args.slaveZone,
        backupId: args.backupId,
      },
      page,
    ),
  read({ rows }, { backupId }) {
    // The API promises to return this one only. A server that returns others must not choose for the user.
    const wanted = rows.filter((backup) => backupId === undefined || backup.backupId === backupId);
    return { backups: mergeURedisBackups(wanted), explain: explainURedis };
  },
  suspects: "the region, the project, `regionType`, `slaveZone` and the ids asked for",
  describe({ groupId, regionType, backupId }, { region, projectId }) {
    const what =
      groupId === undefined ? `the ${regionType ?? "normal"} URedis groups` : `URedis group ${groupId}`;
    return `${backupId === undefined ? "" : `id ${backupId} of `}${what} in ${describeScope(region, projectId)}`;
  },
  assertSingleDatabase(backups, { groupId }) {
    refuseOthers({
      owners: backups.map((backup) => backup.groupId),
      asked: groupId,
      argument: "groupId",
      thing: "group",
    });
  },
};

/** Distributed Redis. */
export const umemService: RedisService<UMemArgs, UMemBackup, UMemBackupBlock> = {
  findFailures: () => [],
  list: (api, args, scope, page) =>
    api.listUMemBackups({ ...scope, zone: args.zone, spaceId: args.spaceId }, page),
  read: (listing, _args, { umemRows }) => assembleUMemBackups(listing.rows, { ...listing, umemRows }),
  suspects: "the region, the zone, the project and the space's id",
  describe: ({ zone, spaceId }, { region, projectId }) =>
    `UMem space ${spaceId} in ${zone}, ${describeScope(region, projectId)}`,
  assertSingleDatabase(backups, { spaceId }) {
    refuseOthers({
      owners: backups.map((backup) => backup.spaceId),
      asked: spaceId,
      argument: "spaceId",
      thing: "space",
    });
  },
};

function describeScope(region: string, projectId: string | undefined): string {
  return projectId === undefined ? region : `${region}, project ${projectId}`;
}

/**
 * A backup that does not say what it belongs to counts as the asked one's. Where none was asked for, several backups
 * that do not say so may belong to several databases.
 */
function refuseOthers(options: {
  owners: readonly (string | undefined)[];
  asked: string | undefined;
  argument: string;
  thing: string;
}): void {
  const { asked, argument, thing } = options;
  const owners = [...new Set(options.owners.map((owner) => owner ?? asked))];
  const isOne =
    asked === undefined
      ? options.owners.length <= 1 || (owners.length === 1 && owners[0] !== undefined)
      : owners.every((owner) => owner === asked);
  if (isOne) return;
  const named = owners
    .map((owner) => (owner === undefined ? "some that the API did not name" : quoteText(owner)))
    .sort(compareTexts);
  const shown = named.slice(0, 5).join(", ") + (named.length > 5 ? ` and ${named.length - 5} more` : "");
  const found = `The backups found belong to more than one ${thing}, or to another than the one asked for: ${shown}.`;
  throw new RedisBackupError(
    "AmbiguousSource",
    `${found} Name one with \`${argument}\`, so that no other database is restored.`,
  );
}
