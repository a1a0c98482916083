import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { createCleanEnv, startPlugin } from "../tests/support/pluginProcess";
import { type Benchmark, describeMemory, type Figure, formatTime, median } from "./figures";
import { readPeakMemory } from "./timedPlugin";

/** How long it takes until a plugin serves, and what it takes then, beside a Node.js that does nothing. */
export const pluginStart: Benchmark = {
  name: "plugin-start",
  async run({ isShort, report }) {
    const nodeMs: number[] = [];
    const pluginMs: number[] = [];
    const answerMs: number[] = [];
    const peaks: number[] = [];
    // In turns, so that both meet the machine's better and worse moments.
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
      { ...describe("Plugin start, spawn to port", pluginMs), budget: { atMost: 2.5 } },
      describe("Plugin start, spawn to first answer (its version)", answerMs),
    ];
    if (peaks.length === 0) report("the plugin's memory: only Linux tells");
    if (peaks.length === 0) return times;
    return [
      ...times,
      describeMemory("Plugin memory, once it has answered", Math.max(...peaks), { atMost: 75 }),
    ];
  },
};

async function timeNode(): Promise<number> {
  const startedAt = performance.now();
  // With as little of this machine's settings as the plugin is started with: some slow Node.js itself down.
  await once(
    spawn(process.execPath, ["-e", "0"], { env: createCleanEnv(os.tmpdir()), stdio: "ignore" }),
    "exit",
  );
  return performance.now() - startedAt;
}
