/** The cloud as a restore reads it: backups as in the fake cloud of the lookups, and databases beside them. */

import { Attempts } from "../../provider/restore/attempts";
import type { DatabaseApi, RestoreContext } from "../../provider/restore/resource";
import type { Database, DatabaseConfig, DatabaseReader, Price } from "../../provider/ucloud/databases";
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
  const answer = async <Value>(name: keyof DatabaseReader, value: Value): Promise<Value> => {
    asked.push(name);
    if (answers.failing.includes(name)) throw new Error(`[Forbidden] ${name} is not allowed.`);
    return Promise.resolve(value);
  };
  const reader: DatabaseReader = {
    list: () => answer("list", { databases: answers.databases, isComplete: answers.isComplete }),
    find: (_scope, id) =>
      answer(
        "find",
        answers.databases.find((each) => each.id === id),
      ),
    listBlocks: () => answer("listBlocks", []),
    listVersions: () => answer("listVersions", answers.versions),
    listConfigs: () => answer("listConfigs", answers.configs),
    countRoom: () => answer("countRoom", answers.room),
    listPrices: () => answer("listPrices", answers.prices),
  };
  return {
    region: "cn-bj2",
    projectId: undefined,
    urn: URN,
    asked,
    warnings,
    notices,
    openApi: () => ({
      listURedisBackups: async () => Promise.resolve(listURedisRows(answers.backups)),
      listUMemBackups: async () => Promise.resolve(listUMemRows(answers.backups)),
      listDatabases: () => Promise.reject(new Error("not expected")),
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
