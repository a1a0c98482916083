import { setMaxListeners } from "node:events";
import { createRedisBackupApi, type RedisBackupApi } from "../backups/services";
import type { DatabaseApi } from "../restore/resource";
import { version } from "../schema.json";
import { makeBrief } from "../ucloud/briefClient";
import { type Client, type ClientOptions, createClient } from "../ucloud/client";
import { RedisBackupError } from "../ucloud/errors";
import { requireCredentials, type Settings } from "../ucloud/settings";
import type { Watch } from "../ucloud/watch";
import { openDatabaseApi, type OpenDatabases } from "./databaseApi";
import { createWorkWatch } from "./workWatch";

/** A connection for some settings. */
export interface Connection {
  readonly api: RedisBackupApi;
  /** The same, for requests that give up after `timeoutSeconds`, retries included. */
  readonly briefApi: RedisBackupApi;
  /** Opens the calls about databases on the first call. */
  readonly openDatabases: () => DatabaseApi;
}

/** The API connections of a process: one for equal settings, so that all its lookups share one rate limiter. */
export class Connections {
  readonly #opened = new Map<string, Connection & { readonly client: Client }>();
  #cancellation = createCancellation();

  /** Whether the API has answered a request without a failure. */
  wasAnswered = false;

  /** Told of all work, as is whoever follows the task that it is for. */
  readonly watch: Watch;

  /** @param watch follows the work of all sessions */
  constructor(
    private readonly create: typeof createClient = createClient,
    private readonly createDatabases: OpenDatabases = openDatabaseApi,
    watch?: Watch,
  ) {
    this.watch = createWorkWatch({
      ...watch,
      onAttempt: (attempt) => {
        this.wasAnswered ||= attempt.outcome.failure === undefined;
        watch?.onAttempt?.(attempt);
      },
    });
  }

  /** Aborted by {@link cancel}. {@link resume} brings a new one. */
  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  /** Whether requests wait until others are answered. */
  get isBusy(): boolean {
    for (const { client } of this.#opened.values()) if (client.isBusy === true) return true;
    return false;
  }

  /**
   * The connection for these settings, and whether it was opened by this call.
   *
   * @throws RedisBackupError `MissingCredentials`; `Cancelled` between {@link cancel} and {@link resume}
   */
  open(settings: Settings): Connection & { readonly isNew: boolean } {
    if (this.signal.aborted) throw new RedisBackupError("Cancelled", "The deployment was cancelled.");
    const credentials = requireCredentials(settings);
    // Hosts leave messages out that they show elsewhere.
    const key = JSON.stringify({ ...settings, notices: [], warnings: [] });
    const known = this.#opened.get(key);
    if (known !== undefined) return { ...known, isNew: false };
    const opened = this.#connect({ ...settings, ...this.watch, credentials, version });
    this.#opened.set(key, opened);
    return { ...opened, isNew: true };
  }

  /** Aborts all requests that are safe to abort, immediately. A write that was sent is not. */
  cancel(): void {
    this.#cancellation.abort();
    for (const { client } of this.#opened.values()) client.cancel();
    this.#opened.clear();
  }

  /** Allows connections again after {@link cancel}. */
  resume(): void {
    if (this.signal.aborted) this.#cancellation = createCancellation();
  }

  #connect(options: ClientOptions): Connection & { readonly client: Client } {
    const client = this.create(options);
    const { signal } = this;
    let databases: DatabaseApi | undefined;
    const openDatabases = (): DatabaseApi =>
      (databases ??= this.createDatabases(options, { client, createClient: this.create, signal }));
    return {
      client,
      api: createRedisBackupApi(client),
      briefApi: createRedisBackupApi(makeBrief(client)),
      openDatabases,
    };
  }
}

function createCancellation(): AbortController {
  const controller = new AbortController();
  // Many resources may wait concurrently, and Node.js would report their listeners as a leak.
  setMaxListeners(0, controller.signal);
  return controller;
}
