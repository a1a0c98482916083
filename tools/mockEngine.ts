import * as pulumi from "@pulumi/pulumi";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime";
import { shieldEnvironment } from "./engineStack";
import { type CheckFailure, PluginConnection, type ResourceState } from "./pluginConnection";
import { spawnPlugin } from "./pluginProcess";

const PACKAGE = "ucloud-redis";
const PROJECT = "demo";
const STACK = "demo";

/** What a run of a program brought. */
export interface MockRun {
  /** What the program exported. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What was or would be done to each resource, by its name; `same` is nothing. */
  readonly operations: Readonly<Record<string, "create" | "same" | "update" | "replace">>;
}

/** As much of an engine as a Node program with this plugin needs, and the plugin's own process. */
export interface MockEngine {
  /**
   * Runs a program. A resource that no earlier run has created is created, unless it is a preview; one that is there is
   * compared and left as it is.
   * @throws with what the plugin says when it refuses or fails a call.
   */
  run(program: () => Record<string, unknown>, options?: { readonly preview?: boolean }): Promise<MockRun>;
  /** Ends the plugin. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the built plugin for programs that run in this process. The mock engine of Pulumi's SDK hands over their calls
 * and resources, and they go on to the plugin over gRPC as Pulumi's engine would send them. No Pulumi CLI is needed.
 * @param config stack config; keys without a namespace are the program's
 */
export async function startMockEngine(config: ConfigMap): Promise<MockEngine> {
  const plugin = await spawnPlugin({ env: { ...process.env, ...shieldEnvironment() } });
  const connection = new PluginConnection(plugin.port);
  const close = async (): Promise<void> => {
    connection.close();
    await plugin.stop();
  };
  try {
    await configure(connection, config);
  } catch (error) {
    await close();
    throw error;
  }
  const states = new Map<string, ResourceState>();
  return {
    run: (program, { preview = false } = {}) => run(program, { connection, states, config, preview }),
    close,
  };
}

/** Configures the plugin as the provider that programs use unless they name another one. */
async function configure(connection: PluginConnection, config: ConfigMap): Promise<void> {
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${PACKAGE}:`));
  const settings = Object.fromEntries(own.map(([key, { value }]) => [key.slice(PACKAGE.length + 1), value]));
  const { inputs, failures } = await connection.checkConfig(settings);
  requireNone(failures);
  await connection.configure(inputs);
}

interface Surroundings {
  readonly connection: PluginConnection;
  /** The resources that earlier runs created, by name. */
  readonly states: Map<string, ResourceState>;
  readonly config: ConfigMap;
  readonly preview: boolean;
}

async function run(
  program: () => Record<string, unknown>,
  { connection, states, config, preview }: Surroundings,
): Promise<MockRun> {
  const operations: Record<string, MockRun["operations"][string]> = {};

  async function newResource({
    type,
    name,
    inputs,
  }: MockResourceArgs): Promise<{ id: string; state: object }> {
    if (!type.startsWith(`${PACKAGE}:`)) throw new Error(`The mock engine knows no ${type}.`);
    const urn = `urn:pulumi:${STACK}::${PROJECT}::${type}::${name}`;
    const checked = await connection.check(urn, inputs as object);
    requireNone(checked.failures);
    const known = states.get(name);
    if (known !== undefined) {
      const { changes, replaces } = await connection.diff(urn, known, checked.inputs);
      operations[name] = changes === "none" ? "same" : replaces.length > 0 ? "replace" : "update";
      return { id: known.id, state: known.properties };
    }
    const { id, properties } = await connection.create(urn, checked.inputs, { preview });
    operations[name] = "create";
    if (!preview) states.set(name, { id, properties, inputs: checked.inputs });
    return { id, state: properties };
  }

  async function call({ token, inputs }: MockCallArgs): Promise<Record<string, unknown>> {
    const { result, failures } = await connection.invoke(token, inputs as object);
    requireNone(failures);
    return result;
  }

  // The SDK reports what a mock throws as an unhandled rejection, with its stack. So a failed call is never answered,
  // and the run fails in its place.
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const orFail = <Args, Answer>(work: (args: Args) => Promise<Answer>) => {
    return (args: Args): Promise<Answer> =>
      work(args).catch((error: unknown) => {
        fail(explain(error));
        return new Promise<never>(() => undefined);
      });
  };

  setConfig(config);
  const mocks = { newResource: orFail(newResource), call: orFail(call) };
  await pulumi.runtime.setMocks(mocks, PROJECT, STACK, preview);
  const exported = pulumi.output(program());
  const outputs = new Promise<Record<string, unknown>>((resolve) => {
    exported.apply((values) => resolve(values as Record<string, unknown>));
  });
  return { outputs: await Promise.race([outputs, failed]), operations };
}

function setConfig(config: ConfigMap): void {
  const entries = Object.entries(config).map(
    ([key, { value, secret }]) => [key.includes(":") ? key : `${PROJECT}:${key}`, value, secret] as const,
  );
  const secrets = entries.flatMap(([key, , secret]) => (secret === true ? [key] : []));
  const values = Object.fromEntries(entries.map(([key, value]) => [key, value]));
  pulumi.runtime.setAllConfig(values, secrets);
}

function requireNone(failures: readonly CheckFailure[]): void {
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
}

/** What the plugin says of a failed call, without gRPC's code in front of it. */
function explain(error: unknown): unknown {
  return error instanceof Error && "details" in error ? new Error(String(error.details)) : error;
}
