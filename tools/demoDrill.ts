/** The end of the demo: the group is lost, and restored. */

import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { RestoredURedisGroup } from "pulumi-ucloud-redis";
import { formatAge } from "../provider/backups/age";
import { type Database, demo, type Simulator } from "../simulator";
import type { Program, Run, Runner } from "./demoRunners";
import { formatTable } from "./table";

/** The name of the resource, and of the output with what the table shows. */
const NAME = "restored";

/** What the program exports. */
interface Restored {
  readonly backupId: string;
  readonly backedUpAt: string;
  readonly groupId: string;
  readonly requestedAt: string;
  readonly readyAt: string;
}

/** Deletes the demo's group in the simulator, and shows how `pulumi up` restores it. */
export async function runDrill(runner: Runner, simulator: Simulator): Promise<void> {
  const lost = findLost(simulator);
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
}

function findLost({ databases }: Simulator): Database {
  const found = databases.find(({ id }) => id === demo.uredisGroupId);
  if (found === undefined) throw new Error("The demo's databases have changed.");
  return found;
}

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
