/**
 * A local UCloud API with Redis databases and backups: it lists, creates, restores, changes and deletes them,
 * with the signatures, RetCodes and pages that `docs/api.md` describes. You choose its data and inject faults.
 * It is meant for tests and demonstrations of this package and of programs that use it.
 *
 * It is strict where the cloud is strict: it checks each request's signature, and shares no code with the
 * provider. It gives no guarantee that the cloud does not give: rows are shuffled, and pages can be short. It
 * is repeatable: the same `now` and seed give the same data.
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
export type { MadeBackup } from "./cloud";
export {
  type Block,
  type ChargeType,
  createDatabase,
  type Database,
  type DatabaseChanges,
  type DatabaseSeed,
  type Replica,
} from "./databases";
export type { SpaceField } from "./databaseRows";
export { createDatabases } from "./demoDatabases";
export { createDemoFleet } from "./demoFleet";
export { allDifferences, type Difference, differences } from "./differences";
export { demo } from "./demoPlan";
export type { Duration, Operation, Provisioning } from "./lifecycles";
export type { Configuration, Offer } from "./offer";
export { createFleet, type FleetPlan } from "./plannedFleet";
export type { BadDelivery, BentReply, Fault, FaultScope, WrongReply } from "./faults";
export type { RedisOptions } from "./realRedis";
export type { RdbFile, RedisAddress, RedisBackend } from "./redisBackend";
export type { TotalCountMode } from "./replies";
export type { RecordedRequest } from "./requests";
export type { Simulator, SimulatorOptions } from "./options";
export { startSimulator } from "./server";
export type { Effect, Hold, Outcome, OutcomeFault, WriteFault } from "./writeFaults";
