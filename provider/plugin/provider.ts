/**
 * What the plugin does for each call of the engine, on plain values; rpc.ts translates to and from messages.
 * A process usually serves one provider. In attach mode it serves several one after the other, and the last
 * configuration counts.
 */

import { describeFailure } from "../backups/arguments";
import type { LookupContext } from "../backups/lookup";
import type { PinChange } from "../backups/pinChanges";
import { Connections } from "../engine/connections";
import { runLookup } from "../engine/lookupSession";
import { splitUnknown } from "../engine/unknowns";
import schema from "../schema.json";
import type { createClient } from "../ucloud/client";
import { type InputFailure, InvalidInputError, RedisBackupError } from "../ucloud/errors";
import type { Settings } from "../ucloud/settings";
import { getHostEnvironment, type HostEnvironment } from "../ucloud/settingSources";
import {
  isSecretWithin,
  type PropertyMap,
  type PropertyValue,
  revealProperties,
  revealSecrets,
} from "./codec";
import { checkConfig, type ConfigCheck, resolveConfig } from "./config";
import { type OpenEngineLog, openEngineLog } from "./engineLog";
import { findResource, type PinResource, type ResourceChange, type ResourceState } from "./pinResources";
import { findFunction } from "./registry";

/** The provider's access to the outside. Tests replace it. */
export interface ProviderOptions {
  /** The engine's address from the command line. @default messages are dropped until an engine attaches */
  readonly engineAddress?: string | undefined;
  readonly environment?: () => HostEnvironment;
  readonly openLog?: (engineAddress: string) => OpenEngineLog;
  readonly createClient?: typeof createClient;
  readonly now?: () => Date;
}

/** The result of a function, or why its arguments were refused. */
export type InvokeOutcome =
  { readonly result: object; readonly failures?: undefined } | { readonly failures: readonly InputFailure[] };

/** A call about one resource, whose type is part of its URN. */
interface ResourceCall {
  readonly urn: string;
}

/** The plugin's side of Pulumi's provider protocol. */
export class Provider {
  readonly #getEnvironment: () => HostEnvironment;
  readonly #openLog: (engineAddress: string) => OpenEngineLog;
  readonly #now: (() => Date) | undefined;
  /** Includes connections of earlier configurations, as their calls may still be running. */
  readonly #connections: Connections;
  #log: OpenEngineLog | undefined;
  #engineAddress: string | undefined;
  #config: PropertyMap = {};
  #settings: Settings | undefined;

  constructor(options: ProviderOptions = {}) {
    this.#getEnvironment = options.environment ?? getHostEnvironment;
    this.#openLog = options.openLog ?? openEngineLog;
    this.#now = options.now;
    this.#connections = new Connections(options.createClient);
    this.attach(options.engineAddress);
  }

  /** Connects to an engine; in attach mode, to the engine of each run. */
  attach(engineAddress: string | undefined): void {
    this.#connections.resume();
    if (engineAddress === undefined || engineAddress === "" || engineAddress === this.#engineAddress) return;
    this.#engineAddress = engineAddress;
    this.#log?.close();
    this.#log = this.#openLog(engineAddress);
  }

  getVersion(): string {
    return schema.version;
  }

  getSchema(): string {
    return JSON.stringify(schema);
  }

  checkConfig(news: PropertyMap): ConfigCheck {
    return checkConfig(news, this.#getEnvironment());
  }

  /**
   * Does not require credentials, so that a preview without lookups needs none.
   *
   * @throws InvalidInputError `InvalidConfig`
   */
  async configure(args: PropertyMap): Promise<void> {
    this.#connections.resume();
    this.#config = args;
    // If these settings are refused, the previous ones must not be used.
    this.#settings = undefined;
    const settings = this.#resolveSettings();
    const { notices, warnings } = settings;
    // Shown here, so lookups must not show them again. They do where the engine does not call Configure.
    this.#settings = { ...settings, notices: [], warnings: [] };
    await Promise.all([
      ...notices.map(async (notice) => this.#log?.info(notice)),
      ...warnings.map(async (warning) => this.#log?.warn(warning)),
    ]);
  }

  /** @throws RedisBackupError for all failures except refused arguments */
  async invoke(token: string, args: PropertyMap): Promise<InvokeOutcome> {
    const lookup = findFunction(token);
    if (lookup === undefined) {
      throw new RedisBackupError(
        "InvalidArgument",
        `This version (${schema.version}) has no function ${token}.`,
      );
    }
    // The engine does not call a function with unknown arguments. Another client must not look up such a text.
    const unknown = [...splitUnknown(args).unknown];
    if (unknown.length > 0) {
      return {
        failures: unknown.map((property) => ({
          property,
          reason: `[InvalidArgument] ${property} is not known yet`,
        })),
      };
    }
    try {
      return { result: await this.#run((context) => lookup(revealProperties(args), context)) };
    } catch (error) {
      return { failures: explainRefusal(error) };
    }
  }

  /** Returns the problems of a resource's arguments. Unknown arguments are not checked. */
  async check({
    urn,
    news,
  }: ResourceCall & { readonly news: PropertyMap }): Promise<readonly InputFailure[]> {
    const resource = requireResource(urn);
    try {
      await this.#run((context) => resource.check(news, context));
      return [];
    } catch (error) {
      return explainRefusal(error, (name) => readSecret(news[name]));
    }
  }

  /** Returns the changed arguments that replace the resource, and those that only update its state. */
  diff({ urn, ...change }: ResourceCall & ResourceChange): Promise<PinChange> {
    const resource = requireResource(urn);
    return this.#run((context) => resource.diff(change, context), urn);
  }

  create({ urn, ...options }: ResourceCall & Parameters<PinResource["create"]>[0]): Promise<ResourceState> {
    const resource = requireResource(urn);
    return this.#run((context) => resource.create(options, context), urn);
  }

  read({ urn, ...state }: ResourceCall & ResourceState): Promise<ResourceState> {
    const resource = requireResource(urn);
    return this.#run((context) => resource.read(state, context), urn);
  }

  update({ urn, ...change }: ResourceCall & Pick<ResourceChange, "olds" | "news">): PropertyMap {
    return requireResource(urn).update(change);
  }

  /** Aborts all requests immediately. Later lookups are refused until the next run begins. */
  cancel(): void {
    this.#connections.cancel();
  }

  /** Runs a task whose messages are shown at the resource `urn`, or at the stack without one. */
  async #run<T>(task: (context: LookupContext) => T | Promise<T>, urn?: string): Promise<T> {
    const settings = this.#resolveSettings();
    return runLookup({ settings, connections: this.#connections, log: this.#log, urn, now: this.#now }, task);
  }

  #resolveSettings(): Settings {
    return (this.#settings ??= resolveConfig(this.#config, this.#getEnvironment()));
  }
}

function requireResource(urn: string): PinResource {
  const type = readType(urn);
  const resource = findResource(type);
  if (resource !== undefined) return resource;
  throw new RedisBackupError("InvalidArgument", `This version (${schema.version}) has no resource ${type}.`);
}

/** The type in `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function readType(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/**
 * The failures of refused arguments.
 *
 * @param getSecret the bare value of a property if it is a secret
 * @throws any other error
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
