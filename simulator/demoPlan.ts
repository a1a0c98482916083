import type { DatabaseChanges } from "./databases";
import type { URedisBackupSet } from "./fleet";

/** The names in the demo fleet. They are the same for every `now` and `seed`. */
export const demo = {
  region: "cn-bj2",
  zone: "cn-bj2-04",
  /** The zone of `uredisGroupId`'s replicas, and of `healthySpaceId`. */
  slaveZone: "cn-bj2-05",
  projectId: "org-demo01",
  otherRegion: "cn-sh2",
  otherZone: "cn-sh2-02",
  /** Has one group, `otherProjectGroupId`, in `region`. */
  otherProjectId: "org-demo02",
  /**
   * The newest three backups are running, failed and expired; the one before them is a day old and usable.
   */
  uredisGroupId: "uredis-w4fz2kqp",
  /** The newest backup is usable. */
  healthyGroupId: "uredis-c81xmd5t",
  /** No backup is usable: each one failed, expired or is running. */
  unusableGroupId: "uredis-h0vr7ynb",
  /** In `otherRegion`. */
  otherRegionGroupId: "uredis-p6sj3ela",
  otherProjectGroupId: "uredis-t9gu1wzc",
  /** Exists, but has no backup. */
  emptyGroupId: "uredis-e2oo5kif",
  /**
   * The newest two backups are half done and lacking a shard; the one before them is a day old and usable.
   */
  umemSpaceId: "udredis-4f1ybkqa",
  /** In `slaveZone`. The newest backup is usable. */
  healthySpaceId: "udredis-9mz6hcte",
  /** No backup is usable. */
  unusableSpaceId: "udredis-j3wd8rxu",
  /** In `otherZone` of `otherRegion`. */
  otherRegionSpaceId: "udredis-s7kp0vgn",
  /** Automatic backups are off. The newest backup is usable, and six days old. */
  staleGroupId: "uredis-k5vn8dza",
  /** Three hours old, and without a backup yet. */
  youngGroupId: "uredis-y3bq7ltm",
  /** Five hours old, and without a backup yet. */
  youngSpaceId: "udredis-b8xn2jfw",
  /** Has a read-only replica. The newest backup is usable. */
  replicatedGroupId: "uredis-r1mw6oqs",
  /** The replica of `replicatedGroupId`: listed inside it, and as a row of its own. In `slaveZone`. */
  replicaId: "uredis-v7ck4heb",
  /** Is being created, and never finished. */
  creatingGroupId: "uredis-n9te5gcx",
  /** Is being deleted, and never gone. Has usable backups. */
  deletingGroupId: "uredis-d2fj0syk",
  /** Its creation failed. */
  failedGroupId: "uredis-x6ph1zlb",
  /** Does not exist any more. Its backups do; the newest is two days old. */
  deletedGroupId: "uredis-q4wr9vnu",
  /** Its row of DescribeUMem lacks `AutoBackup` and `BackupTime`. The newest backup is usable. */
  unstatedSpaceId: "udredis-a5gl3mdv",
  /** No Redis: only a listing of memcache has it. */
  memcacheGroupId: "umem-z8sd2yfi",
} as const;

/** The state of a URedis backup. */
export type URedisState = URedisBackupSet["State"];

/** One URedis group of the demo, and the states of its backups. */
export interface Group {
  readonly groupId: string;
  readonly groupName: string;
  readonly redisVersion: string;
  readonly memoryGigabytes: number;
  readonly region?: string;
  readonly zone?: string;
  readonly slaveZone?: string;
  readonly projectId?: string;
  /** @default 90 days */
  readonly ageHours?: number;
  /** How many nightly backups are listed. */
  readonly nights: number;
  /** How many nights ago the newest of them was taken. @default 0 */
  readonly nightsAgo?: number;
  /** What is unusual about the group itself. */
  readonly database?: DatabaseChanges;
  /**
   * The states of the newest nightly backups, newest first. Older ones succeeded, and expired after three
   * weeks.
   */
  readonly newestNights?: readonly URedisState[];
  readonly manual?: readonly { hoursAgo: number; name: string; state: URedisState }[];
  /** Weekly copies to `otherRegion`, newest first. */
  readonly copies?: readonly URedisState[];
}

/** The demo's URedis groups. */
export const demoGroups: readonly Group[] = [
  {
    groupId: demo.uredisGroupId,
    groupName: "orders",
    redisVersion: "6.0",
    memoryGigabytes: 8,
    slaveZone: demo.slaveZone,
    nights: 28,
    newestNights: ["Backuping", "Success", "Success", "Success", "Error"],
    manual: [
      { hoursAgo: 5, name: "before-schema-change", state: "Error" },
      { hoursAgo: 9, name: "hotfix-check", state: "Expired" },
      { hoursAgo: 130, name: "before-release-41", state: "Success" },
      { hoursAgo: 470, name: "before-release-40", state: "Success" },
    ],
    copies: ["Backuping", "Success", "Success", "Expired"],
  },
  {
    groupId: demo.healthyGroupId,
    groupName: "sessions",
    redisVersion: "5.0",
    memoryGigabytes: 2,
    nights: 21,
    newestNights: ["Success", "Error"],
    manual: [{ hoursAgo: 55, name: "before-failover-drill", state: "Success" }],
  },
  {
    groupId: demo.unusableGroupId,
    groupName: "legacy-queue",
    redisVersion: "4.0",
    memoryGigabytes: 1,
    nights: 12,
    newestNights: [
      "Backuping",
      ...Array<URedisState>(5).fill("Error"),
      ...Array<URedisState>(6).fill("Expired"),
    ],
  },
  {
    groupId: demo.otherRegionGroupId,
    groupName: "catalog",
    redisVersion: "7.0",
    memoryGigabytes: 16,
    region: demo.otherRegion,
    zone: demo.otherZone,
    slaveZone: "cn-sh2-03",
    nights: 28,
    manual: [{ hoursAgo: 30, name: "before-import", state: "Success" }],
  },
  {
    groupId: demo.otherProjectGroupId,
    groupName: "staging",
    redisVersion: "6.0",
    memoryGigabytes: 1,
    projectId: demo.otherProjectId,
    nights: 5,
  },
  {
    groupId: demo.emptyGroupId,
    groupName: "new-cache",
    redisVersion: "6.0",
    memoryGigabytes: 1,
    nights: 0,
  },
];

/** How many shards of a backup have a row, and how many of these are done. */
export interface Shards {
  readonly rows: number;
  readonly done: number;
}

/** One UMem space of the demo, and the shards of its backups. */
export interface Space {
  readonly spaceId: string;
  readonly shards: number;
  readonly region?: string;
  readonly zone?: string;
  /** @default 90 days */
  readonly ageHours?: number;
  /** How many nightly backups are listed. */
  readonly nights: number;
  /** What is unusual about the space itself. */
  readonly database?: DatabaseChanges;
  /** The shards of the newest nightly backups, newest first. Older backups are whole. */
  readonly newestNights?: readonly Shards[];
  readonly manual?: readonly { hoursAgo: number; name: string; shards: Shards }[];
}

/** The demo's UMem spaces. */
export const demoSpaces: readonly Space[] = [
  {
    spaceId: demo.umemSpaceId,
    shards: 4,
    nights: 21,
    newestNights: [{ rows: 4, done: 2 }],
    manual: [
      { hoursAgo: 7, name: "before-resharding", shards: { rows: 3, done: 3 } },
      { hoursAgo: 200, name: "before-release-41", shards: { rows: 4, done: 4 } },
    ],
  },
  { spaceId: demo.healthySpaceId, shards: 8, zone: demo.slaveZone, nights: 14 },
  {
    spaceId: demo.unusableSpaceId,
    shards: 3,
    nights: 3,
    newestNights: [
      { rows: 3, done: 0 },
      { rows: 2, done: 2 },
      { rows: 3, done: 1 },
    ],
  },
  { spaceId: demo.otherRegionSpaceId, shards: 2, region: demo.otherRegion, zone: demo.otherZone, nights: 14 },
];
