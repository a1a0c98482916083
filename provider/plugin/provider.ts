/**
 * What the plugin does for each call of the engine, on plain values: rpc.ts turns them into messages and back. One
 * process serves one provider; in attach mode it serves several one after the other, and the last configuration
 * counts. Credentials are asked for at the first lookup, so that a preview without lookups needs none.
 */

import { describeFailure } from "../backups/arguments";
import type { LookupContext } from "../backups/lookup";
import type { PinChange } from "../backups/pinChanges";
import { createRedisBackupApi, type RedisBackupApi } from "../backups/services";
import schema from "../schema.json";
import { type Client, createClient } from "../ucloud/client";
import { type InputFailure, InvalidInputError, RedisBackupError } from "../ucloud/errors";
import { requireCredentials, type Settings } from "../ucloud/settings";
import { getHostEnvironment, type HostEnvironment } from "../ucloud/settingSources";
import { isSecretWithin, type PropertyMap, type PropertyValue, revealSecrets } from "./codec";
import { checkConfig, type ConfigCheck, resolveConfig } from "./config";
import { type EngineLog, openEngineLog } from "./engineLog";
import { findResource, type PinResource, type ResourceState } from "./pinResources";
import { findFunction } from "./registry";

/** What a server reaches the outside by; tests bring their own. */
export interface ProviderOptions {
  /** The engine's address, as the command line gave it. */
  readonly engineAddress?: string | undefined;
  readonly environment?: () => HostEnvironment;
  readonly openLog?: (engineAddress: string) => EngineLog;
  readonly createClient?: typeof createClient;
  readonly now?: () => Date;
}

/** What a function returned, or why its arguments were refused. */
export type InvokeOutcome =
  { readonly result: object; readonly failures?: undefined } | { readonly failures: readonly InputFailure[] };

/** The plugin's side of Pulumi's provider protocol. */
export class Provider {
  readonly #options: Required<Omit<ProviderOptions, "engineAddress">>;
  #log: EngineLog | undefined;
  #engineAddress: string | undefined;
  #config: PropertyMap = {};
  #settings: Settings | undefined;
  #connection: { client: Client; api: RedisBackupApi } | undefined;
  /** Those of earlier configurations too, as their calls may still be under way. */
  readonly #clients = new Set<Client>();
  #isCancelled = false;

  constructor({ engineAddress, ...options }: ProviderOptions = {}) {
    this.#options = {
      environment: getHostEnvironment,
      openLog: openEngineLog,
      createClient,
      now: () => new Date(),
      ...options,
    };
    this.attach(engineAddress);
  }

  /** Greets a new engine; in attach mode, the first of a new run. */
  attach(engineAddress: string | undefined): void {
    this.#isCancelled = false;
    if (engineAddress === undefined || engineAddress === "" || engineAddress === this.#engineAddress) return;
    this.#engineAddress = engineAddress;
    this.#log?.close();
    this.#log = this.#options.openLog(engineAddress);
  }

  getVersion(): string {
    return schema.version;
  }

  getSchema(): string {
    return JSON.stringify(schema);
  }

  checkConfig(news: PropertyMap): ConfigCheck {
    return checkConfig(news, this.#options.environment());
  }

  /** @throws InvalidInputError `InvalidConfig` */
  async configure(args: PropertyMap): Promise<void> {
    this.#isCancelled = false;
    // Calls that still run keep the connection they began with.
    this.#connection = undefined;
    this.#config = args;
    // A configuration that is refused must not leave an earlier one in its place.
    this.#settings = undefined;
    const settings = this.#resolveSettings();
    await Promise.all([
      ...settings.notices.map(async (notice) => this.#log?.info(notice)),
      ...settings.warnings.map(async (warning) => this.#log?.warn(warning)),
    ]);
  }

  /** @throws RedisBackupError unless the arguments are to blame, which is an outcome of its own */
  async invoke(token: string, args: PropertyMap): Promise<InvokeOutcome> {
    const lookup = findFunction(token);
    if (lookup === undefined) {
      throw new RedisBackupError(
        "InvalidArgument",
        `This version (${schema.version}) has no function ${token}.`,
      );
    }
    const bare = Object.entries(args).map(([name, value]) => [name, revealSecrets(value)] as const);
    try {
      return { result: await this.#run((context) => lookup(Object.fromEntries(bare), context)) };
    } catch (error) {
      return { failures: explainRefusal(error) };
    }
  }

  /** @returns what is wrong with the arguments of a resource; nothing is asked of those not known yet */
  async check(type: string, news: PropertyMap): Promise<readonly InputFailure[]> {
    const resource = requireResource(type);
    try {
      await this.#run((context) => resource.check(news, context));
      return [];
    } catch (error) {
      return explainRefusal(error, (name) => readSecret(news[name]));
    }
  }

  /** @returns which changed arguments replace the resource, and which are merely kept */
  diff(
    type: string,
    change: Omit<Parameters<PinResource["diff"]>[0], "context">,
    urn: string,
  ): Promise<PinChange> {
    const resource = requireResource(type);
    return this.#run((context) => resource.diff({ ...change, context }), urn);
  }

  create(type: string, inputs: PropertyMap, urn: string, isPreview: boolean): Promise<ResourceState> {
    const resource = requireResource(type);
    return this.#run((context) => resource.create(inputs, context, isPreview), urn);
  }

  read(type: string, state: ResourceState, urn: string): Promise<ResourceState> {
    const resource = requireResource(type);
    return this.#run((context) => resource.read(state, context), urn);
  }

  update(type: string, olds: PropertyMap, news: PropertyMap): PropertyMap {
    return requireResource(type).update(olds, news);
  }

  /** Aborts every request under way at once. Lookups that come later are refused until the next run begins. */
  cancel(): void {
    this.#isCancelled = true;
    for (const client of this.#clients) client.cancel();
    this.#clients.clear();
    this.#connection = undefined;
  }

  /** Runs a task with all it needs, and shows what it has to say, at the resource `urn` names if it is given. */
  async #run<T>(task: (context: LookupContext) => T | Promise<T>, urn?: string): Promise<T> {
    const settings = this.#resolveSettings();
    const messages: { severity: "warn" | "info"; text: string }[] = [];
    try {
      return await task({
        region: settings.region,
        projectId: settings.projectId,
        umemRows: settings.umemRows,
        openApi: () => this.#openApi(settings),
        now: this.#options.now,
        warn: (text) => messages.push({ severity: "warn", text }),
        inform: (text) => messages.push({ severity: "info", text }),
      });
    } finally {
      // The engine may stop this process as soon as it has the answer, so the messages go first.
      await Promise.all(messages.map(async ({ severity, text }) => this.#log?.[severity](text, urn)));
    }
  }

  #resolveSettings(): Settings {
    return (this.#settings ??= resolveConfig(this.#config, this.#options.environment()));
  }

  #openApi(settings: Settings): RedisBackupApi {
    if (this.#isCancelled) throw new RedisBackupError("Cancelled", "The deployment was cancelled.");
    if (this.#connection === undefined) {
      const credentials = requireCredentials(settings);
      const client = this.#options.createClient({ ...settings, credentials, version: schema.version });
      this.#clients.add(client);
      this.#connection = { client, api: createRedisBackupApi(client) };
    }
    return this.#connection.api;
  }
}

function requireResource(type: string): PinResource {
  const resource = findResource(type);
  if (resource !== undefined) return resource;
  throw new RedisBackupError("InvalidArgument", `This version (${schema.version}) has no resource ${type}.`);
}

/**
 * What to show of refused arguments.
 *
 * @param getSecret the bare value of a property if it is a secret
 * @throws what does not say that arguments were refused
 */
function explainRefusal(
  error: unknown,
  getSecret?: (property: string) => PropertyValue | undefined,
): readonly InputFailure[] {
  if (!(error instanceof InvalidInputError) || error.code !== "InvalidArgument") throw error;
  return error.failures.map((failure) => describeFailure(failure, getSecret?.(failure.property)));
}

function readSecret(value: PropertyValue = null): PropertyValue | undefined {
  return isSecretWithin(value) ? revealSecrets(value) : undefined;
}
