import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { readPeakMemory } from "../tests/support/peakMemory";
import { createCleanEnv, startPlugin } from "../tests/support/pluginProcess";
import { type Benchmark, describeMemory, type Figure, formatTime, median } from "./figures";

/** The time until a plugin serves, compared with a Node.js that does nothing, and the memory it then uses. */
export const pluginStart: Benchmark = {
  name: "plugin-start",
  async run({ isShort, report }) {
    const nodeMs: number[] = [];
    const pluginMs: number[] = [];
    const answerMs: number[] = [];
    const peaks: number[] = [];
    // Alternately, so that a busy moment of the machine affects both.
    for (let round = 0; round < (isShort ? 7 : 21); round++) {
      nodeMs.push(await timeNode());
      const startedAt = performance.now();
      const plugin = await startPlugin({ args: ["127.0.0.1:1"] });
      pluginMs.push(performance.now() - startedAt);
      await plugin.getPluginInfo();
      answerMs.push(performance.now() - startedAt);
      const peak = readPeakMemory(plugin.pid);
      if (peak !== undefined) peaks.push(peak);
      await plugin.stop();
    }
    const describe = (what: string, measured: readonly number[]): Figure => ({
      what,
      measured: formatTime(median(measured)),
      reference: `\`node -e 0\`: ${formatTime(median(nodeMs))}`,
      result: median(measured) / median(nodeMs),
    });
    const times = [
      { ...describe("Plugin start, spawn to port", pluginMs), budget: 2.5 },
      describe("Plugin start, spawn to first answer (its version)", answerMs),
    ];
    if (peaks.length === 0) {
      report("the plugin's memory: it can be read on Linux only");
      return times;
    }
    const memory = { what: "Plugin memory, after the first answer", reference: "", budget: 75 };
    return [...times, describeMemory(Math.max(...peaks), memory)];
  },
};

async function timeNode(): Promise<number> {
  const startedAt = performance.now();
  // In the same clean environment as the plugin: some settings of a machine slow Node.js itself down.
  await once(
    spawn(process.execPath, ["-e", "0"], { env: createCleanEnv(os.tmpdir()), stdio: "ignore" }),
    "exit",
  );
  return performance.now() - startedAt;
}
