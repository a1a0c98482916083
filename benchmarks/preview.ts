import assert from "node:assert/strict";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as dynamicTwin from "../sdk/dynamic";
import * as ucloudRedis from "../sdk/nodejs";
import { demo, startSimulator } from "../simulator";
import { createEngineStack, type EngineStack } from "../tools/engineStack";
import { createSimulatedConfig } from "../tools/simulatedConfig";
import { type Benchmark, type Figure, formatTime, median } from "./figures";

const LATENCY_MS = 20;

type EntryPoint = Pick<typeof ucloudRedis, "getLatestUMemBackupOutput" | "getLatestURedisBackupOutput">;

/** What two lookups add to `pulumi preview`, through the plugin and through the twin. */
export const preview: Benchmark = {
  name: "preview",
  async run({ isShort }) {
    const simulator = await startSimulator({ latencyMs: LATENCY_MS });
    const stacks: EngineStack[] = [];
    const create = async (program: PulumiFn): Promise<EngineStack["stack"]> => {
      const created = await createEngineStack({ program, config: createSimulatedConfig(simulator) });
      stacks.push(created);
      return created.stack;
    };
    try {
      const plain = await create(() => Promise.resolve({ uredis: "none", umem: "none" }));
      const plugin = await create(() => Promise.resolve(lookUpBoth(ucloudRedis)));
      const dynamic = await create(() => Promise.resolve(lookUpBoth(dynamicTwin)));
      const times = { plain: [] as number[], plugin: [] as number[], dynamic: [] as number[] };
      // In turns, so that all meet the machine's better and worse moments; first once to load what stays loaded.
      for (let round = 0; round <= (isShort ? 1 : 5); round++) {
        for (const [name, stack] of Object.entries({ plain, plugin, dynamic }) as [
          keyof typeof times,
          typeof plain,
        ][]) {
          const asked = simulator.requests.length;
          const startedAt = performance.now();
          await stack.preview();
          const elapsedMs = performance.now() - startedAt;
          const requests = simulator.requests.length - asked;
          assert.ok(name === "plain" ? requests === 0 : requests >= 2, `${name}: ${requests} requests`);
          if (round > 0) times[name].push(elapsedMs);
        }
      }
      return [
        describe("the plugin", times.plugin, times.plain),
        describe("`pulumi-ucloud-redis/dynamic`", times.dynamic, times.plain),
      ];
    } finally {
      for (const each of stacks) each.remove();
      await simulator.close();
    }
  },
};

function lookUpBoth(entryPoint: EntryPoint): Record<string, unknown> {
  const { groupId, umem } = {
    groupId: demo.uredisGroupId,
    umem: { zone: demo.zone, spaceId: demo.umemSpaceId },
  };
  return {
    uredis: entryPoint.getLatestURedisBackupOutput({ groupId }).backupId,
    umem: entryPoint.getLatestUMemBackupOutput(umem).backupId,
  };
}

function describe(name: string, withLookups: readonly number[], without: readonly number[]): Figure {
  return {
    what: `\`pulumi preview\` with two lookups by ${name}`,
    measured: formatTime(median(withLookups)),
    reference: `without: ${formatTime(median(without))}`,
    result: (median(withLookups) - median(without)) / 1000,
    unit: "s more",
    budget: { atMost: 1 },
  };
}
