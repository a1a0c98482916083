import { caseGroups, caseRows, caseSpaces } from "./demoCases";
import {
  demo,
  demoGroups,
  demoSpaces,
  type Group,
  type Shards,
  type Space,
  type URedisState,
} from "./demoPlan";
import { createDemoDatabases } from "./demoDatabases";
import type { Fleet, UMemBackupSet, UMemRecord, URedisBackupSet, URedisRecord } from "./fleet";
import { createRandom, type Random } from "./random";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The last nightly backup started a few minutes ago, so that it can still be running. */
const NIGHTLY_STARTED_AGO = 12 * MINUTE;
const KEPT_NIGHTS = 21;
const GIGABYTE = 1024 ** 3;
const CASES_SEED = 1000;

/**
 * Creates the Redis backups of a small company: several groups and spaces in two regions and two projects,
 * weeks of nightly and manual backups, and every reason why the newest backup is not the right one. All times
 * are relative to `now`. The same `now` and `seed` give the same fleet. The groups and spaces with an id in
 * `deleted` no longer exist, but their backups do. With `healthy`, the fleet has only groups and spaces that run
 * and have a usable backup of the last night.
 */
export function createDemoFleet({
  now,
  seed = 20,
  healthy = false,
  deleted = [],
}: {
  readonly now: Date;
  readonly seed?: number;
  readonly healthy?: boolean;
  readonly deleted?: readonly string[];
}): Fleet {
  const nowSeconds = Math.floor(now.getTime() / 1000);
  const gone = [...deleted, demo.deletedGroupId];
  // The second plan has its own generator, so that the first one's ids do not depend on it.
  const plans = [
    { ...(healthy ? healthyPlan : demoPlan), random: createRandom(seed) },
    { ...(healthy ? healthyCases : demoCases), random: createRandom(seed + CASES_SEED) },
  ];
  return {
    defaultProjectId: demo.projectId,
    projectIds: [demo.projectId, demo.otherProjectId],
    uredis: plans.flatMap(({ groups, random }) =>
      groups.flatMap((group) => listGroupBackups(group, { random, nowSeconds })),
    ),
    umem: plans.flatMap(({ spaces, random }) =>
      spaces.flatMap((space) => listSpaceBackups(space, { random, nowSeconds })),
    ),
    databases: plans
      .flatMap((plan) => createDemoDatabases(plan, nowSeconds))
      .map((database) => ({ ...database, isGone: gone.includes(database.id) })),
  };
}

interface Plan {
  readonly groups: readonly Group[];
  readonly spaces: readonly Space[];
}

const demoPlan: Plan = { groups: demoGroups, spaces: demoSpaces };
const demoCases: Plan = { groups: [...caseGroups, ...caseRows], spaces: caseSpaces };

const healthyPlan: Plan = {
  groups: demoGroups
    .filter(({ nights }) => nights > 0)
    .map((group) => ({ ...group, newestNights: [], manual: [], copies: [] })),
  spaces: demoSpaces.map((space) => ({ ...space, newestNights: [], manual: [] })),
};

const healthyCases: Plan = {
  groups: [...caseGroups.filter(({ groupId }) => groupId === demo.replicatedGroupId), ...caseRows],
  spaces: caseSpaces.filter(({ spaceId }) => spaceId === demo.unstatedSpaceId),
};

interface Making {
  readonly random: Random;
  readonly nowSeconds: number;
}

/** The fields of a backup that differ between the backups of one group or space. */
interface Backup<State> {
  readonly name: string;
  /** UNIX time in seconds. */
  readonly time: number;
  readonly state: State;
  /** @default a nightly backup */
  readonly isManual?: boolean;
}

function listGroupBackups(group: Group, making: Making): URedisRecord[] {
  const { random, nowSeconds } = making;
  const {
    region = demo.region,
    zone = demo.zone,
    projectId = demo.projectId,
    slaveZone,
    nightsAgo = 0,
  } = group;
  const makeRow = ({ name, time, state, isManual = false }: Backup<URedisState>): URedisBackupSet => ({
    BackupId: random.uuid(),
    BackupName: name,
    BackupTime: time,
    ...(state !== "Backuping" && {
      BackupSize: state === "Error" ? 0 : chooseSize(random, group.memoryGigabytes),
    }),
    BackupType: isManual ? "Manual" : "Auto",
    State: state,
    GroupId: group.groupId,
    GroupName: group.groupName,
    Zone: zone,
    MemorySize: group.memoryGigabytes,
    RedisVersion: group.redisVersion,
  });
  const own = { region, projectId, ...(slaveZone !== undefined && { slaveZone }) };
  const makeOwn = (backup: Backup<URedisState>): URedisRecord => ({
    ...own,
    regionType: "normal",
    row: makeRow(backup),
  });

  const nightly = Array.from({ length: group.nights }, (_, night) => {
    const time = chooseNight(night + nightsAgo, making);
    const state = group.newestNights?.[night] ?? (night < KEPT_NIGHTS ? "Success" : "Expired");
    return makeOwn({ name: `${group.groupName}_${writeDay(time)}`, time, state });
  });
  const manual = (group.manual ?? []).map(({ hoursAgo, name, state }) =>
    makeOwn({ name, time: chooseTime(hoursAgo, making), state, isManual: true }),
  );
  const copies = (group.copies ?? []).flatMap((state, week): URedisRecord[] => {
    const time = nowSeconds - week * 7 * DAY - 2 * HOUR - random.between(0, MINUTE);
    const row: URedisBackupSet = {
      ...makeRow({ name: `${group.groupName}_copy_${writeDay(time)}`, time, state }),
      SrcRegionName: region,
      DstRegionName: demo.otherRegion,
    };
    // Both regions list the same copy.
    const target = { ...row, Zone: demo.otherZone };
    return [
      { ...own, regionType: "source", row },
      { region: demo.otherRegion, projectId, regionType: "target", row: target },
    ];
  });
  return [...nightly, ...manual, ...copies];
}

function listSpaceBackups(space: Space, making: Making): UMemRecord[] {
  const { random } = making;
  const { region = demo.region, zone = demo.zone, spaceId } = space;
  const whole: Shards = { rows: space.shards, done: space.shards };
  const listShards = ({ name, time, state, isManual = false }: Backup<Shards>): UMemRecord[] => {
    const backupId = random.uuid();
    return Array.from({ length: state.rows }, (_, shard) => {
      const isDone = shard < state.done;
      const row: UMemBackupSet = {
        BackupId: backupId,
        BackupName: name,
        BackupType: isManual ? "manual" : "auto",
        CreateTime: time + shard,
        State: isDone ? "Done" : "Starting",
        BlockCount: space.shards,
        ...(isDone && { BlockSize: chooseSize(random, 1) }),
        SpaceId: spaceId,
        Protocol: "redis",
      };
      return { region, zone, projectId: demo.projectId, row };
    });
  };

  const nightly = Array.from({ length: space.nights }, (_, night) => {
    const time = chooseNight(night, making);
    return listShards({
      name: `auto_${writeDay(time)}`,
      time,
      state: space.newestNights?.[night] ?? whole,
    });
  });
  const manual = (space.manual ?? []).map(({ hoursAgo, name, shards }) =>
    listShards({ name, time: chooseTime(hoursAgo, making), state: shards, isManual: true }),
  );
  return [...nightly, ...manual].flat();
}

function chooseTime(hoursAgo: number, { random, nowSeconds }: Making): number {
  return nowSeconds - hoursAgo * HOUR - random.between(0, MINUTE);
}

function chooseNight(night: number, { random, nowSeconds }: Making): number {
  return nowSeconds - NIGHTLY_STARTED_AGO - night * DAY - random.between(0, MINUTE);
}

function chooseSize(random: Random, gigabytes: number): number {
  return random.between(Math.floor(gigabytes * GIGABYTE * 0.3), Math.floor(gigabytes * GIGABYTE * 0.6));
}

function writeDay(timeSeconds: number): string {
  return new Date(timeSeconds * 1000).toISOString().slice(0, 10).replaceAll("-", "");
}
