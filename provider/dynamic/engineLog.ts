import { createRequire } from "node:module";
import type * as grpcJs from "@grpc/grpc-js";
import type * as engineClient from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as engineMessages from "@pulumi/pulumi/proto/engine_pb";
import type { EngineLog } from "../engine/lookupSession";

const DEADLINE_MS = 2000;

/**
 * The log of the process that serves dynamic resources, whose last argument is the engine's address. Its
 * messages are about the stack, since that process does not know the resources' URNs. A message that cannot
 * be sent is dropped.
 */
export const engineLog: EngineLog = {
  warn: (text) => log("WARNING", text),
  info: (text) => log("INFO", text),
  progress: (text) => log("INFO", text, { isEphemeral: true }),
  debug: (text) => log("DEBUG", text),
};

async function log(
  severity: "WARNING" | "INFO" | "DEBUG",
  text: string,
  { isEphemeral = false }: { readonly isEphemeral?: boolean } = {},
): Promise<void> {
  const address = process.argv.at(-1) ?? "";
  if (!/^[\w.[\]:-]+:\d+$/.test(address)) return;
  // From the copy of Pulumi that serves the resources, as there may be several.
  const load = createRequire(require.resolve("@pulumi/pulumi"));
  const { credentials, Metadata } = load("@grpc/grpc-js") as typeof grpcJs;
  const { EngineClient } = load("./proto/engine_grpc_pb") as typeof engineClient;
  const { LogRequest, LogSeverity } = load("./proto/engine_pb") as typeof engineMessages;
  // The engine is on this machine, so a proxy of the environment does not apply.
  const engine = new EngineClient(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  const request = new LogRequest().setSeverity(LogSeverity[severity]).setMessage(text);
  request.setEphemeral(isEphemeral);
  await new Promise<void>((resolve) => {
    engine.log(request, new Metadata(), { deadline: Date.now() + DEADLINE_MS }, () => resolve());
  });
  engine.close();
}
