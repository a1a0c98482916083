import type { Client } from "./client";

/** The client, all of whose calls are brief: see `CallOptions`. */
export function makeBrief(client: Client): Client {
  return {
    maxConcurrency: client.maxConcurrency,
    onPage: client.onPage,
    call: (action, parameters, options) => client.call(action, parameters, { ...options, isBrief: true }),
    cancel: () => {
      client.cancel();
    },
  };
}
