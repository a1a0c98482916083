import * as pulumi from "@pulumi/pulumi";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import type { MockCallArgs, MockResourceArgs, MockResourceResult, Mocks } from "@pulumi/pulumi/runtime";
import { shieldEnvironment } from "./engineStack";
import {
  type CheckFailure,
  PluginConnection,
  type Properties,
  type ResourceState,
} from "../pluginConnection";
import { spawnPlugin } from "../pluginProcess";

const PACKAGE = "ucloud-redis";
const PROJECT = "demo";
const STACK = "demo";

/** The result of one run of a program. */
export interface MockRun {
  /** What the program exported. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The operation on each resource, or the one that a preview shows, by the resource's name. */
  readonly operations: Readonly<Record<string, Operation>>;
}

type Operation = "create" | "same" | "update" | "replace";

/** The part of an engine that a Node.js program with this plugin needs, and the plugin's process. */
export interface MockEngine {
  /**
   * Runs a program. Creates each resource that no earlier run created, and updates or replaces those that
   * changed. A preview only says what would be done. Resources that a program no longer has stay as they are.
   *
   * @throws with the plugin's message if it refuses or fails a call
   */
  run(program: () => Record<string, unknown>, options?: { readonly preview?: boolean }): Promise<MockRun>;
  /** Ends the plugin. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the built plugin for programs that run in this process. The mock engine of Pulumi's SDK receives
 * their function calls and resources. This passes them on to the plugin over gRPC, as Pulumi's engine would,
 * so no Pulumi CLI is needed.
 *
 * @param config stack config; keys without a namespace are the program's
 */
export async function startMockEngine(config: ConfigMap): Promise<MockEngine> {
  let plugin = await startPlugin(config);
  let isFresh = true;
  const states = new Map<string, ResourceState>();
  return {
    async run(program, { preview = false } = {}) {
      // Pulumi's engine starts a plugin for each run, too.
      if (!isFresh) {
        await plugin.close();
        plugin = await startPlugin(config);
      }
      isFresh = false;
      setConfig(config);
      const mocks = new PluginMocks({ connection: plugin.connection, states, preview });
      await pulumi.runtime.setMocks(mocks, PROJECT, STACK, preview);
      const exported = pulumi.output(program());
      const outputs = new Promise<Record<string, unknown>>((resolve) => {
        exported.apply((values) => resolve(values as Record<string, unknown>));
      });
      return { outputs: await Promise.race([outputs, mocks.failed]), operations: mocks.operations };
    },
    close: () => plugin.close(),
  };
}

interface RunningPlugin {
  readonly connection: PluginConnection;
  /** May be called twice. */
  readonly close: () => Promise<void>;
}

async function startPlugin(config: ConfigMap): Promise<RunningPlugin> {
  const plugin = await spawnPlugin({ env: { ...process.env, ...shieldEnvironment() } });
  const connection = new PluginConnection(plugin.port);
  const close = async (): Promise<void> => {
    connection.close();
    await plugin.stop();
  };
  try {
    await configure(connection, config);
    return { connection, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Configures the plugin as the default provider. */
async function configure(connection: PluginConnection, config: ConfigMap): Promise<void> {
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${PACKAGE}:`));
  const settings = Object.fromEntries(own.map(([key, { value }]) => [key.slice(PACKAGE.length + 1), value]));
  const { inputs, failures } = await connection.checkConfig(settings);
  requireNone(failures);
  await connection.configure(inputs);
}

function setConfig(config: ConfigMap): void {
  const entries = Object.entries(config).map(
    ([key, { value, secret }]) => [key.includes(":") ? key : `${PROJECT}:${key}`, value, secret] as const,
  );
  const secrets = entries.flatMap(([key, , secret]) => (secret === true ? [key] : []));
  const values = Object.fromEntries(entries.map(([key, value]) => [key, value]));
  pulumi.runtime.setAllConfig(values, secrets);
}

interface PluginMocksOptions {
  readonly connection: PluginConnection;
  /** The resources that earlier runs created, by name. This run adds to it, unless it is a preview. */
  readonly states: Map<string, ResourceState>;
  readonly preview: boolean;
}

/** Answers the calls of one run from the plugin. */
class PluginMocks implements Mocks {
  readonly operations: Record<string, Operation> = {};
  /** Rejects at the first call that fails. */
  readonly failed: Promise<never>;
  readonly #options: PluginMocksOptions;
  #fail: (error: unknown) => void = () => undefined;

  constructor(options: PluginMocksOptions) {
    this.#options = options;
    this.failed = new Promise<never>((_, reject) => (this.#fail = reject));
  }

  newResource(args: MockResourceArgs): Promise<MockResourceResult> {
    return this.#orFail(this.#register(args));
  }

  call({ token, inputs }: MockCallArgs): Promise<Record<string, unknown>> {
    const invoke = async (): Promise<Record<string, unknown>> => {
      const { connection, preview } = this.#options;
      const { result, failures } = await connection.invoke(token, inputs as object, { preview });
      requireNone(failures);
      return result;
    };
    return this.#orFail(invoke());
  }

  async #register({ type, name, inputs }: MockResourceArgs): Promise<MockResourceResult> {
    const { connection, states, preview } = this.#options;
    if (!type.startsWith(`${PACKAGE}:`)) throw new Error(`The mock engine knows no ${type}.`);
    const urn = `urn:pulumi:${STACK}::${PROJECT}::${type}::${name}`;
    const known = states.get(name);
    const news = await this.#check(urn, inputs as object, known?.inputs);
    if (known === undefined) {
      const { id, properties } = await connection.create(urn, news, { preview });
      this.operations[name] = "create";
      if (!preview) states.set(name, { id, properties, inputs: news });
      return { id, state: properties };
    }
    const { changes, replaces } = await connection.diff(urn, { state: known, news });
    this.operations[name] = changes === "none" ? "same" : replaces.length > 0 ? "replace" : "update";
    if (changes === "none" || preview) return { id: known.id, state: known.properties };
    const state =
      replaces.length > 0
        ? await this.#replace(urn, { known, inputs: inputs as object })
        : { id: known.id, inputs: news, properties: await connection.update(urn, { state: known, news }) };
    states.set(name, state);
    return { id: state.id, state: state.properties };
  }

  async #check(urn: string, inputs: object, olds?: object): Promise<Properties> {
    const { inputs: checked, failures } = await this.#options.connection.check(urn, inputs, olds);
    requireNone(failures);
    return checked;
  }

  /** Creates another one before it deletes the known one, from inputs that are checked as for the first one. */
  async #replace(
    urn: string,
    { known, inputs }: { readonly known: ResourceState; readonly inputs: object },
  ): Promise<ResourceState> {
    const { connection } = this.#options;
    const checked = await this.#check(urn, inputs);
    const created = await connection.create(urn, checked, { preview: false });
    await connection.delete(urn, known);
    return { ...created, inputs: checked };
  }

  /**
   * Never resolves if the call fails: Pulumi's SDK would report the error as an unhandled rejection, with its
   * stack.
   */
  #orFail<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return answer.catch((error: unknown) => {
      this.#fail(explain(error));
      return new Promise<never>(() => undefined);
    });
  }
}

function requireNone(failures: readonly CheckFailure[]): void {
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
}

/** The plugin's message of a failed call, without gRPC's code in front of it. */
function explain(error: unknown): unknown {
  return error instanceof Error && "details" in error ? new Error(String(error.details)) : error;
}
