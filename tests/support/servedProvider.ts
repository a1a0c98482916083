import { type AddressInfo, createServer } from "node:net";
import { once } from "node:events";
import { createCalls } from "../../provider/plugin/calls";
import { listen } from "../../provider/plugin/listen";
import { Provider, type ProviderOptions } from "../../provider/plugin/provider";
import { PluginClient } from "./pluginClient";
import { createHostEnvironment } from "./hostEnvironment";

/** A provider that is served by the test's own process. */
export interface ServedProvider {
  readonly provider: Provider;
  /** For `PULUMI_DEBUG_PROVIDERS`. */
  readonly port: number;
  readonly client: PluginClient;
  /** As the plugin ends on a signal. */
  drain(): Promise<void>;
  close(): void;
}

/** Serves a provider as the plugin does. Its environment is empty unless the options have another one. */
export async function serveProvider(options: ProviderOptions): Promise<ServedProvider> {
  const provider = new Provider({ environment: () => createHostEnvironment(), ...options });
  const listener = createServer();
  const { close, drain } = listen(listener, { openCalls: () => createCalls(provider) });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const { port } = listener.address() as AddressInfo;
  const client = new PluginClient(port);
  return {
    provider,
    port,
    client,
    drain,
    close() {
      client.close();
      close();
    },
  };
}
