import { Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** The part of Pulumi's engine that plugins call. */
export interface StandInEngine {
  /** The address for the command line or a handshake. */
  readonly address: string;
  /** The messages to show, each with its severity. */
  readonly messages: readonly (readonly [severity: string, text: string])[];
  /** The resource that each message is about; empty where it is about the stack. */
  readonly urns: readonly string[];
  /** Whether each message is shown only until the next one. */
  readonly areEphemeral: readonly boolean[];
  close(): void;
}

/** Starts an engine that records log messages. */
export async function startEngine(): Promise<StandInEngine> {
  const messages: [string, string][] = [];
  const urns: string[] = [];
  const areEphemeral: boolean[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log({ request }: ServerUnaryCall<LogRequest, Empty>, callback: (error: null, answer: Empty) => void) {
      const severities = Object.entries(LogSeverity).filter(([, value]) => value === request.getSeverity());
      urns.push(request.getUrn());
      areEphemeral.push(request.getEphemeral());
      messages.push([severities[0]?.[0].toLowerCase() ?? "", request.getMessage()]);
      callback(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, messages, urns, areEphemeral, close: () => server.forceShutdown() };
}
