import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/index";

/** Runs a task with a simulator, and stops the simulator. */
export async function withSimulator<Result>(
  options: SimulatorOptions,
  task: (simulator: Simulator) => Promise<Result>,
): Promise<Result> {
  const simulator = await startSimulator(options);
  try {
    return await task(simulator);
  } finally {
    await simulator.close();
  }
}
