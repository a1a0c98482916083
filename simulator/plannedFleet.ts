import { demo } from "./demoPlan";
import type { Fleet, UMemBackupSet, UMemRecord, URedisBackupSet, URedisRecord } from "./fleet";
import { createRandom, type Random } from "./random";

/** The size of a generated fleet. */
export interface FleetPlan {
  /** The time just after the newest backups. @default 2026-01-01T00:00:00Z, so that fleets are repeatable */
  readonly now?: Date;
  /** @default 1 */
  readonly seed?: number;
  /** @default demo.region */
  readonly region?: string;
  /** @default demo.zone */
  readonly zone?: string;
  /** @default demo.projectId */
  readonly projectId?: string;
  /**
   * With `usable`, every backup can be restored; with `mixed`, about one in eight cannot.
   *
   * @default "mixed"
   */
  readonly states?: "usable" | "mixed";
  /** `groups` x `backupsPerGroup` rows. @default 1 group, 0 backups */
  readonly uredis?: { readonly groups?: number; readonly backupsPerGroup: number };
  /** `spaces` x `backupsPerSpace` x `shards` rows, none missing. @default 1 space, 0 backups of 4 shards */
  readonly umem?: { readonly spaces?: number; readonly backupsPerSpace: number; readonly shards?: number };
}

const DEFAULT_NOW = new Date("2026-01-01T00:00:00Z");
const INTERVAL_SECONDS = 3600;
const UNUSABLE_STATES = ["Backuping", "Error", "Expired"] as const;

/**
 * Generates a fleet with the planned number of rows, quickly. `listSources` returns its groups and spaces.
 * Every tenth backup has the same time as the one before, so that ties occur.
 */
export function createFleet(plan: FleetPlan): Fleet {
  const { now = DEFAULT_NOW, seed = 1, projectId = demo.projectId } = plan;
  const random = createRandom(seed);
  const making: Making = {
    random,
    region: plan.region ?? demo.region,
    zone: plan.zone ?? demo.zone,
    projectId,
    isBroken: () => plan.states !== "usable" && random.next() < 1 / 8,
    // Hourly, so that even 100,000 backups of one group are after 1970.
    chooseTime: (backup) =>
      Math.floor(now.getTime() / 1000) - ((backup % 10 === 9 ? backup - 1 : backup) + 1) * INTERVAL_SECONDS,
  };
  const uredis: URedisRecord[] = [];
  for (let group = 0; group < (plan.uredis?.groups ?? 1); group++) {
    makeGroup(uredis, { ...making, group, backups: plan.uredis?.backupsPerGroup ?? 0 });
  }
  const umem: UMemRecord[] = [];
  for (let space = 0; space < (plan.umem?.spaces ?? 1); space++) {
    makeSpace(umem, { ...making, backups: plan.umem?.backupsPerSpace ?? 0, shards: plan.umem?.shards ?? 4 });
  }
  return { defaultProjectId: projectId, projectIds: [projectId], uredis, umem };
}

interface Making {
  readonly random: Random;
  readonly region: string;
  readonly zone: string;
  readonly projectId: string;
  readonly isBroken: () => boolean;
  readonly chooseTime: (backup: number) => number;
}

function makeGroup(
  records: URedisRecord[],
  making: Making & { readonly group: number; readonly backups: number },
): void {
  const { random, region, zone, projectId, group, backups } = making;
  const groupId = random.resourceId("uredis-");
  for (let backup = 0; backup < backups; backup++) {
    const state = making.isBroken() ? (UNUSABLE_STATES[random.between(0, 2)] ?? "Error") : "Success";
    // A spread inside the literal would make each of 100,000 objects slow.
    const row: URedisBackupSet = {
      BackupId: random.uuid(),
      BackupName: nameBackup(backup),
      BackupTime: making.chooseTime(backup),
      BackupType: backup % 7 === 6 ? "Manual" : "Auto",
      State: state,
      GroupId: groupId,
      GroupName: `group-${group}`,
      Zone: zone,
      MemorySize: 4,
      RedisVersion: "6.0",
    };
    const sized =
      state === "Backuping" ? row : { ...row, BackupSize: random.between(1_000_000, 900_000_000) };
    records.push({ region, projectId, regionType: "normal", row: sized });
  }
}

function makeSpace(
  records: UMemRecord[],
  making: Making & { readonly backups: number; readonly shards: number },
): void {
  const { random, region, zone, projectId, backups, shards } = making;
  const spaceId = random.resourceId("udredis-");
  for (let backup = 0; backup < backups; backup++) {
    const backupId = random.uuid();
    // At least one shard of an unusable backup is not done.
    const doneShards = making.isBroken() ? random.between(0, shards - 1) : shards;
    for (let shard = 0; shard < shards; shard++) {
      const isDone = shard < doneShards;
      const row: UMemBackupSet = {
        BackupId: backupId,
        BackupName: nameBackup(backup),
        BackupType: backup % 7 === 6 ? "manual" : "auto",
        CreateTime: making.chooseTime(backup) + shard,
        State: isDone ? "Done" : "Starting",
        BlockCount: shards,
        SpaceId: spaceId,
        Protocol: "redis",
      };
      const sized = isDone ? { ...row, BlockSize: random.between(1_000_000, 300_000_000) } : row;
      records.push({ region, zone, projectId, row: sized });
    }
  }
}

function nameBackup(backup: number): string {
  return `backup-${String(backup).padStart(6, "0")}`;
}
