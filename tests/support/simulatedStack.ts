import fs from "node:fs";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/index";
import { createEngineStack, type EngineStack } from "../../tools/engineStack";
import { createSimulatedConfig } from "../../tools/simulatedConfig";

/** A stack on the real engine whose provider asks a simulator. */
export interface SimulatedStack extends EngineStack {
  readonly simulator: Simulator;
  /** The stack's state as the engine wrote it. Its history also holds the stack's config, as the user set it. */
  readonly readState: () => string;
  /** Ends both. */
  close(): Promise<void>;
}

/** Sets both up, for a program of this process or a whole project, as `createEngineStack` does. */
export async function startSimulatedStack(options: {
  program?: PulumiFn;
  projectFolder?: string;
  layOut?: (folder: string) => string;
  env?: Record<string, string>;
  simulator?: SimulatorOptions;
  config?: Record<string, string>;
}): Promise<SimulatedStack> {
  const { config = {}, simulator: simulatorOptions, ...project } = options;
  const simulator = await startSimulator(simulatorOptions);
  try {
    const engineStack = await createEngineStack({
      ...project,
      config: {
        ...createSimulatedConfig(simulator),
        ...Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])),
      },
    });
    const close = async (): Promise<void> => {
      engineStack.remove();
      await simulator.close();
    };
    return {
      ...engineStack,
      simulator,
      close,
      readState: () => readFiles(path.join(engineStack.folder, "state", ".pulumi", "stacks")),
    };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

function readFiles(folder: string): string {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8")).join("\n");
}
