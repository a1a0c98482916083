import type { Database } from "./databases";

/** Where a real Redis server listens. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** The memory that the server uses once its data is loaded. @default what the backup needs */
  readonly usedMb?: number;
}

/** A file with the data of a database, in Redis' RDB format. */
export interface RdbFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Real Redis servers behind the URedis groups of a simulator. The simulator calls it for groups only. A
 * rejected promise makes the group `CreateFail`, the backup `Error`, and the change of a password fail.
 */
export interface RedisBackend {
  /** The version of the servers. */
  readonly version?: string;
  /**
   * Starts the server of a group with the group's password, and from the data of a backup if there is any.
   * The group becomes `Running` when this resolves. Backups that were never taken by `backUp`, as those of
   * the demo fleet, have no file.
   */
  start(database: Database, rdbFile?: RdbFile): Promise<RedisAddress>;
  /** Copies the data of a group into a file. The backup becomes `Success` when this resolves. */
  backUp(database: Database, backupId: string): Promise<RdbFile>;
  /** Changes the password; undefined removes it. Awaited before the request is answered. */
  setPassword(database: Database, password: string | undefined): Promise<void>;
  /** Stops the server of a group. The group is listed as `Deleting` until this resolves. */
  stop(database: Database): Promise<void>;
  /** Stops all servers and removes all files. Awaited when the simulator closes. */
  close(): Promise<void>;
}
