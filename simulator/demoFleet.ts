import {
  demo,
  demoGroups,
  demoSpaces,
  type Group,
  type Shards,
  type Space,
  type URedisState,
} from "./demoPlan";
import type { Fleet, RegionType, UMemBackupSet, UMemRecord, URedisBackupSet, URedisRecord } from "./fleet";
import { createRandom, type Random } from "./random";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The last nightly run started just now, so that it may still be going on. */
const NIGHTLY_STARTED_AGO = 12 * MINUTE;
const KEPT_NIGHTS = 21;
const GIGABYTE = 1024 ** 3;

/**
 * A small company's Redis: several groups and spaces in two regions and two projects, weeks of nightly and manual
 * backups, and everything that makes the newest backup the wrong one. All times count back from `now`; the same `now`
 * and `seed` give the same fleet.
 */
export function createDemoFleet({ now, seed = 20 }: { readonly now: Date; readonly seed?: number }): Fleet {
  const random = createRandom(seed);
  const nowSeconds = Math.floor(now.getTime() / 1000);
  return {
    defaultProjectId: demo.projectId,
    projectIds: [demo.projectId, demo.otherProjectId],
    uredis: demoGroups.flatMap((group) => listGroupBackups(group, { random, nowSeconds })),
    umem: demoSpaces.flatMap((space) => listSpaceBackups(space, { random, nowSeconds })),
  };
}

interface Making {
  readonly random: Random;
  readonly nowSeconds: number;
}

function listGroupBackups(group: Group, { random, nowSeconds }: Making): URedisRecord[] {
  const { region = demo.region, zone = demo.zone, projectId = demo.projectId, slaveZone } = group;
  const makeRow = (name: string, time: number, state: URedisState, isManual = false): URedisBackupSet => ({
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
  const place = (row: URedisBackupSet, regionType: RegionType = "normal", where = region): URedisRecord => ({
    region: where,
    projectId,
    regionType,
    ...(slaveZone !== undefined && where === region && { slaveZone }),
    row,
  });

  const nightly = Array.from({ length: group.nights }, (_, night) => {
    const time = chooseNight(night, { random, nowSeconds });
    const state = group.newestNights?.[night] ?? (night < KEPT_NIGHTS ? "Success" : "Expired");
    return place(makeRow(`${group.groupName}_${writeDay(time)}`, time, state));
  });
  const manual = (group.manual ?? []).map(({ hoursAgo, name, state }) =>
    place(makeRow(name, nowSeconds - hoursAgo * HOUR - random.between(0, MINUTE), state, true)),
  );
  const copies = (group.copies ?? []).flatMap((state, week) => {
    const time = nowSeconds - week * 7 * DAY - 2 * HOUR - random.between(0, MINUTE);
    const row: URedisBackupSet = {
      ...makeRow(`${group.groupName}_copy_${writeDay(time)}`, time, state),
      SrcRegionName: region,
      DstRegionName: demo.otherRegion,
    };
    // One copy, listed from both of its ends.
    return [place(row, "source"), place({ ...row, Zone: demo.otherZone }, "target", demo.otherRegion)];
  });
  return [...nightly, ...manual, ...copies];
}

function listSpaceBackups(space: Space, { random, nowSeconds }: Making): UMemRecord[] {
  const { region = demo.region, zone = demo.zone, spaceId } = space;
  const whole: Shards = { rows: space.shards, done: space.shards };
  const listShards = (name: string, time: number, { rows, done }: Shards, isManual = false): UMemRecord[] => {
    const backupId = random.uuid();
    return Array.from({ length: rows }, (_, shard) => {
      const row: UMemBackupSet = {
        BackupId: backupId,
        BackupName: name,
        BackupType: isManual ? "manual" : "auto",
        CreateTime: time + shard,
        State: shard < done ? "Done" : "Starting",
        BlockCount: space.shards,
        ...(shard < done && { BlockSize: chooseSize(random, 1) }),
        SpaceId: spaceId,
        Protocol: "redis",
      };
      return { region, zone, projectId: demo.projectId, row };
    });
  };

  const nightly = Array.from({ length: space.nights }, (_, night) => {
    const time = chooseNight(night, { random, nowSeconds });
    return listShards(`auto_${writeDay(time)}`, time, space.newestNights?.[night] ?? whole);
  });
  const manual = (space.manual ?? []).map(({ hoursAgo, name, shards }) =>
    listShards(name, nowSeconds - hoursAgo * HOUR - random.between(0, MINUTE), shards, true),
  );
  return [...nightly, ...manual].flat();
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
