/**
 * What the plugin does for each call of the engine, on plain values; rpc.ts translates to and from messages.
 * A process usually serves one provider. In attach mode it serves several one after the other, and the last
 * configuration counts.
 */

import { Connections } from "../engine/connections";
import type { OpenDatabases } from "../engine/databaseApi";
import { LookupLines } from "../engine/lookupLines";
import { type LookupSession, runLookup } from "../engine/lookupSession";
import { splitUnknown } from "../engine/unknowns";
import { Attempts } from "../restore/attempts";
import schema from "../schema.json";
import type { createClient } from "../ucloud/client";
import type { Clock } from "../ucloud/clock";
import { type InputFailure, InvalidInputError, RedisBackupError } from "../ucloud/errors";
import type { Settings } from "../ucloud/settings";
import { getHostEnvironment, type HostEnvironment } from "../ucloud/settingSources";
import type { Watch } from "../ucloud/watch";
import { type PropertyMap, revealProperties } from "./codec";
import { checkConfig, type ConfigCheck, resolveConfig } from "./config";
import { type OpenEngineLog, openEngineLog } from "./engineLog";
import { hideSecrets } from "./redactedMessages";
import { findFunction } from "./registry";
import { explainRefusal, ResourceCalls } from "./resourceCalls";
import { hostedResources, type ResourceTable } from "./resources";
import { isTooLongForDetails, shorten } from "./rpcErrors";
import type { Tracing } from "./tracing";

/** The provider's access to the outside. Tests replace it. */
export interface ProviderOptions {
  /** The engine's address from the command line. @default messages are dropped until an engine attaches */
  readonly engineAddress?: string | undefined;
  readonly environment?: () => HostEnvironment;
  readonly openLog?: (engineAddress: string) => OpenEngineLog;
  readonly createClient?: typeof createClient;
  readonly openDatabases?: OpenDatabases;
  readonly now?: () => Date;
  readonly clock?: Clock;
  /** @default the schema's resources */
  readonly resources?: ResourceTable;
  /** Called after each page of a list. @default nobody is told */
  readonly onPage?: Watch["onPage"];
  /** @default no traces are made */
  readonly tracing?: Tracing | undefined;
}

/** The result of a function, or why its arguments were refused. A failure with a long text has no property. */
export type InvokeOutcome =
  { readonly result: object; readonly failures?: undefined } | { readonly failures: readonly InputFailure[] };

/** The plugin's side of Pulumi's provider protocol. */
export class Provider {
  readonly #getEnvironment: () => HostEnvironment;
  readonly #openLog: (engineAddress: string) => OpenEngineLog;
  readonly #now: (() => Date) | undefined;
  readonly #clock: Clock | undefined;
  /** Includes connections of earlier configurations, as their calls may still be running. */
  readonly #connections: Connections;
  /** The calls about resources. */
  readonly resources: ResourceCalls;
  /** Makes the spans of the calls. */
  readonly tracing: Tracing | undefined;
  #attempts = new Attempts();
  #lines = new LookupLines();
  #log: OpenEngineLog | undefined;
  #engineAddress: string | undefined;
  #config: PropertyMap = {};
  #settings: Settings | undefined;

  constructor(options: ProviderOptions = {}) {
    this.#getEnvironment = options.environment ?? getHostEnvironment;
    this.#openLog = options.openLog ?? openEngineLog;
    this.#now = options.now;
    this.#clock = options.clock;
    this.tracing = options.tracing;
    if (this.tracing !== undefined) this.tracing.onFault = (text) => this.#log?.debug?.(text);
    const { createClient, openDatabases } = options;
    this.#connections = new Connections(createClient, openDatabases, {
      ...this.tracing?.watch,
      onPage: options.onPage,
    });
    this.resources = new ResourceCalls(options.resources ?? hostedResources, () => ({
      settings: this.#resolveSettings(),
      connections: this.#connections,
      log: this.#log,
      now: options.now,
      clock: options.clock,
      attempts: this.#attempts,
      environment: this.#getEnvironment(),
      lines: this.#lines,
    }));
    this.attach(options.engineAddress);
  }

  /** Connects to an engine; in attach mode, to the engine of each run. */
  attach(engineAddress: string | undefined): void {
    this.#connections.resume();
    if (engineAddress === undefined || engineAddress === "" || engineAddress === this.#engineAddress) return;
    this.#engineAddress = engineAddress;
    // What the process of another run would not know.
    this.#attempts = new Attempts();
    this.#lines = new LookupLines();
    this.#log?.close();
    this.#log = this.#openLog(engineAddress);
  }

  /** Whether the API has answered a request. */
  get wasAnswered(): boolean {
    return this.#connections.wasAnswered;
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

  /**
   * Calls a function. In a preview, it waits for no running backup. Pulumi's SDKs send the arguments of functions
   * without the marks of secrets, so these can be hidden only from a client that keeps the marks.
   *
   * @throws RedisBackupError for all failures except refused arguments, and those with a long text
   */
  async invoke(
    token: string,
    args: PropertyMap,
    { isPreview = false }: { readonly isPreview?: boolean } = {},
  ): Promise<InvokeOutcome> {
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
      const session: LookupSession = {
        settings: this.#resolveSettings(),
        connections: this.#connections,
        log: this.#log,
        now: this.#now,
        clock: this.#clock,
        waits: isPreview ? "announce" : "wait",
        lines: this.#lines,
      };
      const result = await runLookup(session, (context) =>
        lookup(revealProperties(args), hideSecrets([args], context)),
      );
      return { result };
    } catch (error) {
      return { failures: explainInvokeError(error) };
    }
  }

  /**
   * Ends all waits, and aborts all requests except writes that were sent and what settles them. Later lookups
   * are refused until the next run begins.
   */
  cancel(): void {
    this.#connections.cancel();
  }

  #resolveSettings(): Settings {
    return (this.#settings ??= resolveConfig(this.#config, this.#getEnvironment()));
  }
}

/** No reader takes in more. Only an argument as long as this makes a message that long. */
const MAX_REASON_LENGTH = 16_000;

/** The failures to answer with. @throws any error that is no refusal and fits into a header */
function explainInvokeError(error: unknown): readonly InputFailure[] {
  const isRefusal = error instanceof InvalidInputError;
  if (!isRefusal && error instanceof RedisBackupError && isTooLongForDetails(error)) {
    return [{ property: "", reason: shorten(error.message, MAX_REASON_LENGTH) }];
  }
  return explainRefusal(error);
}
