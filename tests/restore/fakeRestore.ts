/** The cloud as a restore reads it: backups as in the fake cloud of the lookups, and databases beside them. */

import { Attempts } from "../../provider/restore/attempts";
import type { DatabaseApi, RestoreContext } from "../../provider/restore/resource";
import type { Database, DatabaseConfig, DatabaseReader, Price } from "../../provider/ucloud/databases";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createInstantClock, NEVER } from "../support/fakeClock";
import { listUMemRows, listURedisRows } from "../support/rowListings";

/** The time in the fake cloud: 2023-11-14T22:13:20Z. */
export const NOW_SECONDS = 1_700_000_000;

/** What the fake cloud answers. An error fails the read. */
export interface Answers {
  readonly backups: readonly JsonObject[];
  readonly databases: readonly Database[];
  readonly isComplete: boolean;
  readonly versions: readonly string[];
  readonly configs: readonly DatabaseConfig[];
  readonly room: number | undefined;
  readonly prices: readonly Price[];
  /** The reads that fail, by name. */
  readonly failing: readonly (keyof DatabaseReader)[];
  /** What other regions answer. One that is `lost` fails every read. */
  readonly regions: Readonly<Record<string, Partial<Omit<Answers, "failing" | "regions">> | "lost">>;
}

/** The database that the backup was made of. */
export const SOURCE: Database = {
  id: "uredis-a",
  name: "orders",
  kind: "uredis",
  state: "Running",
  zone: "cn-bj2-02",
  vpcId: "vpc-a",
  subnetId: "subnet-a",
  size: 8,
  version: "6.0",
  configId: "config-6",
  chargeType: "Dynamic",
  hasPassword: false,
  isReplica: false,
};

/** The space that the shards belong to. */
export const SPACE: Database = { ...SOURCE, id: "umem-a", kind: "umem" };

/** A row of `DescribeURedisBackup` of the source, made an hour ago. */
export const BACKUP_ROW: JsonObject = {
  BackupId: "b",
  State: "Success",
  GroupId: "uredis-a",
  Zone: "cn-bj2-02",
  BackupTime: NOW_SECONDS - 3600,
  BackupSize: 5_000_000,
  MemorySize: 8,
  RedisVersion: "6.0",
};

/** Two shards of a backup of the space. */
export const SHARD_ROWS: readonly JsonObject[] = ["Done", "Done"].map((State) => ({
  BackupId: "b",
  State,
  BlockCount: 2,
  SpaceId: "umem-a",
  CreateTime: NOW_SECONDS - 3600,
}));

const ANSWERS: Answers = {
  backups: [BACKUP_ROW],
  databases: [SOURCE],
  isComplete: true,
  versions: ["5.0", "6.0", "7.0"],
  configs: [{ id: "config-6", version: "6.0", isDefault: true, isUsable: true }],
  room: 3,
  prices: [{ chargeType: "Dynamic", price: 120 }],
  failing: [],
  regions: {},
};

/** The arguments of a group that is restored where its source is. */
export const GROUP_ARGS = { source: { groupId: "uredis-a" }, name: "orders-restored" };

/** The arguments of a space. */
export const SPACE_ARGS = { source: { zone: "cn-bj2-02", spaceId: "umem-a" }, name: "orders-restored" };

/** A context, and what it was asked and showed. */
export interface FakeRestore extends RestoreContext {
  region: string | undefined;
  projectId: string | undefined;
  readonly asked: string[];
  readonly warnings: string[];
  readonly notices: string[];
}

export const URN = "urn:pulumi:dev::shop::ucloud-redis:index:RestoredURedisGroup::orders";

/** Creates a context. Nothing in it writes: a write would fail the test. */
export function createRestore(given: Partial<Answers> = {}): FakeRestore {
  const answers = { ...ANSWERS, ...given };
  const asked: string[] = [];
  const warnings: string[] = [];
  const notices: string[] = [];
  const lookIn = (region: string): Answers => {
    const own = answers.regions[region];
    if (own === "lost") throw new RedisBackupError("Unavailable", `${region} is down.`, { isOutage: true });
    return { ...answers, ...own };
  };
  const answer = async <Value>(
    name: keyof DatabaseReader,
    { region }: { readonly region: string },
    read: (answers: Answers) => Value,
  ): Promise<Value> => {
    asked.push(region === "cn-bj2" ? name : `${name} in ${region}`);
    if (answers.failing.includes(name)) throw new Error(`[Forbidden] ${name} is not allowed.`);
    return Promise.resolve(read(lookIn(region)));
  };
  const reader: DatabaseReader = {
    list: (scope) => answer("list", scope, ({ databases, isComplete }) => ({ databases, isComplete })),
    find: (scope, id) => answer("find", scope, ({ databases }) => databases.find((each) => each.id === id)),
    listBlocks: (address) => answer("listBlocks", address, () => []),
    listVersions: (scope) => answer("listVersions", scope, ({ versions }) => versions),
    listConfigs: (scope) => answer("listConfigs", scope, ({ configs }) => configs),
    countRoom: (query) => answer("countRoom", query, ({ room }) => room),
    listPrices: (query) => answer("listPrices", query, ({ prices }) => prices),
  };
  return {
    region: "cn-bj2",
    projectId: undefined,
    urn: URN,
    asked,
    warnings,
    notices,
    openApi: () => ({
      maxConcurrency: 8,
      listURedisBackups: async ({ region }) => Promise.resolve(listURedisRows(lookIn(region).backups)),
      listUMemBackups: async ({ region }) => Promise.resolve(listUMemRows(lookIn(region).backups)),
      listDatabases: (scope) => reader.list(scope),
      links: {
        findURedisLink: () => Promise.reject(new Error("not expected")),
        listUMemLinks: () => Promise.reject(new Error("not expected")),
      },
    }),
    openDatabases: () => ({
      reader,
      lastLook: reader,
      get writer(): DatabaseApi["writer"] {
        throw new Error("nothing may be written");
      },
    }),
    now: () => new Date(NOW_SECONDS * 1000),
    warn: (text) => void warnings.push(text),
    inform: (text) => void notices.push(text),
    clock: createInstantClock(),
    signal: NEVER,
    reportProgress: () => undefined,
    attempts: new Attempts(),
    skipFinalBackup: new Set(),
    account: "",
  };
}

/** A copy without some fields. */
export function omit<Values extends object, Name extends keyof Values & string>(
  values: Values,
  names: readonly Name[],
): Omit<Values, Name> {
  const kept = Object.entries(values).filter(([name]) => !names.some((each) => each === name));
  return Object.fromEntries(kept) as Omit<Values, Name>;
}
