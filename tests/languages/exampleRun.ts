import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { ResourceValidationArgs } from "@pulumi/policy";
import { type Database, demo, type Simulator } from "../../simulator";
import { LINK_MARK } from "../../simulator/linkQueries";
import { finalBackupIsOn, restoreHasMaxAge } from "../../examples/policyPack/policies";
import type { CommandResult } from "../../tools/childProcess";
import { findLanguageEngine } from "../../tools/engine/languageEngine";
import { leaveOut } from "../support/leftOut";
import { checkout, runPulumi } from "../support/projects";
import type { SimulatedStack, startSimulatedStack } from "../support/simulatedStack";

/** Not a real one: the password that the programs give to the restored group. */
const PASSWORD = "Lost-and-found-42";

/** One of the examples that exist in each language. */
export interface LanguageExample {
  /** Its folder below `examples`. */
  readonly name: string;
  /** Puts what a user installs beside the program into the copy of the example. */
  readonly prepare?: (folder: string) => void;
  /** Environment variables that the language's tools need. */
  readonly env?: Readonly<Record<string, string>>;
  /** The group whose backups are looked up. @default one with a usable backup */
  readonly groupId?: string;
}

/** Creates the example's stack, on an engine with the host of its language. */
export async function startExample(
  context: Mocha.Context,
  start: typeof startSimulatedStack,
  example: LanguageExample,
): Promise<SimulatedStack> {
  const engine = await findLanguageEngine(["path", "cache"]);
  if (engine === undefined) {
    leaveOut(context, {
      need: "a Pulumi CLI with hosts for all languages",
      why: "run `npm run engine -- --languages` once to get one",
    });
  }
  const { name, prepare, env = {}, groupId = demo.uredisGroupId } = example;
  return start({
    engine,
    layOut: (folder) => {
      const project = checkout(path.join("examples", name))(folder);
      prepare?.(project);
      return project;
    },
    config: { groupId },
    secrets: { redisPassword: PASSWORD },
    env,
  });
}

/** How the program differs from the example. */
interface Difference {
  /** Whether it also exports a download link, as `link`. @default false */
  readonly hasLink?: boolean;
}

/**
 * Previews and deploys the example, looks at the state and the cloud, deploys it again when the pinned backup has
 * expired, and destroys it.
 */
export async function checkExample(running: SimulatedStack, difference: Difference = {}): Promise<void> {
  const { simulator } = running;
  const existing = listIds(simulator);
  await succeed(running, ["preview"]);
  assert.deepEqual(listIds(simulator), existing);

  await succeed(running, ["up", "--yes", "--skip-preview"]);
  const [made, ...others] = simulator.databases.filter(({ id }) => !existing.includes(id));
  assert.ok(made !== undefined && others.length === 0, "one database was made");
  assert.equal(made.password, PASSWORD);
  const pinned = checkState(running, made, difference);

  // The pin keeps its backup longer than the API does.
  simulator.expireBackup(pinned);

  await succeed(running, ["up", "--yes", "--skip-preview", "--expect-no-changes"]);
  assert.deepEqual(listIds(simulator), [...existing, made.id].sort());
  assert.equal(simulator.created.length, 1);
  checkSecrets(running);

  await succeed(running, ["state", "unprotect", "--all", "--yes"]);
  await succeed(running, ["destroy", "--yes", "--skip-preview"]);
  assert.deepEqual(listIds(simulator), existing);
}

/** Runs a command of the CLI, which must succeed. */
async function succeed(running: SimulatedStack, args: readonly string[]): Promise<CommandResult> {
  const result = await runPulumi(running, args);
  assert.equal(result.code, 0, `pulumi ${args.join(" ")}\n${result.stdout}${result.stderr}`);
  return result;
}

const listIds = (simulator: Simulator): string[] => simulator.databases.map(({ id }) => id).sort();

interface Checkpoint {
  readonly checkpoint: { readonly latest: { readonly resources: readonly StateResource[] } };
}
interface StateResource {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What is in the state: the pinned backup, from which the database was made, and the outputs. Returns its id. */
function checkState({ folder }: SimulatedStack, made: Database, { hasLink = false }: Difference): string {
  const file = path.join(folder, "state", ".pulumi", "stacks");
  const [name = ""] = fs
    .readdirSync(file, { recursive: true, encoding: "utf8" })
    .filter((each) => each.endsWith("demo.json"));
  const { resources } = (JSON.parse(fs.readFileSync(path.join(file, name), "utf8")) as Checkpoint).checkpoint
    .latest;
  for (const { type, inputs: props = {} } of resources) checkPolicies({ type, props });
  const read = (type: string): Readonly<Record<string, unknown>> =>
    resources.find((resource) => resource.type === type)?.outputs ?? assert.fail(`no ${type}`);
  const { backupId: pinned } = read("ucloud-redis:index:URedisBackupPin");
  const { groupId, address, backup } = read("ucloud-redis:index:RestoredURedisGroup");
  assert.match(String(pinned), /^[0-9a-f-]{36}$/);
  assert.equal(groupId, made.id);
  assert.equal(address, `${made.host}:${made.port}`);
  assert.equal((backup as { backupId: string }).backupId, pinned);

  const { link, skipped, ...outputs } = read("pulumi:pulumi:Stack");
  assert.deepEqual(outputs, { pinned, newestUsable: pinned, address, restored: pinned });
  assert.equal((skipped as object[]).length, 3);
  assert.equal(link !== undefined, hasLink);
  if (link !== undefined) assert.ok("ciphertext" in (link as object));
  return String(pinned);
}

/** The rules of the policy pack for each resource let the example pass. */
function checkPolicies(resource: { readonly type: string; readonly props: object }): void {
  const fail = (message: string): never => assert.fail(`${resource.type}: ${message}`);
  for (const { validateResource } of [restoreHasMaxAge, finalBackupIsOn]) {
    assert.ok(typeof validateResource === "function");
    void validateResource(resource as ResourceValidationArgs, fail);
  }
}

/** No secret is anywhere in clear in the state, which also holds the plugin's settings. */
function checkSecrets({ simulator, readState }: SimulatedStack): void {
  const state = readState();
  assert.ok(/"privateKey":\{"\w+":"\w+","ciphertext"/.test(state));
  for (const secret of [simulator.privateKey, PASSWORD, LINK_MARK]) assert.ok(!state.includes(secret));
}
