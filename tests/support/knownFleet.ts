/** Fleets with a known number of rows, and the expected results, computed independently of the provider. */
import { createFleet, demo, type Fleet, listSources, type UMemBackupSet } from "../../simulator/index";
import type { Properties } from "./pluginClient";

/** A fleet with one group or space to look up, among others. */
export interface KnownFleet {
  readonly fleet: Fleet;
  /** The arguments that select it. */
  readonly source: { readonly groupId: string } | { readonly zone: string; readonly spaceId: string };
  /** The ids of its backups, newest first. */
  readonly backupIds: readonly string[];
  /** The ids of the usable backups, newest first. */
  readonly usableIds: readonly string[];
  /** The ids of the backups that are newer than the newest usable one, newest first. */
  readonly newerIds: readonly string[];
}

/** The newest backup of these fleets is one hour older than this. */
export const NOW = new Date("2026-01-01T00:00:00Z");

/** Two groups of `rows` URedis backups each, in all states, some of the same second. */
export function createURedisFleet(rows: number): KnownFleet {
  const made = createFleet({ now: NOW, seed: rows, uredis: { groups: 2, backupsPerGroup: rows } });
  const groupId = listSources(made)[0]?.id ?? "";
  // The newest one failed, in both groups.
  const newest = Math.max(...made.uredis.map(({ row }) => row.BackupTime));
  const uredis = made.uredis.map((record) =>
    record.row.BackupTime === newest
      ? { ...record, row: { ...record.row, State: "Error" as const } }
      : record,
  );
  const backups = uredis
    .filter(({ row }) => row.GroupId === groupId)
    .map(({ row }) => ({ id: row.BackupId, time: row.BackupTime, usable: row.State === "Success" }));
  return { fleet: { ...made, uredis }, source: { groupId }, ...rank(backups) };
}

/**
 * UMem backups of one space with 1 to 4 shards each, `rows` rows in all. Some shards are identical, some are
 * not done, some backups are of the same second, and the last backup may lack shards.
 */
export function createUMemFleet(rows: number): KnownFleet {
  const spaceId = "udredis-known";
  const records: Fleet["umem"][number][] = [];
  const backups: Backup[] = [];
  for (let backup = 0; records.length < rows; backup++) {
    const shards = 1 + (backup % 4);
    // Ids that do not follow time. Every third backup has the same second as the one before.
    const id = `backup-${String((backup * 37) % 101).padStart(3, "0")}-${backup}`;
    const time = NOW.getTime() / 1000 - 3600 * (1 + backup - (backup % 3 === 2 ? 1 : 0));
    const isDone = backup % 5 !== 0;
    const row: UMemBackupSet = {
      BackupId: id,
      BackupName: `backup-${backup}`,
      BackupType: backup % 2 === 0 ? "auto" : "manual",
      CreateTime: time,
      State: "Done",
      BlockCount: shards,
      BlockSize: 1000,
      SpaceId: spaceId,
      Protocol: "redis",
    };
    const missing = Math.max(0, records.length + shards - rows);
    for (let shard = 0; shard < shards - missing; shard++) {
      const state = isDone || shard > 0 ? "Done" : "Starting";
      records.push({
        region: demo.region,
        zone: demo.zone,
        projectId: demo.projectId,
        row: { ...row, State: state },
      });
    }
    backups.push({ id, time, usable: isDone && missing === 0 });
  }
  const fleet: Fleet = { defaultProjectId: demo.projectId, uredis: [], umem: records };
  return { fleet, source: { zone: demo.zone, spaceId }, ...rank(backups) };
}

/** The values of one field of a list of objects in a result. */
export function pluck(list: unknown, field: string): unknown[] {
  return (list as Properties[]).map((each) => each[field]);
}

interface Backup {
  readonly id: string;
  readonly time: number;
  readonly usable: boolean;
}

function rank(backups: Backup[]): Pick<KnownFleet, "backupIds" | "usableIds" | "newerIds"> {
  backups.sort((a, b) => b.time - a.time || (a.id < b.id ? -1 : 1));
  const newest = backups.find(({ usable }) => usable)?.time ?? -Infinity;
  return {
    backupIds: backups.map(({ id }) => id),
    newerIds: backups.filter(({ time }) => time > newest).map(({ id }) => id),
    usableIds: backups.filter(({ usable }) => usable).map(({ id }) => id),
  };
}
