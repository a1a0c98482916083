import type { Server as Listener } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { createHandlers, providerService } from "./rpc";
import type { Provider } from "./provider";

/** The engine's own limit, for messages in both directions. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves the provider to every connection from now on.
 *
 * @returns a function that closes the listener and all connections
 */
export function listen(listener: Listener, provider: Provider): () => void {
  const grpc = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  grpc.addService(providerService, createHandlers(provider));
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  listener.on("connection", (socket) => injector.injectConnection(socket));
  return () => {
    listener.close();
    grpc.forceShutdown();
  };
}
