/** Backups that run while a test waits for them. How long depends on how often they were asked for, not on time. */
import type { Fleet, RecordedRequest, Simulator } from "../../simulator/index";

/** Finishes a backup in the simulator's fleet: of a group, or all shards of a space's. */
export function finishBackup(simulator: Simulator, backupId: string): void {
  const { fleet } = simulator;
  const finishGroup = (record: Fleet["uredis"][number]): Fleet["uredis"][number] =>
    record.row.BackupId === backupId
      ? { ...record, row: { ...record.row, State: "Success", BackupSize: 1_000_000 } }
      : record;
  const finishShard = (record: Fleet["umem"][number]): Fleet["umem"][number] =>
    record.row.BackupId === backupId ? { ...record, row: { ...record.row, State: "Done" } } : record;
  simulator.fleet = { ...fleet, uredis: fleet.uredis.map(finishGroup), umem: fleet.umem.map(finishShard) };
}

/** The id of the newest backup of a group or space, which runs in the demo's `uredisGroupId` and `umemSpaceId`. */
export function findNewest({ fleet }: Simulator, databaseId: string): string {
  const groups = fleet.uredis
    .filter(({ row, regionType }) => row.GroupId === databaseId && regionType === "normal")
    .map(({ row }) => ({ id: row.BackupId, time: row.BackupTime }));
  const spaces = fleet.umem
    .filter(({ row }) => row.SpaceId === databaseId)
    .map(({ row }) => ({ id: row.BackupId, time: row.CreateTime }));
  const [newest] = [...groups, ...spaces].sort((a, b) => b.time - a.time);
  if (newest === undefined) throw new Error(`${databaseId} has no backups.`);
  return newest.id;
}

/** Whether a request begins to list the backups of a database. */
export function isLook({ action = "", parameters }: RecordedRequest, databaseId: string): boolean {
  const isOfIt = parameters["GroupId"] === databaseId || parameters["SpaceId"] === databaseId;
  return /^DescribeU(Redis|Mem)Backup$/.test(action) && isOfIt && (parameters["Offset"] ?? "0") === "0";
}

/** An `onRequest` that finishes the newest backup of a database when it is listed for the `looks`th time. */
export class FinishingBackup {
  /** How often the backups were listed. */
  looks = 0;

  constructor(
    private readonly databaseId: string,
    private readonly finishesAt: number,
  ) {}

  readonly onRequest = (request: RecordedRequest, simulator: Simulator): void => {
    if (!isLook(request, this.databaseId)) return;
    this.looks += 1;
    if (this.looks === this.finishesAt) finishBackup(simulator, findNewest(simulator, this.databaseId));
  };
}
