/** Keys in the real Redis servers of a simulator. */

import { createClient } from "redis";
import { URedisBackup } from "pulumi-ucloud-redis";
import type { Simulator } from "../../simulator/index";
import { startMockEngine } from "../../tools/mockEngine";
import { createSimulatedConfig } from "../../tools/simulatedConfig";

/** Where to log in. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly password?: string | undefined;
}

/** Logs in, runs a task and logs out. Fails at once if the server cannot be reached or refuses the password. */
export async function withRedis<Result>(
  { host, port, password }: Login,
  task: (client: ReturnType<typeof createClient>) => Promise<Result>,
): Promise<Result> {
  const client = createClient({
    socket: { host, port, reconnectStrategy: false },
    ...(password !== undefined && { password }),
  });
  // Without a listener, an error of the connection would end the process. The pending command rejects as well.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await task(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}

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
