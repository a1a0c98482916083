import { createHash, randomBytes, randomUUID } from "node:crypto";
import { copyFile, stat } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { RdbFile, RedisAddress } from "./redisBackend";
import { sendRedisCommands } from "./redisConnection";
import { type Guarded, makeGuardedFolder, type ServerProcess, startServerProcess } from "./redisProcesses";

/** A database, as far as its server needs it. */
export interface ServedDatabase {
  readonly id: string;
  /** Without one, clients need not log in. */
  readonly password?: string | undefined;
}

/** The parts of {@link RedisServers} that tests replace. */
export interface RedisServersOptions {
  /** Path of `redis-server` or `valkey-server`: see `findRedisServer`. */
  readonly program: string;
  /** How long a server may take to load its data, in milliseconds. @default 60,000 */
  readonly startTimeoutMs?: number;
  /** Returns a port that is likely to be free. @default one that the operating system names */
  readonly choosePort?: () => Promise<number>;
  /** Where the folder of all files is made. @default the system's folder for temporary files */
  readonly parentFolder?: string;
}

interface RunningServer {
  readonly server: ServerProcess;
  readonly port: number;
}

/** The account of the simulator. The clients' is `default`, which may not stop or reconfigure a server. */
const ADMIN = "simulator";
/** Another program can take a port before the server does. */
const PORT_ATTEMPTS = 20;

/**
 * Runs one `redis-server` for each database, on a free port of 127.0.0.1. Nothing outlives this process,
 * however it ends: see redisProcesses.ts. Linux and macOS only.
 */
export class RedisServers {
  private readonly servers = new Map<string, Promise<RunningServer>>();
  private readonly stopping = new AbortController();
  private readonly adminPassword = randomBytes(24).toString("hex");
  private readonly path: string;
  private folder: Promise<Guarded> | undefined;

  constructor(private readonly options: RedisServersOptions) {
    const { parentFolder = tmpdir() } = options;
    this.path = join(resolve(parentFolder), `ucloud-redis-simulator-${randomUUID()}`);
  }

  /**
   * Starts an empty server, or one that loads a file. Resolves when it answers and has loaded everything.
   *
   * @throws if it runs already, if the file cannot be loaded, or after `close`; then nothing is left of it
   */
  async start(database: ServedDatabase, rdbFile?: RdbFile): Promise<RedisAddress> {
    this.stopping.signal.throwIfAborted();
    const { id } = database;
    if (this.servers.has(id)) throw new Error(`the Redis server of ${id} runs already`);
    const starting = this.launch(database, rdbFile?.path);
    this.servers.set(id, starting);
    try {
      const { port } = await starting;
      return { host: "127.0.0.1", port };
    } catch (error) {
      if (this.servers.get(id) === starting) this.servers.delete(id);
      throw error;
    }
  }

  /** Changes or, with undefined, removes the password. Clients that are logged in stay so. */
  async setPassword({ id }: ServedDatabase, password: string | undefined): Promise<void> {
    await this.send(id, ["ACL", "SETUSER", "default", "resetpass", writePasswordRule(password)]);
  }

  /** Writes the data of a database into a file, which stays until `close`, also after `stop`. */
  async backUp({ id }: ServedDatabase): Promise<RdbFile> {
    await this.send(id, ["SAVE"]);
    const path = join(this.path, `${randomUUID()}.rdb`);
    // The server replaces its file as a whole, so that a copy of it is never half of one and half of another.
    await copyFile(join(this.locate(id), "dump.rdb"), path);
    return { path, bytes: (await stat(path)).size };
  }

  /** Returns the memory that a server uses, in bytes. An empty one uses about a megabyte. */
  async readUsedBytes({ id }: ServedDatabase): Promise<number> {
    const text = await this.send(id, ["INFO", "memory"]);
    return Number(/^used_memory:(\d+)/m.exec(text)?.[1]);
  }

  /** Ends a server, and its data. Without a server of that id, nothing happens. */
  async stop({ id }: ServedDatabase): Promise<void> {
    const running = this.servers.get(id);
    // A failed start has stopped its process itself.
    await running?.then(
      ({ server }) => server.stop(),
      () => undefined,
    );
    if (this.servers.get(id) === running) this.servers.delete(id);
  }

  /** Ends all servers, and removes all files. May be called twice. */
  async close(): Promise<void> {
    this.stopping.abort(new Error("the Redis servers were closed"));
    await Promise.all([...this.servers.keys()].map((id) => this.stop({ id })));
    await (await this.folder?.catch(() => undefined))?.stop();
  }

  private async launch(database: ServedDatabase, rdbFile: string | undefined): Promise<RunningServer> {
    await (this.folder ??= makeGuardedFolder(this.path));
    const { program, choosePort = chooseFreePort } = this.options;
    for (let attempt = 1; ; attempt++) {
      this.stopping.signal.throwIfAborted();
      const port = await choosePort();
      const server = startServerProcess({
        program: resolve(program),
        folder: this.locate(database.id),
        configuration: this.configure(port, database.password),
        rdbFile: rdbFile && resolve(rdbFile),
      });
      const failure = await this.awaitReady(server);
      if (failure === undefined) return { server, port };
      await server.stop();
      this.stopping.signal.throwIfAborted();
      const isTaken = server.log.some((line) => line.includes("Address already in use"));
      if (isTaken && attempt < PORT_ATTEMPTS) continue;
      const doing = rdbFile === undefined ? "did not start" : "could not load the backup";
      throw new Error(`the Redis server of ${database.id} ${doing}: ${failure}`);
    }
  }

  /** Resolves to undefined when the server is ready, else to the reason why it is not. */
  private async awaitReady({ ready, log }: ServerProcess): Promise<string | undefined> {
    const { startTimeoutMs = 60_000 } = this.options;
    const timeout = AbortSignal.timeout(startTimeoutMs);
    const signal = AbortSignal.any([timeout, this.stopping.signal]);
    const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    if (await Promise.race([ready, aborted])) return undefined;
    return timeout.aborted ? `it took more than ${startTimeoutMs / 1000} s` : chooseReason(log);
  }

  private configure(port: number, password: string | undefined): string[] {
    return [
      "bind 127.0.0.1",
      `port ${port}`,
      "protected-mode yes",
      "daemonize no",
      'save ""',
      "appendonly no",
      "dbfilename dump.rdb",
      'logfile ""',
      "loglevel notice",
      // Clients may run what a managed database lets them run: no CONFIG, SHUTDOWN, REPLICAOF, DEBUG.
      `user default on ${writePasswordRule(password)} ~* &* +@all -@admin +client +slowlog`,
      `user ${ADMIN} on ${writePasswordRule(this.adminPassword)} ~* &* +@all`,
    ];
  }

  private async send(id: string, command: readonly string[]): Promise<string> {
    const running = await this.servers.get(id);
    if (!running) throw new Error(`no Redis server of ${id} runs`);
    const login = { port: running.port, user: ADMIN, password: this.adminPassword };
    const [reply] = await sendRedisCommands(login, [command]);
    return String(reply);
  }

  /** The folder of a server. An id from a fleet can be any text, so the name is made from its digest. */
  private locate(id: string): string {
    return join(this.path, createHash("sha256").update(id).digest("hex").slice(0, 16));
  }
}

/** Only a digest of a password reaches a server's configuration. */
function writePasswordRule(password: string | undefined): string {
  return password === undefined || password === ""
    ? "nopass"
    : `#${createHash("sha256").update(password).digest("hex")}`;
}

/** The log's last word on why a server ended. */
function chooseReason(log: readonly string[]): string {
  return log.findLast((line) => line.trim() !== "") ?? "it ended without a word";
}

async function chooseFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ host: "127.0.0.1", port: 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
