import type { Account } from "./api";
import { createDemoFleet } from "./demoFleet";
import type { Fault } from "./faults";
import type { Fleet } from "./fleet";
import type { RowOrder, UMemRows } from "./fleetIndex";
import type { ReplyStyle, TotalCountMode } from "./replies";
import type { RecordedRequest } from "./requests";

/** How a simulator is started; every field has a default. */
export interface SimulatorOptions {
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** Port to listen on; 0 takes any free one. @default 0 */
  readonly port?: number;
  /** Serves TLS with this key and certificate (PEM); the URL then starts with `https:`. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The one account there is. @default "simulator-public-key" */
  readonly publicKey?: string;
  /** @default "simulator-private-key" */
  readonly privateKey?: string;
  /** Given one, every request has to carry it; given none, none may carry any. */
  readonly securityToken?: string;
  /** What the cloud holds. @default createDemoFleet({ now }) */
  readonly fleet?: Fleet;
  /** The moment the default fleet is made for. @default new Date() */
  readonly now?: Date;
  /** Most rows a page ever brings, whatever `Limit` asks. @default 100 */
  readonly pageCap?: number;
  /** What `TotalCount` says. @default "exact" */
  readonly totalCount?: TotalCountMode;
  /** In which order rows are listed. @default "shuffled" */
  readonly rowOrder?: RowOrder;
  /** Whether UMem rows are shards or whole backups. @default "perShard" */
  readonly umemRows?: UMemRows;
  /** Writes every number of a row as a string, as this family of APIs has been seen to do. @default false */
  readonly numbersAsStrings?: boolean;
  /** How long every answer takes, faulty ones included. @default 0 */
  readonly latencyMs?: number;
  /** Requests above so many in any one second are answered with RetCode 153. @default no limit */
  readonly maxRequestsPerSecond?: number;
  /** Called (and awaited) with every request before it is answered: the place to change the fleet between two pages. */
  readonly onRequest?: (request: RecordedRequest, simulator: Simulator) => void | Promise<void>;
  /**
   * Bends answers that are not wrong replies of a fault: gets a copy of the JSON body, and may change it or return
   * another value to be sent instead (`undefined` means the copy).
   */
  readonly onAnswer?: (answer: Record<string, unknown>, request: RecordedRequest) => unknown;
}

/** A running simulator. */
export interface Simulator {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly securityToken: string | undefined;
  /** Every request that has been read (the last 10,000 at least), by arrival; entries are completed when answered. */
  readonly requests: readonly RecordedRequest[];
  /** How many TCP connections were ever opened. */
  readonly connections: number;
  /** The most requests that were ever being answered at the same time. */
  readonly peakConcurrency: number;
  /** What the cloud holds; assign a new fleet to change it, effective from the next request on. */
  fleet: Fleet;
  /** Queues a fault. */
  injectFault(fault: Fault): void;
  /** Forgets all faults still queued; requests already hit by one stay hit. */
  clearFaults(): void;
  /** @deprecated The earlier name of `injectFault`. */
  misbehave(fault: Fault): void;
  /** @deprecated The earlier name of `clearFaults`. */
  behave(): void;
  /** Stops listening and destroys every connection at once, those left hanging included. May be called twice. */
  close(): Promise<void>;
}

/** Options with every default filled in. */
export interface ResolvedOptions extends ReplyStyle {
  readonly host: string;
  readonly port: number;
  readonly tls: SimulatorOptions["tls"];
  readonly account: Account;
  readonly fleet: Fleet;
  readonly pageCap: number;
  readonly rowOrder: RowOrder;
  readonly umemRows: UMemRows;
  readonly latencyMs: number;
  readonly maxRequestsPerSecond: number | undefined;
  readonly onRequest: SimulatorOptions["onRequest"];
}

/** Fills in the defaults. @throws RangeError when a number makes no sense. */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { pageCap = 100, latencyMs = 0, maxRequestsPerSecond } = options;
  if (!Number.isInteger(pageCap) || pageCap < 1)
    throw new RangeError("pageCap must be a whole number from 1 on");
  if (!(latencyMs >= 0)) throw new RangeError("latencyMs must not be negative");
  if (maxRequestsPerSecond !== undefined && !(maxRequestsPerSecond > 0)) {
    throw new RangeError("maxRequestsPerSecond must be above 0");
  }
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
    pageCap,
    totalCount: options.totalCount ?? "exact",
    rowOrder: options.rowOrder ?? "shuffled",
    umemRows: options.umemRows ?? "perShard",
    numbersAsStrings: options.numbersAsStrings ?? false,
    latencyMs,
    maxRequestsPerSecond,
    onRequest: options.onRequest,
    onAnswer: options.onAnswer,
  };
}
