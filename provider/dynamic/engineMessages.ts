import { createRequire } from "node:module";
import type * as grpcJs from "@grpc/grpc-js";
import type * as engineClient from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as engineMessages from "@pulumi/pulumi/proto/engine_pb";

const DEADLINE_MS = 2000;

/** A message for Pulumi's output. */
export interface EngineMessage {
  readonly severity: "WARNING" | "INFO";
  readonly text: string;
}

/**
 * Shows a message in Pulumi's output, from the process that serves dynamic resources: its last argument is the engine's
 * address. A lost message fails nothing.
 */
export async function tellEngine({ severity, text }: EngineMessage): Promise<void> {
  const address = process.argv.at(-1) ?? "";
  if (!/^[\w.[\]:-]+:\d+$/.test(address)) return;
  // Of the same copy of Pulumi that serves the resources, whichever that is.
  const load = createRequire(require.resolve("@pulumi/pulumi"));
  const { credentials, Metadata } = load("@grpc/grpc-js") as typeof grpcJs;
  const { EngineClient } = load("./proto/engine_grpc_pb") as typeof engineClient;
  const { LogRequest, LogSeverity } = load("./proto/engine_pb") as typeof engineMessages;
  // The engine is on this machine, whatever proxy the environment names.
  const engine = new EngineClient(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  const request = new LogRequest().setSeverity(LogSeverity[severity]).setMessage(text);
  await new Promise<void>((resolve) => {
    engine.log(request, new Metadata(), { deadline: Date.now() + DEADLINE_MS }, () => resolve());
  });
  engine.close();
}
