import type { Server as Listener } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { createHandlers, providerService } from "./rpc";
import type { Provider } from "./provider";

/** The size up to which the engine sends and takes messages. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves every connection that comes from now on.
 *
 * @returns what ends that, and all connections
 */
export function listen(listener: Listener, server: Provider): () => void {
  const grpc = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  grpc.addService(providerService, createHandlers(server));
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  listener.on("connection", (socket) => injector.injectConnection(socket));
  return () => {
    listener.close();
    grpc.forceShutdown();
  };
}
