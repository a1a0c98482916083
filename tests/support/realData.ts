/** Keys in the real Redis servers of a simulator. */

import { URedisBackup } from "pulumi-ucloud-redis";
import type { Simulator } from "../../simulator/index";
import { startMockEngine } from "../../tools/engine/mockEngine";
import { withRedis } from "../../tools/redisClient";
import { createSimulatedConfig } from "../../tools/simulatedConfig";

/** Writes keys into a group of the simulator. Returns how many keys it has then. */
export function writeKeys(simulator: Simulator, groupId: string, count: number): Promise<number> {
  const group = simulator.databases.find(({ id }) => id === groupId);
  if (group === undefined) throw new Error(`There is no group ${groupId}.`);
  return withRedis(group, async (client) => {
    const keys = Array.from({ length: count }, (_, index) => [`order:${index}`, `value ${index}`] as const);
    await client.mSet(Object.fromEntries(keys));
    return client.dbSize();
  });
}

/** Takes a backup of a group by hand, through the plugin, and waits until it can be restored. Returns its id. */
export async function takeBackup(simulator: Simulator, groupId: string): Promise<string> {
  const engine = await startMockEngine(createSimulatedConfig(simulator));
  try {
    const { outputs } = await engine.run(() => ({
      backupId: new URedisBackup("byHand", { groupId }).backupId,
    }));
    return String(outputs["backupId"]);
  } finally {
    await engine.close();
  }
}
