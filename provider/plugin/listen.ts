import type { Server as Listener } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { createHandlers, providerService } from "./rpc";
import type { Provider } from "./provider";
import { traceHandlers } from "./tracedHandlers";

/** The engine's own limit, for messages in both directions. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** How a served provider ends. */
export interface Served {
  /** Closes the listener and all connections. */
  readonly close: () => void;
  /** Cancels, takes no more calls, and resolves once those that were running are answered and traced. */
  readonly drain: () => Promise<void>;
}

/** Serves the provider to every connection from now on. */
export function listen(listener: Listener, provider: Provider): Served {
  const grpc = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  grpc.addService(providerService, traceHandlers(createHandlers(provider), provider.tracing));
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  listener.on("connection", (socket) => injector.injectConnection(socket));
  return {
    close() {
      listener.close();
      grpc.forceShutdown();
    },
    async drain() {
      provider.cancel();
      listener.close();
      await new Promise<void>((resolve) => grpc.tryShutdown(() => resolve()));
      await provider.tracing?.flush();
    },
  };
}
