import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";

/** Shows messages in Pulumi's own output. */
export interface EngineLog {
  /** Resolves once the engine has it, or cannot be reached. A lost warning fails nothing. */
  warn(text: string): Promise<void>;
  close(): void;
}

const DEADLINE_MS = 2000;

/** Opens the log of the engine at `address`. Nothing is loaded or connected before the first message. */
export function openEngineLog(address: string): EngineLog {
  let client: EngineClient | undefined;

  return {
    async warn(text) {
      const { credentials, Metadata } = await import("@grpc/grpc-js");
      const { EngineClient } = await import("@pulumi/pulumi/proto/engine_grpc_pb.js");
      const { LogRequest, LogSeverity } = await import("@pulumi/pulumi/proto/engine_pb.js");
      client ??= new EngineClient(address, credentials.createInsecure());
      const request = new LogRequest().setSeverity(LogSeverity.WARNING).setMessage(text);
      const engine = client;
      await new Promise<void>((resolve) => {
        engine.log(request, new Metadata(), { deadline: Date.now() + DEADLINE_MS }, () => resolve());
      });
    },
    close() {
      client?.close();
    },
  };
}
