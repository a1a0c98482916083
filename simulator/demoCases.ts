import { demo, type Group, type Space } from "./demoPlan";

/**
 * Groups that a report of the whole fleet tells apart from those of `demoGroups`. They are apart because their
 * backups have a random generator of their own: the ids of the others stay what they were.
 */
export const caseGroups: readonly Group[] = [
  {
    groupId: demo.staleGroupId,
    groupName: "reports",
    redisVersion: "5.0",
    memoryGigabytes: 4,
    nights: 9,
    nightsAgo: 6,
    database: { autoBackup: false },
  },
  {
    groupId: demo.youngGroupId,
    groupName: "feature-flags",
    redisVersion: "7.0",
    memoryGigabytes: 1,
    ageHours: 3,
    nights: 0,
  },
  {
    groupId: demo.replicatedGroupId,
    groupName: "profiles",
    redisVersion: "6.0",
    memoryGigabytes: 4,
    nights: 14,
    database: {
      replicas: [{ id: demo.replicaId, name: "profiles-reader", zone: demo.slaveZone, state: "Running" }],
    },
  },
  {
    groupId: demo.creatingGroupId,
    groupName: "checkout",
    redisVersion: "7.0",
    memoryGigabytes: 2,
    ageHours: 0,
    nights: 0,
    database: { state: "Creating", usedMb: 0 },
  },
  {
    groupId: demo.deletingGroupId,
    groupName: "old-carts",
    redisVersion: "4.0",
    memoryGigabytes: 2,
    nights: 14,
    database: { state: "Deleting" },
  },
  {
    groupId: demo.failedGroupId,
    groupName: "search-cache",
    redisVersion: "6.0",
    memoryGigabytes: 8,
    ageHours: 40,
    nights: 0,
    database: { state: "CreateFail", usedMb: 0 },
  },
  {
    groupId: demo.deletedGroupId,
    groupName: "promotions",
    redisVersion: "5.0",
    memoryGigabytes: 2,
    nights: 10,
    nightsAgo: 2,
  },
];

/** Spaces that a report of the whole fleet tells apart from those of `demoSpaces`. */
export const caseSpaces: readonly Space[] = [
  { spaceId: demo.youngSpaceId, shards: 2, ageHours: 5, nights: 0 },
  {
    spaceId: demo.unstatedSpaceId,
    shards: 3,
    nights: 14,
    database: { rowLacks: ["AutoBackup", "BackupTime"] },
  },
];

/** Databases without backups of their own: the replica as a row of its own, and one of another protocol. */
export const caseRows: readonly Group[] = [
  {
    groupId: demo.replicaId,
    groupName: "profiles-reader",
    redisVersion: "6.0",
    memoryGigabytes: 4,
    zone: demo.slaveZone,
    nights: 0,
    database: { masterId: demo.replicatedGroupId, rowLacks: ["AutoBackup", "BackupTime"] },
  },
  {
    groupId: demo.memcacheGroupId,
    groupName: "page-cache",
    redisVersion: "",
    memoryGigabytes: 1,
    nights: 0,
    database: { protocol: "memcache", autoBackup: false },
  },
];
