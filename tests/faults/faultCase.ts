/** What a row of the table of faults is, and how it is arranged. */
import type { Fault, Simulator, SimulatorOptions } from "../../simulator";
import { startSimulator } from "../../simulator";
import { createUMemFleet, createURedisFleet, type KnownFleet } from "../support/knownFleet";
import type { Properties } from "../support/pluginClient";
import { createSettings } from "../support/simulatedSettings";

/** The two services and the function that lists the backups of each. */
export const SERVICES = {
  uredis: { name: "getURedisBackups", action: "DescribeURedisBackup", createKnownFleet: createURedisFleet },
  umem: { name: "getUMemBackups", action: "DescribeUMemBackup", createKnownFleet: createUMemFleet },
} as const;

/** The name of one of them. */
export type Service = keyof typeof SERVICES;

/** What is asked, of whom, and what a complete answer to it holds. */
export interface Arrangement {
  readonly settings: object;
  readonly known: Pick<KnownFleet, "source" | "backupIds" | "usableIds" | "newerIds">;
  /** How many requests have arrived. Not known where none can arrive. */
  readonly countRequests?: (() => number) | undefined;
  /** Called once the question is under way; given what makes a round trip to the plugin. */
  readonly meanwhile?: (roundTrip: () => Promise<unknown>) => Promise<void>;
  /** Environment variables of the plugin, which then is one of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * So many requests of URedis, and one more of UMem, where `TotalCount` may count backups: it never says that what came
 * is all, so what stands behind it is asked for.
 */
export function countRequests(uredis: number, umem = uredis + 1): Readonly<Record<Service, number>> {
  return { uredis, umem };
}

/** A complete, correct answer. */
export interface Answered {
  /** How many requests it takes. @default not always as many, since pages that are read ahead may be given up */
  readonly requests?: Readonly<Record<Service, number>>;
  /** The warning that comes with it. @default none may come */
  readonly warning?: string;
  /** What else is true of the answer. */
  readonly check?: (result: Properties) => void;
  /** How long it takes at least, because the server asked for a wait. */
  readonly atLeastMs?: number;
}

/** A failure, in the words that users read. */
export interface Refused {
  readonly code: string;
  readonly what: string;
  readonly attempts: number;
  readonly advice: string;
}

/** One way in which everything is wrong. */
export interface FaultCase {
  readonly name: string;
  /** Only this service is asked. @default both, one after the other */
  readonly only?: Service;
  readonly arrange: (service: Service) => Promise<Arrangement>;
  readonly expected: Answered | Refused;
  /** What happened, where the machine at hand may say it in other words. */
  readonly or?: string;
  /** The answer has to be there by then, whatever the machine has to do besides. @default 6000 */
  readonly withinMs?: number;
  /** How much memory the plugin may have used, which then is one of its own. In MB. */
  readonly withinMegabytes?: number;
}

/** Arranges a simulator. */
export interface Simulation {
  /** What it meets. Each service has a simulator of its own. */
  readonly faults?: readonly Fault[];
  readonly options?: SimulatorOptions | ((known: KnownFleet) => SimulatorOptions);
  /** Settings of the plugin besides those that reach the simulator. @default one retry, 10 s */
  readonly settings?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** How many rows the listing has. @default 40 */
  readonly rows?: number;
  /** What a complete answer holds, where that is not all of the fleet. */
  readonly know?: (known: KnownFleet) => Arrangement["known"];
  /** Where it is reached. @default its own URL */
  readonly baseUrl?: (simulator: Simulator) => string;
}

/** Returns what arranges a simulator that misbehaves as told. */
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
        ...(baseUrl === undefined ? {} : { baseUrl: baseUrl(simulator) }),
      }),
      known: know?.(known) ?? known,
      countRequests: () => simulator.requests.length,
      ...(env === undefined ? {} : { env }),
      stop: () => simulator.close(),
    };
  };
}
