import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";

/** A Redis server's program, or one sentence on why there is none and how to get one. */
export type FoundRedisServer =
  { readonly program: string; readonly version: string } | { readonly missing: string };

/** Where {@link findRedisServer} looks. */
export interface RedisServerSearch {
  /** The program's path. No other one is then taken. @default what the environment names */
  readonly server?: string | undefined;
  /** Read for `UCLOUD_REDIS_SIMULATOR_SERVER`, a path, and for `PATH`. @default this process's */
  readonly environment?: NodeJS.ProcessEnv;
  /** @default this process's */
  readonly platform?: NodeJS.Platform;
}

const VARIABLE = "UCLOUD_REDIS_SIMULATOR_SERVER";
const NAMES = ["redis-server", "valkey-server"];
/** The oldest one whose access rules the simulator can write. */
const OLDEST = [6, 2] as const;
const HOW_TO_GET_ONE =
  `Install Redis ${OLDEST.join(".")} or newer, or Valkey (on Debian: apt install redis-server), ` +
  `or set ${VARIABLE} to the path of its server.`;
const VERSION_TIMEOUT_MS = 10_000;

/**
 * Finds a program for `RedisServers`: the one given, else the one that `UCLOUD_REDIS_SIMULATOR_SERVER` names,
 * else `redis-server` or `valkey-server` on PATH. It must be version 6.2 or newer.
 */
export async function findRedisServer({
  server,
  environment = process.env,
  platform = process.platform,
}: RedisServerSearch = {}): Promise<FoundRedisServer> {
  if (platform === "win32") return { missing: "The simulator runs Redis servers on Linux and macOS only." };
  const named = server ?? (environment[VARIABLE] || undefined);
  const programs = named === undefined ? await listPrograms(environment.PATH ?? "") : [resolve(named)];
  let reason = "No Redis server is on PATH.";
  for (const program of programs) {
    const version = await readServerVersion(program);
    if (version !== undefined && isRecent(version)) return { program, version };
    reason = version ? `${program} is version ${version}.` : `${program} is no Redis server that runs here.`;
  }
  return { missing: `${reason} ${HOW_TO_GET_ONE}` };
}

async function listPrograms(path: string): Promise<string[]> {
  const folders = path.split(delimiter).filter(isAbsolute);
  const files = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const usable = await Promise.all(
    files.map((file) =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, index) => usable[index]);
}

/** Returns what `--version` says, such as `6.2.14`; undefined if the program is not a Redis server. */
async function readServerVersion(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ["--version"], { timeout: VERSION_TIMEOUT_MS });
    return /^(?:Redis|Valkey) server v=(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
