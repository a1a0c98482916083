import { addBackups, demo, type Fleet, type Simulator } from "../../simulator/index";

/** The id of the backups that {@link addNewerBackups} adds. */
export const NEWER_ID = "00000000-0000-4000-8000-00000000beef";

/** Adds a newer usable backup to the demo's URedis group and to its UMem space. */
export function addNewerBackups(simulator: Simulator): void {
  const now = Math.floor(Date.now() / 1000) - 60;
  const uredis = simulator.fleet.uredis.find(
    ({ row }) => row.GroupId === demo.uredisGroupId && row.State === "Success",
  );
  const umem = simulator.fleet.umem.find(
    ({ row }) => row.SpaceId === demo.umemSpaceId && row.State === "Done",
  );
  if (uredis === undefined || umem === undefined) throw new Error("The demo fleet has changed.");
  const shard = { ...umem, row: { ...umem.row, BackupId: NEWER_ID, CreateTime: now } };
  simulator.fleet = addBackups(simulator.fleet, {
    uredis: [
      { ...uredis, regionType: "normal", row: { ...uredis.row, BackupId: NEWER_ID, BackupTime: now } },
    ],
    umem: Array.from({ length: umem.row.BlockCount }, () => shard),
  });
}

/** Makes a backup unusable: a URedis backup gets the state `Expired`, a UMem backup loses a shard. */
export function expireBackup(simulator: Simulator, backupId: string): void {
  const { fleet } = simulator;
  const expire = (record: Fleet["uredis"][number]): Fleet["uredis"][number] =>
    record.row.BackupId === backupId ? { ...record, row: { ...record.row, State: "Expired" } } : record;
  const shard = fleet.umem.find(({ row }) => row.BackupId === backupId);
  simulator.fleet = {
    ...fleet,
    uredis: fleet.uredis.map(expire),
    umem: fleet.umem.filter((record) => record !== shard),
  };
}
