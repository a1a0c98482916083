/** Stacks on the real engine whose programs use one of the two entry points. */
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import fs from "node:fs";
import path from "node:path";
import type { Client } from "@grpc/grpc-js";
import { getEngine, getMonitor } from "@pulumi/pulumi/runtime/settings";
import type { EngineEvent, OpType, OutputMap } from "@pulumi/pulumi/automation";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { runCommand } from "../../tools/childProcess";
import { createEngineStack, type EngineStack } from "../../tools/engine/engineStack";
import { BOTH, type EntryPoint, installPackage, type Twin } from "../support/installedPackage";
import { requireEngine } from "../support/requireEngine";
import { readResultsFromState } from "../support/stackResults";

/** Most of a test's time is the engine's. */
export const TIMEOUT_MS = 180_000;

/** The exports of a program. */
export type Exports = Record<string, unknown>;

/** The outcome of a run of the engine. */
export interface Outcome {
  /**
   * The operations on each resource, by name, without `same`. A replacement is three operations, in order.
   */
  readonly operations: Readonly<Record<string, readonly OpType[]>>;
  /** The stack's outputs after an `up`. */
  readonly outputs: OutputMap;
  /** The outputs of each resource that the engine shows, also in a preview. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Everything that the user sees. */
  readonly text: string;
  /** Whether the run ended with an error. */
  readonly failed: boolean;
  /** The number of requests to the API. */
  readonly requests: number;
}

/** One run of the engine. */
export interface Run {
  readonly command: "preview" | "up" | "refresh" | "destroy";
  /** The program of this run and the following ones. @default the previous program */
  readonly program?: (twin: Twin) => Exports | Promise<Exports>;
  /** The file to which a preview writes its plan, or which an update must follow. */
  readonly plan?: string;
}

/** A stack whose lookups go to a simulator. */
export interface TwinStack extends EngineStack {
  readonly entryPoint: EntryPoint;
  readonly run: (run: Run) => Promise<Outcome>;
  /** The resources in state by name, with secrets encrypted. */
  readonly readResources: () => Record<string, StateResource>;
  /** @throws AssertionError if a key or signature is in a state file or in `pulumi stack export` */
  readonly assertNothingSecret: () => Promise<void>;
}

/** A resource in state. */
export interface StateResource {
  readonly id: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The settings of a stack besides its region and project. */
export interface TwinStackOptions {
  readonly keysFrom?: "config" | "environment";
  readonly config?: Readonly<Record<string, string>>;
}

/** A simulator and a stack, for tests of one entry point. */
export interface StackTest {
  readonly entryPoint: EntryPoint;
  readonly simulator: Simulator;
  readonly stack: TwinStack;
}

/** The stacks of {@link describeOnStacks}. */
interface StackTestOptions {
  /** @default both */
  readonly entryPoints?: readonly EntryPoint[];
  /** Whether each test has a stack of its own. @default all tests of an entry point share one */
  readonly isFresh?: boolean;
  /** @default the simulator's own keys */
  readonly keys?: Readonly<Record<string, string>>;
}

/** Describes tests for each entry point. The simulator and the stack of `test` exist while the tests run. */
export function describeOnStacks(
  title: string,
  define: (test: StackTest) => void,
  { entryPoints = BOTH, isFresh = false, keys = {} }: StackTestOptions = {},
): void {
  for (const entryPoint of entryPoints) {
    describe(`${title} (${entryPoint})`, function () {
      this.timeout(TIMEOUT_MS);
      const test = { entryPoint } as { -readonly [Name in keyof StackTest]: StackTest[Name] };
      const start = async (): Promise<void> => {
        test.simulator = await startSimulator(keys);
        test.stack = await createTwinStack(entryPoint, test.simulator);
      };
      const stop = async (): Promise<void> => {
        test.stack.remove();
        await test.simulator.close();
      };
      before(requireEngine);
      (isFresh ? beforeEach : before)(start);
      (isFresh ? afterEach : after)(stop);
      define(test);
    });
  }
}

/** Creates a stack whose programs use `entryPoint`. Remove it after the test. */
export async function createTwinStack(
  entryPoint: EntryPoint,
  simulator: Simulator,
  { keysFrom = "config", config = {} }: TwinStackOptions = {},
): Promise<TwinStack> {
  const project = await installPackage();
  const twin = project.load(entryPoint);
  const { publicKey, privateKey, securityToken = "" } = simulator;
  const keys = { publicKey, privateKey, securityToken };
  const given = Object.entries(keys).filter(([, value]) => value !== "");
  let program: Run["program"];
  let disconnect = (): void => undefined;
  const engineStack = readResultsFromState(
    await createEngineStack({
      projectFolder: project.folder,
      program: async () => {
        disconnect = AsyncLocalStorage.bind(closeConnections);
        return program?.(twin);
      },
      config: {
        ...(keysFrom === "config" &&
          Object.fromEntries(given.map(([key, value]) => [`ucloud-redis:${key}`, { value, secret: true }]))),
        "ucloud-redis:baseUrl": { value: simulator.url },
        "ucloud-redis:region": { value: demo.region },
        "ucloud-redis:projectId": { value: demo.projectId },
        "ucloud-redis:maxRetries": { value: "0" },
        ...Object.fromEntries(
          Object.entries(config).map(([key, value]) => [`ucloud-redis:${key}`, { value }]),
        ),
      },
      env: {
        ...(keysFrom === "environment" && {
          UCLOUD_PUBLIC_KEY: publicKey,
          UCLOUD_PRIVATE_KEY: privateKey,
          UCLOUD_SECURITY_TOKEN: securityToken,
        }),
      },
    }),
  );
  const { stack, folder } = engineStack;
  // The engine's own processes must find the package in the stack's folder, as in a project.
  fs.symlinkSync(project.nodeModules, path.join(folder, "node_modules"), "junction");
  const stateFolder = path.join(folder, "state", ".pulumi");

  async function exportStack(): Promise<string> {
    const { pulumiCommand, envVars, pulumiHome = "" } = stack.workspace;
    const env = { ...process.env, ...envVars, PULUMI_HOME: pulumiHome };
    const args = ["stack", "export", "--stack", stack.name];
    return (await runCommand(pulumiCommand.command, args, { cwd: folder, env })).stdout;
  }

  return {
    ...engineStack,
    entryPoint,

    async run({ command, program: next, plan }) {
      program = next ?? program;
      const before = simulator.requests.length;
      const events: EngineEvent[] = [];
      const onEvent = (event: EngineEvent): void => void events.push(event);
      const finish = (text: string, failed: boolean, outputs: OutputMap): Outcome => {
        const requests = simulator.requests.length - before;
        return { ...summarize(events), text, failed, outputs, requests };
      };
      try {
        const result = await stack[command]({ onEvent, ...(plan !== undefined && { plan }) });
        const outputs = "outputs" in result ? (result as { outputs: OutputMap }).outputs : {};
        return finish(`${result.stdout}\n${result.stderr}`, false, outputs);
      } catch (error) {
        return finish((error as Error).message, true, {});
      } finally {
        disconnect();
      }
    },

    readResources() {
      const file = path.join(stateFolder, "stacks", "twins", `${stack.name}.json`);
      const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as {
        checkpoint: { latest: { resources?: (StateResource & { urn: string })[] } };
      };
      const { resources = [] } = checkpoint.latest;
      return Object.fromEntries(resources.map((each) => [readName(each.urn), each]));
    },

    async assertNothingSecret() {
      const signatures = simulator.requests.map(({ parameters }) => parameters["Signature"] ?? "");
      const secrets = [...given.map(([, value]) => value), ...signatures].filter((each) => each !== "");
      const texts = { ...readFiles(stateFolder), "pulumi stack export": await exportStack() };
      assert.match(texts["pulumi stack export"], /"deployment"/);
      for (const [where, text] of Object.entries(texts)) {
        for (const secret of secrets) assert.ok(!text.includes(secret), `${where} holds ${secret}`);
      }
    },
  };
}

/**
 * Closes the connections of a program to its engine, in the context of that program. Pulumi's SDK leaves them
 * open. After a failure they try for ever to reach the engine that ended. Once another engine gets that port,
 * the first calls of its program fail with "No connection established".
 */
function closeConnections(): void {
  const engine = getEngine() as
    (Client & { log: (message: unknown, answer: () => void) => void }) | undefined;
  // A message after the end goes nowhere. Pulumi's SDK sends none any more after one that a closed connection refused.
  if (engine !== undefined) engine.log = (_message, answer) => answer();
  for (const client of [getMonitor(), engine]) (client as Client | undefined)?.close();
}

function summarize(events: readonly EngineEvent[]): Pick<Outcome, "operations" | "resources"> {
  const operations: Record<string, OpType[]> = {};
  const resources: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const { op, urn = "" } = resourcePreEvent?.metadata ?? {};
    const isOwn = !/::pulumi:(pulumi:Stack|providers:)/.test(urn);
    if (op !== undefined && op !== "same" && isOwn) (operations[readName(urn)] ??= []).push(op);
    const { urn: doneUrn = "", new: after } = resOutputsEvent?.metadata ?? {};
    // Null for a deleted resource.
    if (after?.outputs !== undefined) resources[readName(doneUrn)] = after.outputs;
  }
  return { operations, resources };
}

function readName(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function readFiles(folder: string): Record<string, string> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = (file: string): [string, string] => [file, fs.readFileSync(file, "utf8")];
  return Object.fromEntries(files.map((entry) => read(path.join(entry.parentPath, entry.name))));
}
