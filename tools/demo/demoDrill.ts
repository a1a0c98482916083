/** The end of the demo: the group is lost, and restored. */

import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { RestoredURedisGroup, URedisBackup } from "pulumi-ucloud-redis";
import { formatAge } from "../../provider/backups/age";
import { type Database, demo, type Simulator } from "../../simulator";
import type { Program, Run, Runner } from "./demoRunners";
import { withRedis } from "../redisClient";
import { formatTable } from "../../provider/commands/table";

/** The name of the resource, and of the output with what the table shows. */
const NAME = "restored";
/** How many keys are written where there is a Redis server. */
const KEYS = 1_000;

/** What the program exports. */
interface Restored {
  readonly backupId: string;
  readonly backedUpAt: string;
  readonly groupId: string;
  readonly requestedAt: string;
  readonly readyAt: string;
}

/**
 * Deletes the demo's group in the simulator, and shows how `pulumi up` restores it. With a real Redis server
 * behind the group, also writes keys before, takes a backup of them, and counts them at the end.
 */
export async function runDrill(runner: Runner, simulator: Simulator): Promise<void> {
  const lost = findGroup(simulator, demo.uredisGroupId);
  const isReal = simulator.redisVersion !== undefined;
  if (isReal) {
    await withRedis(lost, (client) => client.mSet(createKeys()));
    await runner.deploy(declareBackup);
    console.log(
      `\nRedis ${simulator.redisVersion} runs here: ${KEYS} keys are in ${lost.id}, and were backed up.`,
    );
  }
  console.log(
    `\nNow ${lost.id} is lost: the demo deletes it in the simulator. One \`pulumi up\` restores it from its` +
      "\nnewest usable backup, a second one changes nothing, and a changed trigger restores it anew:\n",
  );
  await simulator.deleteDatabase(lost.id);
  const password = randomBytes(18).toString("base64url");
  const rows: string[][] = [];
  for (const drill of ["first", "first", "again"]) {
    rows.push(describeRun(lost.id, await runner.deploy(declareRestore(lost, { password, drill }))));
  }
  console.log(formatTable(["Up", "Source", "Restored from", "Its age", "Came up", "Took"], rows));
  if (!isReal) return;
  const restored = findGroup(simulator, rows.at(-1)?.[4] ?? "");
  const count = await withRedis({ ...restored, password }, (client) => client.dbSize());
  console.log(`\nKeys before the loss: ${KEYS}; keys in ${restored.id}: ${count}.`);
}

function findGroup({ databases }: Simulator, groupId: string): Database {
  const found = databases.find(({ id }) => id === groupId);
  if (found === undefined) throw new Error(`The simulator has no group ${groupId}.`);
  return found;
}

function createKeys(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: KEYS }, (_, index) => [`order:${index}`, `value ${index}`]));
}

const declareBackup: Program = () => {
  const { backupId } = new URedisBackup("byHand", { groupId: demo.uredisGroupId });
  return { backupId };
};

/** The program. It says what only the lost group knew; size and version are those of the backup. */
function declareRestore(
  { id, vpcId, subnetId, chargeType }: Database,
  { password, drill }: { readonly password: string; readonly drill: string },
): Program {
  return () => {
    const group = new RestoredURedisGroup(NAME, {
      source: { groupId: id, maxAge: "26h" },
      vpcId,
      subnetId,
      chargeType,
      password,
      finalBackup: false,
      triggers: { drill },
    });
    const { groupId, requestedAt, readyAt } = group;
    const backup = group.backup.apply((chosen) => ({ ...chosen }));
    const { backupId, createdAt: backedUpAt } = backup;
    return { [NAME]: pulumi.output({ backupId, backedUpAt, groupId, requestedAt, readyAt }) };
  };
}

function describeRun(source: string, { outputs, operations }: Run): string[] {
  const { backupId, backedUpAt, groupId, requestedAt, readyAt } = outputs[NAME] as Restored;
  const [backedUp = 0, requested = 0, ready = 0] = [backedUpAt, requestedAt, readyAt].map(Date.parse);
  const operation = operations[NAME] ?? "not there";
  const took = operation === "same" ? "" : `${((ready - requested) / 1000).toFixed(1)} s`;
  return [operation, source, backupId, formatAge((requested - backedUp) / 1000), groupId, took];
}
