/** The rows of the fault table: what is injected, and what has to follow. */
import { type Fault, type Simulator, type SimulatorOptions, startSimulator } from "../../simulator";
import { createUMemFleet, createURedisFleet, type KnownFleet } from "../support/knownFleet";
import type { Properties } from "../support/pluginClient";
import { createSettings } from "../support/simulatedSettings";

/** The two services, and the function that lists the backups of each. */
export const SERVICES = {
  uredis: { name: "getURedisBackups", action: "DescribeURedisBackup", createKnownFleet: createURedisFleet },
  umem: { name: "getUMemBackups", action: "DescribeUMemBackup", createKnownFleet: createUMemFleet },
} as const;

export type Service = keyof typeof SERVICES;

/** A server with a fault, what is asked of it, and the complete answer. */
export interface Arrangement {
  /** The settings of the plugin. */
  readonly settings: object;
  readonly known: Pick<KnownFleet, "source" | "backupIds" | "usableIds" | "newerIds">;
  /** Returns how many requests have arrived; absent where none can arrive. */
  readonly countRequests?: (() => number) | undefined;
  /** Runs while the call is in flight. `roundTrip` makes another call to the plugin. */
  readonly meanwhile?: (roundTrip: () => Promise<unknown>) => Promise<void>;
  /** Environment variables of the plugin, which then is not shared with other cases. */
  readonly env?: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** How many requests each service takes. */
export type RequestCounts = Readonly<Record<Service, number>>;

/**
 * Returns request counts. UMem takes one more than URedis by default: its `TotalCount` may count backups
 * instead of rows, so it never shows that a page was the last one.
 */
export function countRequests(uredis: number, umem = uredis + 1): RequestCounts {
  return { uredis, umem };
}

/** The expectation of a complete and correct answer. */
export interface Answered {
  /** The number of requests. @default not checked, since pages that were read ahead may be dropped */
  readonly requests?: RequestCounts;
  /** The warning that has to be shown. @default none may be shown */
  readonly warning?: string;
  /** Checks more of the result. */
  readonly check?: (result: Properties) => void;
  /** The least time the answer takes, because the server demanded a wait. */
  readonly atLeastMs?: number;
}

/** The expectation of a failure: its code, and the words that users read. */
export interface Refused {
  readonly code: string;
  /** What happened. */
  readonly what: string;
  readonly attempts: number;
  /** What to do. */
  readonly advice: string;
}

/** The failure after two attempts of 0.6 s without a complete answer. */
export const TIMED_OUT: Refused = {
  code: "Timeout",
  what: "no complete answer within 0.6 s",
  attempts: 2,
  advice: "Try again in a few minutes, or raise `timeoutSeconds`.",
};

/** One row of the table. */
export interface FaultCase {
  readonly name: string;
  /** The only service that is called. @default both, one after the other */
  readonly only?: Service;
  readonly arrange: (service: Service) => Promise<Arrangement>;
  readonly expected: Answered | Refused;
  /** Another text for what happened, which some machines show. */
  readonly or?: string;
  /** The time limit for the answer, on a busy machine, too. @default 6000 */
  readonly withinMs?: number;
  /** The limit for the memory of the plugin, which then is not shared with other cases. In MB. */
  readonly withinMegabytes?: number;
}

/** The options of `simulate`. */
export interface Simulation {
  /** The faults. Each service has its own simulator. */
  readonly faults?: readonly Fault[];
  readonly options?: SimulatorOptions | ((known: KnownFleet) => SimulatorOptions);
  /** Settings of the plugin besides the simulator's URL and keys. @default one retry, 10 s */
  readonly settings?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** The number of rows of the listing. @default 40 */
  readonly rows?: number;
  /** Returns the complete answer. @default the whole fleet */
  readonly know?: (known: KnownFleet) => Arrangement["known"];
  /** Returns the URL that the plugin calls. @default the simulator's */
  readonly baseUrl?: (simulator: Simulator) => string;
}

/** Returns a function that starts a simulator with these faults. */
export function simulate(simulation: Simulation): FaultCase["arrange"] {
  return async (service) => {
    const { faults = [], options = {}, settings = {}, env, rows = 40, know, baseUrl } = simulation;
    const known = SERVICES[service].createKnownFleet(rows);
    const simulator = await startSimulator({
      fleet: known.fleet,
      ...(typeof options === "function" ? options(known) : options),
    });
    for (const fault of faults) simulator.injectFault(fault);
    return {
      settings: createSettings(simulator, {
        maxRetries: 1,
        timeoutSeconds: 10,
        ...settings,
        ...(baseUrl && { baseUrl: baseUrl(simulator) }),
      }),
      known: know?.(known) ?? known,
      countRequests: () => simulator.requests.length,
      ...(env && { env }),
      stop: () => simulator.close(),
    };
  };
}
