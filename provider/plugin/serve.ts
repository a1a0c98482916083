import { Server, ServerCredentials } from "@grpc/grpc-js";
import { createHandlers, providerService } from "./rpc";
import type { ProviderServer } from "./server";

/** The size up to which the engine sends and takes messages. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** Serves on a free port of this machine, which is what it resolves to. */
export async function serve(server: ProviderServer): Promise<{ port: number; stop: () => void }> {
  const grpc = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  grpc.addService(providerService, createHandlers(server));
  const port = await new Promise<number>((resolve, reject) => {
    grpc.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, stop: () => grpc.forceShutdown() };
}
