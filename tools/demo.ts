/**
 * `npm run demo`: runs the quick-start program on the real engine against a local simulator of the API, in a temporary
 * folder. It previews, deploys, lets newer backups appear, previews again, and shows beside Pulumi's own output what was
 * found and what the pins kept.
 */

import { CommandError, type EngineEvent } from "@pulumi/pulumi/automation";
import { formatAge } from "../provider/backups/age";
import type { SkippedBackup } from "../sdk/nodejs/types/output";
import { demo, type Fleet, startSimulator } from "../simulator";
import { createEngineStack } from "./engineStack";
import { loadExample } from "./exampleProgram";
import { createSimulatedConfig } from "./simulatedConfig";
import { formatTable } from "./table";

/** What the quick-start program exports for each source. */
interface Found {
  /** The backup that the pin holds. */
  readonly pinned: string;
  readonly createdAt: string;
  readonly skipped: readonly SkippedBackup[];
  /** The backup that the function found. */
  readonly newest: string;
}

/** What a preview said, put together from the engine's events. */
interface Preview {
  /** By the name of the output. */
  readonly outputs: Record<string, Found>;
  /** What would be done to each resource (`create`, `same`), by the resource's name. */
  readonly operations: Record<string, string>;
}

async function runDemo(): Promise<void> {
  const simulator = await startSimulator();
  console.log(`A local stand-in for the UCloud API answers at ${simulator.url}.\n`);
  const engine = await createEngineStack({
    program: () => Promise.resolve(loadExample("quickstart")),
    config: {
      ...createSimulatedConfig(simulator),
      groupId: { value: demo.uredisGroupId },
      spaceId: { value: demo.umemSpaceId },
      zone: { value: demo.zone },
    },
  });
  try {
    const first = createPreview();
    await engine.stack.preview({
      onOutput: (text) => process.stdout.write(text),
      onEvent: (event) => addEvent(first, event),
    });
    console.log(
      formatTable(
        ["Source", "Restore from", "Age", "Newer, but passed over"],
        [
          describeChoice(`URedis group ${demo.uredisGroupId}`, first.outputs["uredis"]),
          describeChoice(`UMem space ${demo.umemSpaceId}`, first.outputs["umem"]),
        ],
      ),
    );

    console.log(
      "\nNow `pulumi up`; then the backups that were still running get done; then a second preview:\n",
    );
    await engine.stack.up();
    simulator.fleet = finishBackups(simulator.fleet);
    const second = createPreview();
    await engine.stack.preview({ onEvent: (event) => addEvent(second, event) });
    console.log(
      formatTable(
        ["Pin", "Second preview", "Still restores from", "Although this is newer"],
        [describePin("uredis", second), describePin("umem", second)],
      ),
    );
  } finally {
    engine.remove();
    await simulator.close();
  }
}

function createPreview(): Preview {
  return { outputs: {}, operations: {} };
}

/** The outputs of the stack come with the last event about it. */
function addEvent({ outputs, operations }: Preview, { resOutputsEvent }: EngineEvent): void {
  if (resOutputsEvent === undefined) return;
  const { type, urn, op, new: state } = resOutputsEvent.metadata;
  if (type === "pulumi:pulumi:Stack") Object.assign(outputs, state?.outputs);
  else operations[urn.slice(urn.lastIndexOf("::") + 2)] = op;
}

/** The same fleet some minutes later. */
function finishBackups(fleet: Fleet): Fleet {
  return {
    ...fleet,
    uredis: fleet.uredis.map((record) =>
      record.row.State === "Backuping" ? { ...record, row: { ...record.row, State: "Success" } } : record,
    ),
    umem: fleet.umem.map((record) => ({ ...record, row: { ...record.row, State: "Done" } })),
  };
}

function describeChoice(source: string, found: Found | undefined): string[] {
  if (found === undefined) throw new Error(`The program exported nothing for ${source}.`);
  const age = formatAge((Date.now() - Date.parse(found.createdAt)) / 1000);
  const skipped = found.skipped.map(({ backupId, reason }) => `${backupId}: ${reason}`);
  return [source, found.pinned, age, skipped.join("\n")];
}

function describePin(name: string, { outputs, operations }: Preview): string[] {
  const { pinned = "", newest = "" } = outputs[name] ?? {};
  const operation = operations[name] ?? "not there";
  return [name, operation === "same" ? "unchanged" : operation, pinned, newest === pinned ? "" : newest];
}

runDemo().catch((error: unknown) => {
  // What the engine had to say was shown while it ran.
  if (!(error instanceof CommandError)) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
