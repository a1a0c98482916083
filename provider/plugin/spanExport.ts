/**
 * Makes spans with OpenTelemetry's library, and sends them. A file of its own beside the plugin, which is loaded
 * only when traces are asked for: see tools/build.ts.
 */

import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { version } from "../schema.json";
import type { OpenSpan, SpanAttributes, SpanExport, SpanStart, TraceTarget } from "./spans";
import { bypassProxy } from "./traceTarget";

/** How long sending spans may take. Nothing waits for it but the plugin's end, and that for less. */
const EXPORT_TIMEOUT_MS = 5000;
/** How long spans are kept before they are sent together. */
const DELAY_MS = 250;
const SERVICE = "pulumi-resource-ucloud-redis";

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
const EXPORTERS = { grpc: GrpcExporter, "http/protobuf": ProtobufExporter, "http/json": JsonExporter };

/** Opens the way to `target`. `onFault` is called when spans could not be sent. */
export function openSpanExport(target: TraceTarget, onFault: () => void): SpanExport {
  const { protocol, url } = target;
  // OpenTelemetry's exporter takes no option for it, unlike the log of the engine.
  bypassProxy(url, process.env);
  const underWay = new Set<Promise<void>>();
  const exporter = new EXPORTERS[protocol]({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new BatchSpanProcessor({
    exporter: watchExports(exporter, { onFault, underWay }),
    scheduledDelayMillis: DELAY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": process.env.OTEL_SERVICE_NAME ?? SERVICE,
      "service.version": version,
    }),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer(SERVICE, version);
  return {
    start({ name, kind, attributes, parent, traceparent, startMs }: SpanStart): OpenSpan {
      const context = parent instanceof Span ? parent.context : readParent(traceparent);
      const options = {
        kind: KINDS[kind],
        attributes: present(attributes),
        ...(startMs && { startTime: startMs }),
      };
      return new Span(trace.setSpan(context, tracer.startSpan(name, options, context)));
    },
    async flush() {
      await provider.forceFlush().catch(onFault);
      // The library does not wait for what it began to send before.
      await Promise.all(underWay);
    },
  };
}

class Span implements OpenSpan {
  constructor(readonly context: Context) {}

  end({ attributes = {}, isError = false, endMs }: Parameters<OpenSpan["end"]>[0] = {}): void {
    const span = trace.getSpan(this.context);
    span?.setAttributes(present(attributes));
    if (isError) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end(endMs);
  }
}

/**
 * Passes spans on, and keeps in `underWay` what is being sent. A failure is told to `onFault` and to nobody else:
 * its text may hold anything.
 */
function watchExports(
  exporter: SpanExporter,
  { onFault, underWay }: { readonly onFault: () => void; readonly underWay: Set<Promise<void>> },
): SpanExporter {
  return {
    export(spans, done) {
      let resolve = (): void => undefined;
      const promise = new Promise<void>((settle) => (resolve = settle));
      underWay.add(promise);
      exporter.export(spans, (result) => {
        const code: number = result.code;
        if (code !== 0) onFault();
        underWay.delete(promise);
        resolve();
        // The library drops an error, since nobody gave it a log.
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

function readParent(traceparent = ""): Context {
  const [, traceId, spanId, flags] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, remote);
}

function present(attributes: SpanAttributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
