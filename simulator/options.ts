import type { Account } from "./api";
import type { CloudRules } from "./cloud";
import type { CloudControls } from "./cloudControls";
import type { SpaceField } from "./databaseRows";
import { createDemoFleet } from "./demoFleet";
import { bendOptions, type Difference } from "./differences";
import type { Fault, FaultScope } from "./faults";
import type { Fleet } from "./fleet";
import type { RowOrder, UMemRows } from "./fleetIndex";
import type { Provisioning } from "./lifecycles";
import { defaultOffer, type Offer } from "./offer";
import type { RedisOptions } from "./realRedis";
import type { RedisBackend } from "./redisBackend";
import type { ReplyStyle, TotalCountMode } from "./replies";
import type { RecordedRequest } from "./requests";
import type { Effect, Hold } from "./writeFaults";

/** The options of `startSimulator`. */
export interface SimulatorOptions {
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** Port to listen on; 0 means any free port. @default 0 */
  readonly port?: number;
  /** Serves TLS with this key and certificate (PEM); the URL then starts with `https:`. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The keys of the only account. @default "simulator-public-key" */
  readonly publicKey?: string;
  /** @default "simulator-private-key" */
  readonly privateKey?: string;
  /** Every request must carry exactly this token. @default none, and a request with a token is refused */
  readonly securityToken?: string;
  /** The data. @default createDemoFleet({ now }) */
  readonly fleet?: Fleet;
  /** The present time of the default fleet. @default new Date() */
  readonly now?: Date;
  /** The most rows of a page, whatever `Limit` asks for. @default 100 */
  readonly pageCap?: number;
  /** The value of `TotalCount`. @default "exact" */
  readonly totalCount?: TotalCountMode;
  /** The order of the rows. @default "shuffled" */
  readonly rowOrder?: RowOrder;
  /** Whether a UMem row is a shard or a whole backup. @default "perShard" */
  readonly umemRows?: UMemRows;
  /**
   * Whether numbers in rows are written as strings, as APIs of this family have been seen to do.
   *
   * @default false
   */
  readonly numbersAsStrings?: boolean;
  /**
   * How the simulator differs from what this package expects of the API: kinds of `differences`. A kind
   * replaces the option that does the same (`pageCap`, `rowOrder`, `umemRows`).
   *
   * @default not at all
   */
  readonly differs?: readonly Difference[];
  /** The delay of every answer, also of one with a fault, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** Requests above this number in any second are answered with RetCode 153. @default no limit */
  readonly maxRequestsPerSecond?: number;
  /**
   * How long databases and backups take: `{ looks: 2 }` means that two listings show the change unfinished,
   * and the third one finished; `{ seconds: 30 }` means real seconds, and those of `Simulator.advance`.
   *
   * @default one look each; a password changes immediately
   */
  readonly provisioning?: Provisioning;
  /** Room, versions, configurations and prices. @default all versions, room for everything */
  readonly offer?: Partial<Offer>;
  /** How many backups by hand a database may have; further ones are answered with RetCode 20208. @default 3 */
  readonly manualBackupLimit?: number;
  /** Whether the backups of a deleted space are listed for 7 days, as those of groups. @default true */
  readonly deletedSpacesKeepBackups?: boolean;
  /** Whether a new database needs VPCId and SubnetId. @default false */
  readonly requiresSubnet?: boolean;
  /** Whether a new space needs BlockCnt. @default false */
  readonly requiresBlockCount?: boolean;
  /** Whether a restored database without a password of its own gets that of its source. @default false */
  readonly restoresPassword?: boolean;
  /** Fields that DescribeUMem leaves out of the rows of spaces. @default none */
  readonly spaceRowsLack?: readonly SpaceField[];
  /**
   * Real data: `true` runs a `redis-server` on loopback for each URedis group of the fleet, and for each group
   * that is created. Rows show its address, a backup is a file with its data, and a group that is created from
   * one is `Running` once its server has loaded that file. A backup that was not taken by a request has no
   * data: the new group starts empty, with a small `UsedSize`. Spaces have no servers, nor have databases that
   * a test adds. The servers end with this process, however it ends.
   *
   * @default none
   */
  readonly redis?: boolean | RedisOptions | RedisBackend | undefined;
  /** Awaited before each request is answered. It can change the fleet between two pages, for example. */
  readonly onRequest?: (request: RecordedRequest, simulator: Simulator) => void | Promise<void>;
  /**
   * Changes answers, except those that a fault replaces. It gets a copy of the JSON body, and may change the
   * copy or return another value to send; `undefined` sends the copy.
   */
  readonly onAnswer?: (answer: Record<string, unknown>, request: RecordedRequest) => unknown;
}

/** A running simulator. */
export interface Simulator extends Pick<CloudControls, keyof CloudControls> {
  /** The base URL, without a trailing slash. */
  readonly url: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly securityToken: string | undefined;
  /**
   * The requests in the order of arrival, at least the last 10,000. An entry is completed when it is
   * answered.
   */
  readonly requests: readonly RecordedRequest[];
  /** How many TCP connections have been opened so far. */
  readonly connections: number;
  /** The most requests that were answered concurrently so far. */
  readonly peakConcurrency: number;
  /** The version of the real Redis servers; undefined without them. */
  readonly redisVersion: string | undefined;
  /** Queues a fault. */
  injectFault(fault: Fault): void;
  /** Removes all queued faults. Requests that already met one keep it. */
  clearFaults(): void;
  /**
   * Holds the next matching request, before or after it takes effect: a test can await its arrival, and then
   * end the client, release the answer or drop it. `close` drops what is held.
   */
  hold(scope: FaultScope & { readonly effect: Effect }): Hold;
  /** @deprecated The earlier name of `injectFault`. */
  misbehave(fault: Fault): void;
  /** @deprecated The earlier name of `clearFaults`. */
  behave(): void;
  /**
   * Stops listening and closes every connection immediately, also those without an answer. May be called
   * twice.
   */
  close(): Promise<void>;
}

/** The options with all defaults. */
export interface ResolvedOptions extends ReplyStyle, CloudRules {
  readonly host: string;
  readonly port: number;
  readonly tls: SimulatorOptions["tls"];
  readonly account: Account;
  readonly pageCap: number;
  readonly latencyMs: number;
  readonly maxRequestsPerSecond: number | undefined;
  readonly differs: readonly Difference[];
  readonly onRequest: SimulatorOptions["onRequest"];
}

const DEFAULT_PROVISIONING: Required<Provisioning> = {
  create: { looks: 1 },
  delete: { looks: 1 },
  resize: { looks: 1 },
  backup: { looks: 1 },
  password: { looks: 0 },
};

/** Adds the defaults, and the servers of `redis`. @throws RangeError when a number is out of its range */
export function resolveOptions(options: SimulatorOptions, redis: RedisBackend | undefined): ResolvedOptions {
  const { pageCap = 100, latencyMs = 0, maxRequestsPerSecond } = options;
  if (!Number.isInteger(pageCap) || pageCap < 1)
    throw new RangeError("pageCap must be a whole number from 1 on");
  if (!(latencyMs >= 0)) throw new RangeError("latencyMs must not be negative");
  if (maxRequestsPerSecond !== undefined && !(maxRequestsPerSecond > 0)) {
    throw new RangeError("maxRequestsPerSecond must be above 0");
  }
  const { rowOrder = "shuffled", umemRows = "perShard" } = options;
  const differs = [...new Set(options.differs)];
  return {
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    tls: options.tls,
    account: {
      publicKey: options.publicKey ?? "simulator-public-key",
      privateKey: options.privateKey ?? "simulator-private-key",
      securityToken: options.securityToken,
    },
    fleet: options.fleet ?? createDemoFleet({ now: options.now ?? new Date() }),
    ...bendOptions({ pageCap, rowOrder, umemRows }, differs),
    differs,
    totalCount: options.totalCount ?? "exact",
    numbersAsStrings: options.numbersAsStrings ?? false,
    latencyMs,
    maxRequestsPerSecond,
    provisioning: { ...DEFAULT_PROVISIONING, ...options.provisioning },
    offer: { ...defaultOffer, ...options.offer },
    manualBackupLimit: options.manualBackupLimit ?? 3,
    deletedSpacesKeepBackups: options.deletedSpacesKeepBackups ?? true,
    requiresSubnet: options.requiresSubnet ?? false,
    requiresBlockCount: options.requiresBlockCount ?? false,
    restoresPassword: options.restoresPassword ?? false,
    spaceRowsLack: options.spaceRowsLack ?? [],
    redis,
    onRequest: options.onRequest,
    onAnswer: options.onAnswer,
  };
}
