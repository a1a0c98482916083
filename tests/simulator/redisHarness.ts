import { RedisServers, type RedisServersOptions } from "../../simulator/redisServers";
import { type RedisReply, sendRedisCommands } from "../../simulator/redisConnection";
import { useRedisServer } from "../support/redisServer";
import { useTemporaryFolder } from "../support/temporaryFolder";

/** The password of the databases in these tests. */
export const password = "Correct-Horse_1";

/** What {@link useRedisServers} gives the tests of a suite. */
export interface RedisHarness {
  /** The servers' program. */
  readonly program: () => string;
  /** The folder above all files of the servers. */
  readonly at: (...parts: readonly string[]) => string;
  readonly servers: () => RedisServers;
  /** Goes on with servers that have other options. */
  readonly replaceServers: (options: Partial<RedisServersOptions>) => Promise<void>;
}

/** For the body of a suite: prepares servers before each test, and closes them afterwards. */
export function useRedisServers(): RedisHarness {
  const program = useRedisServer();
  let servers: RedisServers;
  // Hooks run in this order: the servers end before their folder goes.
  afterEach(() => servers.close());
  const at = useTemporaryFolder("redis-servers-");
  const prepare = (options: Partial<RedisServersOptions> = {}): void => {
    servers = new RedisServers({ program: program(), parentFolder: at(), ...options });
  };
  beforeEach(() => prepare());
  const replaceServers = async (options: Partial<RedisServersOptions>): Promise<void> => {
    await servers.close();
    prepare(options);
  };
  return { program, at, servers: () => servers, replaceServers };
}

/** Runs commands, each as words between spaces, as a client of a group with {@link password} does. */
export function ask(port: number, ...commands: string[]): Promise<RedisReply[]> {
  return askAs(password, port, ...commands);
}

/** Like {@link ask}, with another password. */
export function askAs(given: string, port: number, ...commands: string[]): Promise<RedisReply[]> {
  const words = commands.map((command) => command.split(" "));
  return sendRedisCommands({ port, user: "default", password: given }, words);
}
