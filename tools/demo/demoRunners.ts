/** The two engines that can run the demo's programs: Pulumi's own, and the mock engine of Pulumi's SDK. */

import type { ConfigMap, EngineEvent } from "@pulumi/pulumi/automation";
import { type Engine, findEngine, minimumVersion } from "../engine/engine";
import { downloadEngine, isSiteReachable } from "../engine/engineDownload";
import { createEngineStack } from "../engine/engineStack";
import { startMockEngine } from "../engine/mockEngine";

/** How long the first output may wait for the vendor's site to answer, and then for the download. */
const PROBE_MS = 3_000;
const DOWNLOAD_MS = 20_000;

/** The operations of one replacement. */
const REPLACEMENT = new Set(["create-replacement", "replace", "delete-replaced"]);

/** A Node.js program. It returns the stack's outputs. */
export type Program = () => Record<string, unknown>;

/** What a run of a program showed. */
export interface Run {
  /** By the name of the output. */
  readonly outputs: Record<string, unknown>;
  /** The operation on each resource (`create`, `same`, `replace`), by the resource's name. */
  readonly operations: Record<string, string>;
}

/** Runs programs on one stack. */
export interface Runner {
  readonly preview: (program: Program, onOutput?: (text: string) => void) => Promise<Run>;
  readonly deploy: (program: Program) => Promise<Run>;
  /** Ends the processes and removes the files of all runs. */
  readonly close: () => Promise<void>;
}

/**
 * Returns a runner on Pulumi's engine, if a CLI is installed or can be downloaded within seconds. Building one
 * would take minutes. Otherwise prints that this is not Pulumi's engine, and returns one on the mock engine.
 */
export async function startRunner(config: ConfigMap): Promise<Runner> {
  const engine = await findEngine(["path", "cache", "download"], {
    waits: false,
    isSiteReachable: () => isSiteReachable(undefined, PROBE_MS),
    download: (version, folder) => downloadEngine(version, folder, { timeoutMs: DOWNLOAD_MS }),
  });
  return engine === undefined ? runOnMocks(config) : runOnEngine(engine, config);
}

async function runOnEngine(engine: Engine, config: ConfigMap): Promise<Runner> {
  const { stack, remove } = await createEngineStack({ engine, program: () => Promise.resolve(), config });
  const observe = async (task: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<Run> => {
    const run: Run = { outputs: {}, operations: {} };
    await task((event) => addEvent(run, event));
    return run;
  };
  const wrap = (program: Program) => () => Promise.resolve(program());
  return {
    preview: (program, onOutput) =>
      observe((onEvent) => stack.preview({ program: wrap(program), onEvent, ...(onOutput && { onOutput }) })),
    deploy: (program) => observe((onEvent) => stack.up({ program: wrap(program), onEvent })),
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
  return {
    preview: (program) => engine.run(program, { preview: true }),
    deploy: (program) => engine.run(program),
    close: () => engine.close(),
  };
}

/** Adds what an event tells of the run. The stack's outputs come with the last event about the stack. */
function addEvent({ outputs, operations }: Run, { resOutputsEvent }: EngineEvent): void {
  if (resOutputsEvent === undefined) return;
  const { type, urn, op, new: state } = resOutputsEvent.metadata;
  if (type === "pulumi:pulumi:Stack") Object.assign(outputs, state?.outputs);
  else operations[urn.slice(urn.lastIndexOf("::") + 2)] = REPLACEMENT.has(op) ? "replace" : op;
}
