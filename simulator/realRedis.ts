import type { Database } from "./databases";
import type { RdbFile, RedisAddress, RedisBackend } from "./redisBackend";
import { findRedisServer } from "./redisServerProgram";
import { RedisServers } from "./redisServers";

/** How the simulator runs real servers. */
export interface RedisOptions {
  /**
   * Path of `redis-server` or `valkey-server`, version 6.2 or newer.
   *
   * @default what `UCLOUD_REDIS_SIMULATOR_SERVER` names, else the first one on PATH
   */
  readonly server?: string | undefined;
  /**
   * Receives a line when a server did not start, when a backup failed, and when a group was created from a
   * backup without data. The group's row does not say why.
   *
   * @default the lines are dropped
   */
  readonly log?: ((line: string) => void) | undefined;
}

const MEGABYTE = 1024 ** 2;

/**
 * Returns the servers that an option of the simulator asks for. None of them runs yet.
 *
 * @throws if there is no program for them; the message says how to get one
 */
export async function chooseRedis(
  option: boolean | RedisOptions | RedisBackend | undefined = false,
): Promise<RedisBackend | undefined> {
  if (typeof option === "boolean") return option ? prepareRedis({}) : undefined;
  return "start" in option ? option : prepareRedis(option);
}

async function prepareRedis({ server, log = () => undefined }: RedisOptions): Promise<RedisBackend> {
  const found = await findRedisServer({ server });
  if ("missing" in found) throw new Error(found.missing);
  return new RealRedis(new RedisServers({ program: found.program }), { version: found.version, log });
}

class RealRedis implements RedisBackend {
  readonly version: string;
  private readonly log: (line: string) => void;

  constructor(
    private readonly servers: RedisServers,
    { version, log }: { readonly version: string; readonly log: (line: string) => void },
  ) {
    this.version = version;
    this.log = log;
  }

  start(database: Database, rdbFile?: RdbFile): Promise<RedisAddress> {
    const { id, sourceBackupId } = database;
    return this.report(async () => {
      const address = await this.servers.start(database, rdbFile);
      if (sourceBackupId !== undefined && !rdbFile) {
        this.log(`${id} starts empty: backup ${sourceBackupId} is made up, and has no data`);
      }
      const usedBytes = await this.servers.readUsedBytes(database);
      return { ...address, usedMb: Math.ceil(usedBytes / MEGABYTE) };
    });
  }

  backUp(database: Database): Promise<RdbFile> {
    return this.report(() => this.servers.backUp(database));
  }

  setPassword(database: Database, password: string | undefined): Promise<void> {
    return this.report(() => this.servers.setPassword(database, password));
  }

  stop(database: Database): Promise<void> {
    return this.servers.stop(database);
  }

  close(): Promise<void> {
    return this.servers.close();
  }

  private async report<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.log(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }
}
