import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";

/** Shows messages in Pulumi's own output. */
export interface EngineLog {
  /** Resolves once the engine has it, or cannot be reached. Without `urn` it is about the whole stack. */
  warn(text: string, urn?: string): Promise<void>;
  /** As `warn`, for what the user should know and need not act on. */
  info(text: string, urn?: string): Promise<void>;
  close(): void;
}

const DEADLINE_MS = 2000;

/** Opens the log of the engine at `address`. Nothing is loaded or connected before the first message. */
export function openEngineLog(address: string): EngineLog {
  let client: EngineClient | undefined;

  async function log(severity: "WARNING" | "INFO", text: string, urn?: string): Promise<void> {
    const { credentials, Metadata } = await import("@grpc/grpc-js");
    const { EngineClient } = await import("@pulumi/pulumi/proto/engine_grpc_pb.js");
    // Of this module, which fills its exports at run time, Node's own import() knows the whole only.
    const { LogRequest, LogSeverity } = (await import("@pulumi/pulumi/proto/engine_pb.js")).default;
    // The engine is on this machine, whatever proxy the environment names.
    client ??= new EngineClient(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
    const request = new LogRequest()
      .setSeverity(LogSeverity[severity])
      .setMessage(text)
      .setUrn(urn ?? "");
    const engine = client;
    await new Promise<void>((resolve) => {
      engine.log(request, new Metadata(), { deadline: Date.now() + DEADLINE_MS }, () => resolve());
    }).catch(() => undefined); // It throws when the log was closed meanwhile.
  }

  return {
    warn: (text, urn) => log("WARNING", text, urn),
    info: (text, urn) => log("INFO", text, urn),
    close() {
      client?.close();
    },
  };
}
