/** A simulator in a process of its own, so that what it does does not take time from what is measured. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { type BackupSource, createFleet, type FleetPlan, listSources, startSimulator } from "../simulator";

/** What the process is told to serve. */
export interface SimulatorPlan {
  readonly fleet: FleetPlan;
  readonly latencyMs?: number;
  readonly maxRequestsPerSecond?: number;
}

/** What it was asked since it was last counted. */
export interface Traffic {
  readonly requests: number;
  /** Those answered with RetCode 0. */
  readonly accepted: number;
  readonly connections: number;
}

/** What it says of itself once it serves. */
interface Introduction {
  /** Provider settings under which it is asked. */
  readonly settings: { readonly publicKey: string; readonly privateKey: string; readonly baseUrl: string };
  /** What it has backups of. */
  readonly sources: readonly BackupSource[];
}

/** A simulator elsewhere. */
export interface SimulatorProcess extends Introduction {
  countTraffic(): Promise<Traffic>;
  stop(): Promise<void>;
}

type Message = Introduction | { readonly traffic: Traffic };

/** Starts one, and waits until it serves. */
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

/** The process itself. It ends with the one that started it. */
async function serve({ fleet, ...options }: SimulatorPlan): Promise<void> {
  const simulator = await startSimulator({ ...options, fleet: createFleet(fleet) });
  const sources = listSources(simulator.fleet);
  const send = (message: Message): void => void process.send?.(message);
  let [lastNumber, lastConnections] = [0, 0];
  process.on("disconnect", () => process.exit());
  process.on("message", () => {
    const asked = simulator.requests.filter(({ number }) => number > lastNumber);
    const accepted = asked.filter(({ retCode }) => retCode === 0).length;
    const connections = simulator.connections - lastConnections;
    send({ traffic: { requests: asked.length, accepted, connections } });
    lastNumber = asked.at(-1)?.number ?? lastNumber;
    lastConnections += connections;
  });
  const { publicKey, privateKey, url } = simulator;
  send({ settings: { publicKey, privateKey, baseUrl: url }, sources });
}

if (require.main === module) void serve(JSON.parse(process.argv[2] ?? "") as SimulatorPlan);
