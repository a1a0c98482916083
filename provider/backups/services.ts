/** The two Redis services: what each is asked, how its rows become backups, and which database a backup belongs to. */

import type {
  GetUMemBackupsArgs,
  GetURedisBackupsArgs,
  RegionType,
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
import { type BackupLinks, createBackupLinks } from "../ucloud/backupLinks";
import type { Client } from "../ucloud/client";
import { createDatabaseReader } from "../ucloud/databaseReader";
import type { DatabaseListing, DatabaseScope } from "../ucloud/databases";
import { type InputFailure, RedisBackupError } from "../ucloud/errors";
import type { Listing } from "../ucloud/paging";
import type { UMemRows } from "../ucloud/settings";
import { dropUndefined } from "./fields";
import type { BackupList, Selectable } from "./selection";
import { composeFailure, createSubject, type Subject } from "./subject";
import { listTexts } from "./text";
import { assembleUMemBackups, readUMemBlock } from "./umem";
import { DONE } from "./umemBlocks";
import { explainURedis, mergeURedisBackups, readURedisBackup, RESTORABLE_STATE } from "./uredis";

/** The region and project of a call: its own, else those of the settings. */
export interface Scope {
  readonly region: string;
  readonly projectId: string | undefined;
}

/** The API's reads about backups, with their rows read into the schema's types. */
export interface RedisBackupApi {
  /** How many requests may be under way concurrently. */
  readonly maxConcurrency: number;
  readonly listURedisBackups: Lister<URedisQuery, URedisBackup>;
  readonly listUMemBackups: Lister<UMemQuery, UMemBackupBlock>;
  /** All databases of a scope. Equal listings under way at the same time are one listing. */
  readonly listDatabases: (scope: DatabaseScope) => Promise<DatabaseListing>;
  readonly links: BackupLinks;
}

/** The region and project of the settings, for calls that name none. */
export interface DefaultScope {
  readonly region: string | undefined;
  readonly projectId: string | undefined;
}

/** Where a lookup asked, as its result says. */
export interface ScopeFields {
  region: string;
  projectId?: string;
}

/** Where the newest usable backup was found. */
export interface PlaceFields extends ScopeFields {
  regionType?: RegionType;
}

/** A question to a service. */
export interface BackupQuery<Args> {
  /** Checked arguments. */
  readonly args: Args;
  readonly scope: Scope;
  /** The one page to read. Without it, the whole list is read. */
  readonly page?: PageRequest | undefined;
}

/** Creates the reads over `client`. */
export function createRedisBackupApi(client: Client): RedisBackupApi {
  return {
    maxConcurrency: client.maxConcurrency,
    listURedisBackups: createURedisLister(client, readURedisBackup),
    listUMemBackups: createUMemLister(client, readUMemBlock),
    listDatabases: createDatabaseLister(client),
    links: createBackupLinks(client),
  };
}

/** Shares listings here, not in the reader: whoever writes needs a listing that began after the write. */
function createDatabaseLister(client: Client): RedisBackupApi["listDatabases"] {
  const reader = createDatabaseReader(client);
  const underWay = new Map<string, Promise<DatabaseListing>>();
  return ({ region, projectId }) => {
    const key = JSON.stringify([region, projectId]);
    const shared =
      underWay.get(key) ?? reader.list({ region, projectId }).finally(() => underWay.delete(key));
    underWay.set(key, shared);
    return shared;
  };
}

/** A service whose backups can be looked up. */
export interface RedisService<Args, Backup extends Selectable, Row> {
  /** What is wrong with arguments that have the right types. */
  findFailures(args: Args): InputFailure[];
  /** Asks the API. */
  list(api: RedisBackupApi, query: BackupQuery<Args>): Promise<Listing<Row>>;
  /** Turns the rows of a listing into backups. */
  read(
    listing: Listing<Row>,
    options: { readonly args: Args; readonly umemRows?: UMemRows | undefined },
  ): BackupList<Backup>;
  /** The state of a backup that is done, of the only ones that can be restored. */
  readonly finishedState: string;
  /** What to check if nothing was found, in words that follow "check". */
  readonly suspects: string;
  describe(query: BackupQuery<Args>): Subject;
  /** Where a request asks, as results say it. `regionType` only if it names one. */
  locate(query: BackupQuery<Args>): PlaceFields;
  /**
   * Makes sure that all backups belong to one database, and to the one asked for if the query names one. A backup
   * without the id of a database counts as one of the database asked for. If none was asked for, several such backups
   * may belong to several databases.
   *
   * @throws RedisBackupError `AmbiguousSource`
   */
  assertSingleDatabase(backups: readonly Backup[], query: BackupQuery<Args>): void;
}

/** The arguments of both functions of URedis that are sent to the API. */
export type URedisArgs = Pick<
  GetURedisBackupsArgs,
  "region" | "projectId" | "groupId" | "regionType" | "slaveZone" | "backupId"
>;

/** The arguments of both functions of UMem that are sent to the API. */
export type UMemArgs = Pick<GetUMemBackupsArgs, "region" | "projectId" | "zone" | "spaceId">;

/** Primary-replica Redis. */
export const uredisService: RedisService<URedisArgs, URedisBackup, URedisBackup> = {
  findFailures({ groupId, regionType }) {
    if (groupId !== undefined || regionType !== undefined) return [];
    const reason = "is required unless regionType is given; name the group, or list those of a regionType";
    return [{ property: "groupId", reason }];
  },
  list: (api, { args, scope, page }) =>
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
  read({ rows }, { args: { backupId } }) {
    // With `BackupId`, the API promises to return that backup only. If it returns others, they must not be chosen.
    const wanted = rows.filter((backup) => backupId === undefined || backup.backupId === backupId);
    return { backups: mergeURedisBackups(wanted), explain: explainURedis };
  },
  finishedState: RESTORABLE_STATE,
  suspects: "the region, the project, `regionType`, `slaveZone` and the ids asked for",
  describe({ args: { groupId, regionType = "normal", backupId }, scope }) {
    const groups = groupId === undefined ? `the ${regionType} URedis groups` : `URedis group ${groupId}`;
    const what = backupId === undefined ? groups : `backup ${backupId} of ${groups}`;
    return createSubject({
      name: groupId ?? `${regionType} URedis groups`,
      description: `${what} in ${describeScope(scope)}`,
    });
  },
  locate: ({ args: { regionType }, scope }) => dropUndefined<PlaceFields>({ ...scope, regionType }),
  assertSingleDatabase(backups, query) {
    refuseOtherDatabases({
      ids: backups.map(({ groupId }) => groupId),
      asked: query.args.groupId,
      argument: "groupId",
      kind: "group",
      subject: this.describe(query),
    });
  },
};

/** Distributed Redis. */
export const umemService: RedisService<UMemArgs, UMemBackup, UMemBackupBlock> = {
  findFailures: () => [],
  list: (api, { args, scope, page }) =>
    api.listUMemBackups({ ...scope, zone: args.zone, spaceId: args.spaceId }, page),
  read: (listing, { umemRows }) => assembleUMemBackups(listing.rows, { ...listing, umemRows }),
  finishedState: DONE,
  suspects: "the region, the zone, the project and the space's id",
  describe: ({ args: { zone, spaceId }, scope }) =>
    createSubject({
      name: spaceId,
      description: `UMem space ${spaceId} in ${zone}, ${describeScope(scope)}`,
    }),
  locate: ({ scope }) => dropUndefined<ScopeFields>(scope),
  assertSingleDatabase(backups, query) {
    refuseOtherDatabases({
      ids: backups.map(({ spaceId }) => spaceId),
      asked: query.args.spaceId,
      argument: "spaceId",
      kind: "space",
      subject: this.describe(query),
    });
  },
};

function describeScope({ region, projectId }: Scope): string {
  return projectId === undefined ? region : `${region}, project ${projectId}`;
}

/** How many databases a message names. */
const MOST_NAMED = 5;

function refuseOtherDatabases(options: {
  /** The database of each backup. Absent where the API named none. */
  ids: readonly (string | undefined)[];
  asked: string | undefined;
  argument: string;
  kind: string;
  subject: Subject;
}): void {
  const { asked, argument, kind, subject } = options;
  const ids = options.ids.map((id) => id ?? asked);
  const named = ids.filter((id) => id !== undefined);
  const isSingle =
    asked === undefined
      ? ids.length <= 1 || (named.length === ids.length && new Set(named).size === 1)
      : named.every((id) => id === asked);
  if (isSingle) return;

  const found = [
    ...(named.length === 0 ? [] : [listTexts(named, MOST_NAMED)]),
    ...(named.length < ids.length ? ["some that the API did not name"] : []),
  ];
  const [verdict, nextStep] =
    asked === undefined
      ? [`the backups belong to several ${kind}s.`, `Name one with \`${argument}\``]
      : [`the API returned backups of another ${kind}.`, `Check \`${argument}\``];
  const text = composeFailure({
    subject,
    verdict,
    details: [`Found backups of: ${found.join(", ")}.`],
    nextStep: `${nextStep}, so that no other database is restored.`,
  });
  throw new RedisBackupError("AmbiguousSource", text);
}
