import type { DatabaseApi } from "../restore/resource";
import type { Client, ClientOptions } from "../ucloud/client";
import { createDatabaseReader } from "../ucloud/databaseReader";
import { createDatabaseWriter } from "../ucloud/databaseWriter";
import { createWriter } from "../ucloud/writer";

/**
 * Opens the calls about databases. `client` is for the reads that cancelling aborts; `createClient` makes the
 * one for reads that it does not. Writes have neither.
 */
export type OpenDatabases = (options: ClientOptions, clients: DatabaseClients) => DatabaseApi;

/** The clients of {@link OpenDatabases}. */
export interface DatabaseClients {
  readonly client: Client;
  readonly createClient: (options: ClientOptions) => Client;
  /** Aborted when the user cancels: it stops writes that were not sent yet. */
  readonly signal: AbortSignal;
}

/** Opens the calls to the real API. */
export const openDatabaseApi: OpenDatabases = (options, { client, createClient, signal }) => ({
  reader: createDatabaseReader(client),
  lastLook: createDatabaseReader(createClient(options)),
  writer: createDatabaseWriter(createWriter(options), signal),
});
