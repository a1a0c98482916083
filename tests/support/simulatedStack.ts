import fs from "node:fs";
import path from "node:path";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/index";
import { createEngineStack, type EngineStack, type EngineStackOptions } from "../../tools/engine/engineStack";
import { createSimulatedConfig } from "../../tools/simulatedConfig";
import { readResultsFromState } from "./stackResults";

/** A stack on the real engine whose provider asks a simulator. */
export interface SimulatedStack extends EngineStack {
  readonly simulator: Simulator;
  /**
   * Returns all files of the stack's state. Its history also holds the stack's config, as the user set it.
   */
  readonly readState: () => string;
  /** Removes the stack and ends the simulator. */
  close(): Promise<void>;
}

/** The stack's project, as for `createEngineStack`, its config, and how to start the simulator. */
export interface SimulatedStackOptions extends Omit<EngineStackOptions, "config"> {
  readonly simulator?: SimulatorOptions;
  /** Stack config beside the provider's settings. A key without a namespace is the program's. */
  readonly config?: Readonly<Record<string, string>>;
  /** As `config`, encrypted in the stack's config. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Starts a simulator, and creates a stack with it. */
export async function startSimulatedStack(options: SimulatedStackOptions): Promise<SimulatedStack> {
  const { config = {}, secrets = {}, simulator: simulatorOptions, env, ...project } = options;
  const simulator = await startSimulator(simulatorOptions);
  try {
    const engineStack = readResultsFromState(
      await createEngineStack({
        ...project,
        // Pulumi's Node.js host checks the types of a program in each run, which is half of its time. What tests
        // run is checked once, by compile.test.ts and codeBlocks.test.ts.
        env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true", ...env },
        config: {
          ...createSimulatedConfig(simulator),
          ...Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])),
          ...Object.fromEntries(
            Object.entries(secrets).map(([key, value]) => [key, { value, secret: true }]),
          ),
        },
      }),
    );
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

/** For the body of a suite: returns {@link startSimulatedStack}, whose stacks are closed after each test. */
export function useSimulatedStacks(): typeof startSimulatedStack {
  const running: SimulatedStack[] = [];
  afterEach(async () => {
    for (const stack of running.splice(0)) await stack.close();
  });
  return async (options) => {
    const stack = await startSimulatedStack(options);
    running.push(stack);
    return stack;
  };
}

function readFiles(folder: string): string {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8")).join("\n");
}
