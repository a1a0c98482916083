/** A simulator in its own process, so that its work does not slow down what is measured. */

import { fork } from "node:child_process";
import { once } from "node:events";
import {
  addBackups,
  type BackupSource,
  createDatabases,
  createFleet,
  type Fleet,
  type FleetPlan,
  listSources,
  startSimulator,
} from "../simulator";

/** What the process serves. */
export interface SimulatorPlan {
  readonly fleet: FleetPlan;
  /** A fleet beside it, such as one in another region. */
  readonly otherFleet?: FleetPlan;
  /** Whether the databases that the backups belong to are listed, too. @default false */
  readonly hasDatabases?: boolean;
  readonly latencyMs?: number;
  readonly maxRequestsPerSecond?: number;
}

/** The requests and connections since the last count. */
export interface Traffic {
  readonly requests: number;
  /** Requests answered with RetCode 0. */
  readonly accepted: number;
  readonly connections: number;
}

/** The first message of the process, sent once it serves. */
interface Introduction {
  /** The provider settings to reach it. */
  readonly settings: { readonly publicKey: string; readonly privateKey: string; readonly baseUrl: string };
  /** The databases that it has backups of. */
  readonly sources: readonly BackupSource[];
}

/** A simulator in another process. */
export interface SimulatorProcess extends Introduction {
  countTraffic(): Promise<Traffic>;
  stop(): Promise<void>;
}

type Message = Introduction | { readonly traffic: Traffic };

/** Starts a simulator process, and waits until it serves. */
export async function startSimulatorProcess(plan: SimulatorPlan): Promise<SimulatorProcess> {
  const child = fork(__filename, [JSON.stringify(plan)], {
    execArgv: ["-r", require.resolve("ts-node/register")],
  });
  const exited = once(child, "exit");
  const read = async (): Promise<Message> => {
    const message = await Promise.race([once(child, "message"), exited.then(() => undefined)]);
    if (message === undefined) throw new Error("the simulator's process ended");
    return message[0] as Message;
  };
  const first = await read();
  if (!("settings" in first)) {
    child.kill();
    throw new Error("the simulator did not say where it listens");
  }
  return {
    ...first,
    async countTraffic() {
      child.send("count");
      const message = await read();
      if (!("traffic" in message)) throw new Error("the simulator did not count");
      return message.traffic;
    },
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** Runs in the process, which ends with its parent. */
async function serve({ fleet, otherFleet, hasDatabases, ...options }: SimulatorPlan): Promise<void> {
  const backups = addBackups(createFleet(fleet), otherFleet === undefined ? {} : createFleet(otherFleet));
  const whole: Fleet = hasDatabases ? { ...backups, databases: createDatabases(backups) } : backups;
  const simulator = await startSimulator({ ...options, fleet: whole });
  const sources = listSources(simulator.fleet);
  const send = (message: Message): void => void process.send?.(message);
  let [lastNumber, lastConnections] = [0, 0];
  process.on("disconnect", () => process.exit());
  process.on("message", () => {
    const recent = simulator.requests.filter(({ number }) => number > lastNumber);
    const accepted = recent.filter(({ retCode }) => retCode === 0).length;
    const connections = simulator.connections - lastConnections;
    send({ traffic: { requests: recent.length, accepted, connections } });
    lastNumber = recent.at(-1)?.number ?? lastNumber;
    lastConnections += connections;
  });
  const { publicKey, privateKey, url } = simulator;
  send({ settings: { publicKey, privateKey, baseUrl: url }, sources });
}

if (require.main === module) void serve(JSON.parse(process.argv[2] ?? "") as SimulatorPlan);
