import { createRedisBackupApi, type RedisBackupApi } from "../backups/services";
import { version } from "../schema.json";
import { type Client, createClient } from "../ucloud/client";
import { RedisBackupError } from "../ucloud/errors";
import { requireCredentials, type Settings } from "../ucloud/settings";

/** The API connections of a process: one for equal settings, so that all its lookups share one rate limiter. */
export class Connections {
  readonly #opened = new Map<string, { readonly client: Client; readonly api: RedisBackupApi }>();
  #isCancelled = false;

  constructor(private readonly create: typeof createClient = createClient) {}

  /**
   * The connection for these settings, and whether it was opened by this call.
   *
   * @throws RedisBackupError `MissingCredentials`; `Cancelled` between {@link cancel} and {@link resume}
   */
  open(settings: Settings): { readonly api: RedisBackupApi; readonly isNew: boolean } {
    if (this.#isCancelled) throw new RedisBackupError("Cancelled", "The deployment was cancelled.");
    const credentials = requireCredentials(settings);
    // Hosts leave messages out that they show elsewhere.
    const key = JSON.stringify({ ...settings, notices: [], warnings: [] });
    const known = this.#opened.get(key);
    if (known !== undefined) return { api: known.api, isNew: false };
    const client = this.create({ ...settings, credentials, version });
    const api = createRedisBackupApi(client);
    this.#opened.set(key, { client, api });
    return { api, isNew: true };
  }

  /** Aborts all requests immediately. */
  cancel(): void {
    this.#isCancelled = true;
    for (const { client } of this.#opened.values()) client.cancel();
    this.#opened.clear();
  }

  /** Allows connections again after {@link cancel}. */
  resume(): void {
    this.#isCancelled = false;
  }
}
