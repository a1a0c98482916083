import type { DatabaseApi } from "../restore/resource";
import type { Client, ClientOptions } from "../ucloud/client";

/**
 * Opens the calls about databases. `client` is for the reads that cancelling aborts; `createClient` makes the
 * one for reads that it does not. Writes have neither.
 */
export type OpenDatabases = (options: ClientOptions, clients: DatabaseClients) => DatabaseApi;

/** The clients of {@link OpenDatabases}. */
export interface DatabaseClients {
  readonly client: Client;
  readonly createClient: (options: ClientOptions) => Client;
}

/** TODO(merge): createDatabaseReader, createDatabaseWriter and createWriter of provider/ucloud. */
export const openDatabaseApi: OpenDatabases = () => {
  throw new Error("no databases yet");
};
