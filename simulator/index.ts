/**
 * A local UCloud API that lists Redis backups: the two listing actions, signatures, RetCodes and pages as `api/` states
 * them, over data you choose, and as broken as you tell it to be. It is for tests and demonstrations, of this package
 * and of programs that use it.
 *
 * It promises to be strict where the cloud is strict (each request's signature is checked, by code of its own), unhelpful
 * where the cloud promises nothing (the order of rows, the size of pages), and repeatable (same seed and `now`, same data).
 */
export { addBackups, listSources, removeBackup } from "./fleet";
export type {
  BackupSource,
  Fleet,
  RegionType,
  UMemBackupSet,
  UMemRecord,
  URedisBackupSet,
  URedisRecord,
} from "./fleet";
export type { RowOrder, UMemRows } from "./fleetIndex";
export { createDemoFleet } from "./demoFleet";
export { demo } from "./demoPlan";
export { createFleet, type FleetPlan } from "./plannedFleet";
export type { BadDelivery, BentReply, Fault, FaultScope, WrongReply } from "./faults";
export type { TotalCountMode } from "./replies";
export type { RecordedRequest } from "./requests";
export type { Simulator, SimulatorOptions } from "./options";
export { startSimulator } from "./server";
