import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createCalls } from "../../provider/plugin/calls";
import { listen } from "../../provider/plugin/listen";
import type { Provider } from "../../provider/plugin/provider";

/** Serves a provider in this process, on a free port. Stop it after the test; it may be stopped twice. */
export async function serveHere(provider: Provider): Promise<{ port: number; stop: () => void }> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    stop: listen(listener, { openCalls: () => createCalls(provider) }).close,
  };
}
