import assert from "node:assert/strict";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as dynamicTwin from "../provider/dynamic/index";
import * as ucloudRedis from "../sdk/nodejs";
import { demo, startSimulator } from "../simulator";
import { ensureEngine } from "../tools/engine/engine";
import { createEngineStack, type EngineStack } from "../tools/engine/engineStack";
import { createSimulatedConfig } from "../tools/simulatedConfig";
import { type Benchmark, type Figure, formatTime, median } from "./figures";
import { ensureWarmCache } from "./timedPlugin";

const LATENCY_MS = 20;
const LOOKUPS = 2;

type EntryPoint = Pick<typeof ucloudRedis, "getLatestUMemBackupOutput" | "getLatestURedisBackupOutput">;

/** A program on the engine, and the times of its previews. */
interface Run {
  /** The entry point that it looks up backups with. */
  readonly name: string;
  readonly engine: EngineStack;
  readonly times: number[];
}

/** The time that two lookups add to `pulumi preview`, with the plugin and with the dynamic twin. */
export const preview: Benchmark = {
  name: "preview",
  prepare: () => ensureEngine(),
  async run({ isShort }) {
    const simulator = await startSimulator({ latencyMs: LATENCY_MS });
    const runs: Run[] = [];
    const env = { XDG_CACHE_HOME: await ensureWarmCache() };
    const create = async (name: string, program: PulumiFn): Promise<Run> => {
      const config = createSimulatedConfig(simulator);
      const engine = await createEngineStack({ program, config, env });
      const run = { name, engine, times: [] };
      runs.push(run);
      return run;
    };
    try {
      const plain = await create("nothing", () => Promise.resolve({ uredis: "none", umem: "none" }));
      const plugin = await create("the plugin", () => Promise.resolve(lookUpBoth(ucloudRedis)));
      const name = "`pulumi-ucloud-redis/dynamic`";
      const dynamic = await create(name, () => Promise.resolve(lookUpBoth(dynamicTwin)));
      // Alternately, so that a busy moment of the machine affects all. The first round loads what stays
      // loaded.
      for (let round = 0; round <= (isShort ? 2 : 7); round++) {
        for (const run of runs) {
          const { name, engine, times } = run;
          const asked = simulator.requests.length;
          const startedAt = performance.now();
          await engine.stack.preview();
          const elapsedMs = performance.now() - startedAt;
          const requests = simulator.requests.length - asked;
          assert.ok(run === plain ? requests === 0 : requests >= LOOKUPS, `${name}: ${requests} requests`);
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
    budget: 0.15,
  };
}
