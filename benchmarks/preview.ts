import assert from "node:assert/strict";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as dynamicTwin from "../provider/dynamic/index";
import * as ucloudRedis from "../sdk/nodejs";
import { demo, startSimulator } from "../simulator";
import { createEngineStack, type EngineStack } from "../tools/engineStack";
import { createSimulatedConfig } from "../tools/simulatedConfig";
import { type Benchmark, type Figure, formatTime, median } from "./figures";

const LATENCY_MS = 20;

type EntryPoint = Pick<typeof ucloudRedis, "getLatestUMemBackupOutput" | "getLatestURedisBackupOutput">;

/** A program on the engine, and how long its previews took. */
interface Run {
  /** By what it looks up. */
  readonly name: string;
  readonly lookups: number;
  readonly engine: EngineStack;
  readonly times: number[];
}

/** What two lookups add to `pulumi preview`, through the plugin and through the twin. */
export const preview: Benchmark = {
  name: "preview",
  async run({ isShort }) {
    const simulator = await startSimulator({ latencyMs: LATENCY_MS });
    const runs: Run[] = [];
    const create = async (name: string, lookups: number, program: PulumiFn): Promise<Run> => {
      const engine = await createEngineStack({ program, config: createSimulatedConfig(simulator) });
      const run = { name, lookups, engine, times: [] };
      runs.push(run);
      return run;
    };
    try {
      const plain = await create("nothing", 0, () => Promise.resolve({ uredis: "none", umem: "none" }));
      const plugin = await create("the plugin", 2, () => Promise.resolve(lookUpBoth(ucloudRedis)));
      const name = "`pulumi-ucloud-redis/dynamic`";
      const dynamic = await create(name, 2, () => Promise.resolve(lookUpBoth(dynamicTwin)));
      // In turns, so that all meet the machine's better and worse moments; first once to load what stays loaded.
      for (let round = 0; round <= (isShort ? 1 : 5); round++) {
        for (const { name, lookups, engine, times } of runs) {
          const asked = simulator.requests.length;
          const startedAt = performance.now();
          await engine.stack.preview();
          const elapsedMs = performance.now() - startedAt;
          const requests = simulator.requests.length - asked;
          assert.ok(lookups === 0 ? requests === 0 : requests >= lookups, `${name}: ${requests} requests`);
          if (round > 0) times.push(elapsedMs);
        }
      }
      return [describe(plugin, plain), describe(dynamic, plain)];
    } finally {
      for (const { engine } of runs) engine.remove();
      await simulator.close();
    }
  },
};

function lookUpBoth(entryPoint: EntryPoint): Record<string, unknown> {
  const space = { zone: demo.zone, spaceId: demo.umemSpaceId };
  return {
    uredis: entryPoint.getLatestURedisBackupOutput({ groupId: demo.uredisGroupId }).backupId,
    umem: entryPoint.getLatestUMemBackupOutput(space).backupId,
  };
}

function describe({ name, times }: Run, plain: Run): Figure {
  const without = median(plain.times);
  return {
    what: `\`pulumi preview\` with two lookups by ${name}`,
    measured: formatTime(median(times)),
    reference: `without: ${formatTime(without)}`,
    result: (median(times) - without) / 1000,
    unit: "s more",
    budget: { atMost: 1 },
  };
}
