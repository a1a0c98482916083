import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { EngineLog } from "../engine/lookupSession";

const DEADLINE_MS = 2000;

/** A log that is connected to one engine. */
export interface OpenEngineLog extends EngineLog {
  close(): void;
}

/** Opens the log of the engine at `address`. Loads and connects nothing before `prepare` or the first message. */
export function openEngineLog(address: string): Required<OpenEngineLog> {
  let client: EngineClient | undefined;
  let isClosed = false;

  async function open(): Promise<EngineClient> {
    const { credentials } = await import("@grpc/grpc-js");
    const { EngineClient } = await import("@pulumi/pulumi/proto/engine_grpc_pb.js");
    // The engine is on this machine, so a proxy of the environment does not apply.
    return (client ??= new EngineClient(address, credentials.createInsecure(), {
      "grpc.enable_http_proxy": 0,
    }));
  }

  async function log(
    severity: "WARNING" | "INFO" | "DEBUG",
    text: string,
    { urn = "", isEphemeral = false }: { readonly urn?: string | undefined; readonly isEphemeral?: boolean },
  ): Promise<void> {
    const { Metadata } = await import("@grpc/grpc-js");
    // This module fills its exports at run time, so that Node's import() finds them in `default` only.
    const { LogRequest, LogSeverity } = (await import("@pulumi/pulumi/proto/engine_pb.js")).default;
    const engine = await open();
    const request = new LogRequest().setSeverity(LogSeverity[severity]).setMessage(text).setUrn(urn);
    request.setEphemeral(isEphemeral);
    await new Promise<void>((resolve) => {
      engine.log(request, new Metadata(), { deadline: Date.now() + DEADLINE_MS }, () => resolve());
    }).catch(() => undefined); // `engine.log` throws when the log was closed in the meantime.
  }

  return {
    warn: (text, urn) => log("WARNING", text, { urn }),
    info: (text, urn) => log("INFO", text, { urn }),
    progress: (text, urn) => log("INFO", text, { urn, isEphemeral: true }),
    debug: (text, urn) => log("DEBUG", text, { urn }),
    async prepare() {
      const engine = await open();
      // Connects. An engine that is not there is met again by the first message.
      if (!isClosed) engine.getChannel().getConnectivityState(true);
    },
    close() {
      isClosed = true;
      client?.close();
    },
  };
}
