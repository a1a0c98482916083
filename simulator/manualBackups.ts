import type { Cloud, Write } from "./cloud";
import type { Database } from "./databases";
import { addBackups, type Fleet, type UMemRecord, type URedisRecord } from "./fleet";
import { Refusal, RetCode } from "./refusals";

const MEGABYTE = 1024 ** 2;

/** A backup to take of a database. */
export interface BackupOrder {
  readonly database: Database;
  readonly name: string;
}

/** Takes a backup of a running database by hand, and returns its id. @throws Refusal */
export function takeBackup(cloud: Cloud, { database, name, number, outcome }: BackupOrder & Write): string {
  refuseBackup(cloud, database);
  const id = cloud.chooseBackupId();
  cloud.madeBackups.push({ id, name, databaseId: database.id, createdBy: number });
  addBackup(cloud, { id, database, name, isManual: true, outcome });
  return id;
}

/** Takes a backup of a running database as the cloud does every night, and returns its id. @throws Refusal */
export function takeAutomaticBackup(cloud: Cloud, { database, name }: BackupOrder): string {
  refuseWrongDatabase(database);
  const id = cloud.chooseBackupId();
  addBackup(cloud, { id, database, name, isManual: false, outcome: {} });
  return id;
}

function refuseWrongDatabase(database: Database): void {
  if (database.state !== "Running") {
    throw new Refusal(RetCode.backupNotCreated, `[${database.id}] is ${database.state}`);
  }
  if (database.masterId !== undefined) {
    throw new Refusal(RetCode.backupNotCreated, `[${database.id}] is a replica of [${database.masterId}]`);
  }
}

function refuseBackup(cloud: Cloud, database: Database): void {
  refuseWrongDatabase(database);
  const manual = countManualBackups(cloud.fleet, database.id);
  if (manual >= cloud.rules.manualBackupLimit) {
    throw new Refusal(RetCode.tooManyBackups, `[${database.id}] has ${manual} backups by hand`);
  }
  const running = cloud.madeBackups.find(
    (each) => each.databaseId === database.id && cloud.lifecycles.isChanging(each.id),
  );
  if (database.kind === "umem" && running) {
    throw new Refusal(RetCode.backupNotCreated, `Backup [${running.id}] of [${database.id}] is running`);
  }
}

interface NewBackup extends BackupOrder, Pick<Write, "outcome"> {
  readonly id: string;
  readonly isManual: boolean;
}

function addBackup(cloud: Cloud, { id, database, name, isManual, outcome }: NewBackup): void {
  const time = Math.floor(cloud.clock.now());
  cloud.fleet = addBackups(
    cloud.fleet,
    database.kind === "uredis"
      ? { uredis: [writeURedisRecord(database, { id, name, time, isManual })] }
      : { umem: writeUMemRecords(database, { id, name, time, isManual }) },
  );
  finishInTime(cloud, { id, database, outcome });
}

/** Makes a backup unusable, as after its last day: `Expired` for a group; a space's is no longer listed. */
export function expireBackup(fleet: Fleet, backupId: string): Fleet {
  return {
    ...fleet,
    uredis: changeRows(fleet.uredis, backupId, { State: "Expired" }),
    umem: fleet.umem.filter(({ row }) => row.BackupId !== backupId),
  };
}

function finishInTime(
  cloud: Cloud,
  { id, database, outcome }: { id: string; database: Database } & Pick<Write, "outcome">,
): void {
  let bytes = Math.max(1, Math.floor(database.usedMb * MEGABYTE * 0.5));
  let hasFailed = outcome.state !== undefined;
  const { redis } = cloud.rules;
  const copy = async (): Promise<void> => {
    try {
      const file = await redis?.backUp(database, id);
      if (!file) return;
      cloud.rdbFiles.set(id, file);
      bytes = file.bytes;
    } catch {
      hasFailed = true;
    }
  };
  cloud.lifecycles.begin({
    id,
    operation: "backup",
    duration: outcome.isStuck ? { looks: Infinity } : outcome.takes,
    until: redis && database.kind === "uredis" ? copy() : undefined,
    finish: () => {
      const { fleet } = cloud;
      const size = Math.ceil(bytes / Math.max(1, database.blocks.length));
      cloud.fleet = {
        ...fleet,
        uredis: changeRows(fleet.uredis, id, {
          State: hasFailed ? "Error" : "Success",
          BackupSize: hasFailed ? 0 : bytes,
        }),
        // The state of a shard has no value for a failure: its backup is never done.
        umem: hasFailed ? fleet.umem : changeRows(fleet.umem, id, { State: "Done", BlockSize: size }),
      };
    },
  });
}

function changeRows<Entry extends URedisRecord | UMemRecord>(
  records: readonly Entry[],
  backupId: string,
  fields: Partial<Entry["row"]>,
): Entry[] {
  return records.map((record) =>
    record.row.BackupId === backupId ? { ...record, row: { ...record.row, ...fields } } : record,
  );
}

/** Returns the number of a database's backups by hand that count towards the limit. */
function countManualBackups(fleet: Fleet, databaseId: string): number {
  const uredis = fleet.uredis.filter(
    ({ regionType, row }) =>
      row.GroupId === databaseId &&
      regionType === "normal" &&
      row.BackupType === "Manual" &&
      (row.State === "Success" || row.State === "Backuping"),
  );
  const umem = fleet.umem.filter(({ row }) => row.SpaceId === databaseId && row.BackupType === "manual");
  return uredis.length + new Set(umem.map(({ row }) => row.BackupId)).size;
}

interface Taken {
  readonly id: string;
  readonly name: string;
  readonly time: number;
  readonly isManual: boolean;
}

function writeURedisRecord(database: Database, { id, name, time, isManual }: Taken): URedisRecord {
  const { region, projectId, slaveZone } = database;
  return {
    region,
    projectId,
    regionType: "normal",
    ...(slaveZone !== undefined && { slaveZone }),
    row: {
      BackupId: id,
      BackupName: name,
      BackupTime: time,
      BackupType: isManual ? "Manual" : "Auto",
      State: "Backuping",
      GroupId: database.id,
      GroupName: database.name,
      Zone: database.zone,
      MemorySize: database.size,
      RedisVersion: database.version,
    },
  };
}

function writeUMemRecords(database: Database, { id, name, time, isManual }: Taken): UMemRecord[] {
  const { region, zone, projectId, blocks } = database;
  return blocks.map(() => ({
    region,
    zone,
    projectId,
    row: {
      BackupId: id,
      BackupName: name,
      BackupType: isManual ? "manual" : "auto",
      CreateTime: time,
      State: "Starting",
      BlockCount: blocks.length,
      SpaceId: database.id,
      Protocol: "redis",
    },
  }));
}
