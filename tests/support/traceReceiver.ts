import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";

/** A span as OTLP writes it in JSON, with its attributes as a map. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** A receiver of traces in OTLP's JSON over HTTP. */
export interface TraceReceiver {
  readonly url: string;
  /** Everything that arrived, as it came. */
  readonly bodies: readonly string[];
  readonly spans: () => readonly ReceivedSpan[];
  close(): Promise<void>;
}

/** Starts a receiver. With `isSilent`, it never answers. */
export async function startTraceReceiver({ isSilent = false } = {}): Promise<TraceReceiver> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      bodies.push(body);
      if (!isSilent) response.setHeader("content-type", "application/json").end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    bodies,
    spans: () => bodies.flatMap(readSpans),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Starts a receiver of traces over gRPC that only counts the messages. */
export async function startGrpcReceiver(): Promise<{
  readonly url: string;
  readonly count: () => number;
  close(): void;
}> {
  let count = 0;
  const server = new Server();
  const pass = (bytes: Buffer): Buffer => bytes;
  const call = {
    path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
  const receive: handleUnaryCall<Buffer, Buffer> = (_call, callback) => {
    count++;
    callback(null, Buffer.alloc(0));
  };
  server.addService({ export: call }, { export: receive });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    url: `http://127.0.0.1:${port}`,
    count: () => count,
    close: () => server.forceShutdown(),
  };
}

interface Otlp {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

interface OtlpSpan extends Pick<ReceivedSpan, "name" | "traceId" | "spanId"> {
  readonly parentSpanId?: string;
  readonly status?: { readonly code?: number | string };
  readonly attributes?: readonly { readonly key: string; readonly value: Record<string, string | number> }[];
}

/** The spans in one message of OTLP's JSON. */
export function readSpans(json: string): ReceivedSpan[] {
  const spans = (JSON.parse(json) as Otlp).resourceSpans.flatMap((each) =>
    each.scopeSpans.flatMap((scope) => scope.spans),
  );
  return spans.map(({ attributes = [], status, parentSpanId = "", ...span }) => ({
    ...span,
    parentSpanId,
    isError: status?.code === 2 || status?.code === "STATUS_CODE_ERROR",
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] ?? ""])),
  }));
}
