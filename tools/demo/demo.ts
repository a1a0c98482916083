/**
 * `npm run demo`: runs the quick-start program against the simulator. It previews, deploys, lets the running
 * backups finish, previews again, and shows what was found and what the pins kept. Then it deletes the group
 * and restores it. Pulumi's engine runs the programs, in a temporary folder, if a CLI is installed or can be
 * downloaded within seconds. Otherwise the mock engine of Pulumi's SDK runs them, with the real plugin.
 */

import { CommandError } from "@pulumi/pulumi/automation";
import { describeChoice, LATEST_HEADING } from "../../provider/commands/latestOutput";
import { formatTable } from "../../provider/commands/table";
import type { SkippedBackup } from "../../provider/schemaTypes";
import { demo, type Fleet, startSimulator } from "../../simulator";
import { findRedisServer } from "../../simulator/redisServerProgram";
import { runDrill } from "./demoDrill";
import { type Run, type Runner, startRunner } from "./demoRunners";
import { loadExample } from "./exampleProgram";
import { createSimulatedConfig } from "../simulatedConfig";

/** What the quick-start program exports for each database. */
interface Found {
  /** The backup that the pin holds. */
  readonly pinned: string;
  readonly createdAt: string;
  readonly skipped: readonly SkippedBackup[];
  /** The backup that the function found. */
  readonly newest: string;
}

const quickstart = (): Record<string, unknown> => loadExample("quickstart");

async function runDemo(): Promise<void> {
  const server = await findRedisServer();
  const simulator = await startSimulator({ redis: "program" in server && { server: server.program } });
  let runner: Runner | undefined;
  try {
    console.log(`A local stand-in for the UCloud API answers at ${simulator.url}.\n`);
    const config = {
      ...createSimulatedConfig(simulator),
      groupId: { value: demo.uredisGroupId },
      spaceId: { value: demo.umemSpaceId },
      zone: { value: demo.zone },
    };
    runner = await startRunner(config);
    const first = await runner.preview(quickstart, (text) => process.stdout.write(text));
    console.log(
      formatTable(LATEST_HEADING, [
        describeFound(`URedis group ${demo.uredisGroupId}`, first.outputs["uredis"]),
        describeFound(`UMem space ${demo.umemSpaceId}`, first.outputs["umem"]),
      ]),
    );
    console.log(
      "\nNow the demo deploys (`pulumi up`), lets the running backups finish, and previews again:\n",
    );
    await runner.deploy(quickstart);
    simulator.fleet = finishBackups(simulator.fleet);
    const second = await runner.preview(quickstart);
    console.log(
      formatTable(
        ["Pin", "Second preview", "Still restores from", "Although this is newer"],
        [describePin("uredis", second), describePin("umem", second)],
      ),
    );
    await runDrill(runner, simulator);
    console.log("\nTo look up the backups of your own databases next, see examples/quickstart/README.md;");
    console.log("to restore one, examples/disasterRecovery/README.md.");
  } finally {
    await Promise.all([simulator.close(), runner?.close()]);
  }
}

/** The same fleet after all running backups have finished. */
function finishBackups(fleet: Fleet): Fleet {
  return {
    ...fleet,
    uredis: fleet.uredis.map((record) =>
      record.row.State === "Backuping" ? { ...record, row: { ...record.row, State: "Success" } } : record,
    ),
    umem: fleet.umem.map((record) => ({ ...record, row: { ...record.row, State: "Done" } })),
  };
}

function describeFound(source: string, output: unknown): string[] {
  const found = output as Found | undefined;
  if (found === undefined) throw new Error(`The program exported nothing for ${source}.`);
  const { pinned, createdAt, skipped } = found;
  const ageSeconds = (Date.now() - Date.parse(createdAt)) / 1000;
  return describeChoice(source, { backupId: pinned, createdAt, ageSeconds, skipped });
}

function describePin(name: string, { outputs, operations }: Run): string[] {
  const { pinned = "", newest = "" } = (outputs[name] ?? {}) as Partial<Found>;
  const operation = operations[name] ?? "not there";
  return [name, operation === "same" ? "unchanged" : operation, pinned, newest === pinned ? "" : newest];
}

runDemo().catch((error: unknown) => {
  // The engine's own messages were shown while it ran.
  if (!(error instanceof CommandError)) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
