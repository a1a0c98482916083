/**
 * `npm run demo`: runs the quick-start program against the simulator. It previews, deploys, lets the running
 * backups finish, previews again, and shows what was found and what the pins kept. Pulumi's engine runs the
 * program, in a temporary folder, if a CLI is installed or can be downloaded within seconds. Otherwise the
 * mock engine of Pulumi's SDK runs it, with the real plugin.
 */

import { CommandError, type ConfigMap, type EngineEvent } from "@pulumi/pulumi/automation";
import { formatAge } from "../provider/backups/age";
import type { SkippedBackup } from "../provider/schemaTypes";
import { demo, type Fleet, startSimulator } from "../simulator";
import { type Engine, findEngine, minimumVersion } from "./engine";
import { downloadEngine, isSiteReachable } from "./engineDownload";
import { createEngineStack } from "./engineStack";
import { loadExample } from "./exampleProgram";
import { startMockEngine } from "./mockEngine";
import { createSimulatedConfig } from "./simulatedConfig";
import { formatTable } from "./table";

/** How long the first output may wait for the vendor's site to answer, and then for the download. */
const PROBE_MS = 3_000;
const DOWNLOAD_MS = 20_000;

/** What the quick-start program exports for each database. */
interface Found {
  /** The backup that the pin holds. */
  readonly pinned: string;
  readonly createdAt: string;
  readonly skipped: readonly SkippedBackup[];
  /** The backup that the function found. */
  readonly newest: string;
}

/** What a run of the program showed. */
interface Run {
  /** By the name of the output. */
  readonly outputs: Record<string, Found>;
  /** The operation on each resource (`create`, `same`), by the resource's name. */
  readonly operations: Record<string, string>;
}

/** Runs the quick start. */
interface Runner {
  readonly preview: (onOutput?: (text: string) => void) => Promise<Run>;
  readonly deploy: () => Promise<unknown>;
  /** Ends the processes and removes the files of all runs. */
  readonly close: () => Promise<void>;
}

async function runDemo(): Promise<void> {
  const simulator = await startSimulator();
  let runner: Runner | undefined;
  try {
    console.log(`A local stand-in for the UCloud API answers at ${simulator.url}.\n`);
    const config = {
      ...createSimulatedConfig(simulator),
      groupId: { value: demo.uredisGroupId },
      spaceId: { value: demo.umemSpaceId },
      zone: { value: demo.zone },
    };
    const engine = await findEngineQuickly();
    runner = engine === undefined ? await runOnMocks(config) : await runOnEngine(engine, config);
    const first = await runner.preview((text) => process.stdout.write(text));
    console.log(
      formatTable(
        ["Source", "Restore from", "Age", "Newer but skipped"],
        [
          describeChoice(`URedis group ${demo.uredisGroupId}`, first.outputs["uredis"]),
          describeChoice(`UMem space ${demo.umemSpaceId}`, first.outputs["umem"]),
        ],
      ),
    );
    console.log(
      "\nNow the demo deploys (`pulumi up`), lets the running backups finish, and previews again:\n",
    );
    await runner.deploy();
    simulator.fleet = finishBackups(simulator.fleet);
    const second = await runner.preview();
    console.log(
      formatTable(
        ["Pin", "Second preview", "Still restores from", "Although this is newer"],
        [describePin("uredis", second), describePin("umem", second)],
      ),
    );
    console.log("\nTo look up the backups of your own databases next, see examples/quickstart/README.md.");
  } finally {
    await Promise.all([simulator.close(), runner?.close()]);
  }
}

/** A CLI that is installed or can be downloaded within seconds. Building one would take minutes. */
function findEngineQuickly(): Promise<Engine | undefined> {
  return findEngine(["path", "cache", "download"], {
    waits: false,
    isSiteReachable: () => isSiteReachable(undefined, PROBE_MS),
    download: (version, folder) => downloadEngine(version, folder, { timeoutMs: DOWNLOAD_MS }),
  });
}

async function runOnEngine(engine: Engine, config: ConfigMap): Promise<Runner> {
  const { stack, remove } = await createEngineStack({
    engine,
    program: () => Promise.resolve(loadExample("quickstart")),
    config,
  });
  return {
    async preview(onOutput) {
      const run: Run = { outputs: {}, operations: {} };
      await stack.preview({ ...(onOutput && { onOutput }), onEvent: (event) => addEvent(run, event) });
      return run;
    },
    deploy: () => stack.up(),
    close() {
      remove();
      return Promise.resolve();
    },
  };
}

async function runOnMocks(config: ConfigMap): Promise<Runner> {
  console.log(
    "This is not Pulumi's engine: there is no Pulumi CLI, so the SDK's mock engine runs the program, with the " +
      `real plugin. For the real one, install the Pulumi CLI ${minimumVersion} or newer, or run \`npm run engine\` ` +
      "(with Go, about 5 minutes).\n",
  );
  const engine = await startMockEngine(config);
  const run = async (preview: boolean): Promise<Run> =>
    (await engine.run(() => loadExample("quickstart"), { preview })) as Run;
  return { preview: () => run(true), deploy: () => run(false), close: () => engine.close() };
}

/** Adds what an event tells of the run. The stack's outputs come with the last event about the stack. */
function addEvent({ outputs, operations }: Run, { resOutputsEvent }: EngineEvent): void {
  if (resOutputsEvent === undefined) return;
  const { type, urn, op, new: state } = resOutputsEvent.metadata;
  if (type === "pulumi:pulumi:Stack") Object.assign(outputs, state?.outputs);
  else operations[urn.slice(urn.lastIndexOf("::") + 2)] = op;
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

function describeChoice(source: string, found: Found | undefined): string[] {
  if (found === undefined) throw new Error(`The program exported nothing for ${source}.`);
  const age = formatAge((Date.now() - Date.parse(found.createdAt)) / 1000);
  const skipped = found.skipped.map(({ backupId, reason }) => `${backupId}: ${reason}`);
  return [source, found.pinned, age, skipped.join("\n")];
}

function describePin(name: string, { outputs, operations }: Run): string[] {
  const { pinned = "", newest = "" } = outputs[name] ?? {};
  const operation = operations[name] ?? "not there";
  return [name, operation === "same" ? "unchanged" : operation, pinned, newest === pinned ? "" : newest];
}

runDemo().catch((error: unknown) => {
  // The engine's own messages were shown while it ran.
  if (!(error instanceof CommandError)) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
