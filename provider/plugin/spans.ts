/** What tracing needs of a library for spans. Only spanExport.ts knows which one it is. */

/** What a span says of itself. None of these values is a secret. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A span that begins. */
export interface SpanStart {
  readonly name: string;
  readonly kind: "server" | "client" | "internal";
  readonly attributes: SpanAttributes;
  /** @default `traceparent`, or none */
  readonly parent?: OpenSpan | undefined;
  /** The parent in another process, as W3C's Trace Context writes it. */
  readonly traceparent?: string | undefined;
  /** Milliseconds since 1970. @default now */
  readonly startMs?: number | undefined;
}

/** A span that has begun. */
export interface OpenSpan {
  /** @param end.endMs milliseconds since 1970, by default now */
  end(end?: {
    readonly attributes?: SpanAttributes;
    readonly isError?: boolean;
    readonly endMs?: number;
  }): void;
}

/** Where spans go. Nothing here fails. */
export interface SpanExport {
  start(span: SpanStart): OpenSpan;
  /** Sends what was not sent yet. May take as long as the receiver lets it. */
  flush(): Promise<void>;
}

/** Where to send spans, by which of OpenTelemetry's protocols. */
export interface TraceTarget {
  readonly protocol: TraceProtocol;
  readonly url: string;
}

/** OpenTelemetry's names. */
export const TRACE_PROTOCOLS = ["grpc", "http/protobuf", "http/json"] as const;
export type TraceProtocol = (typeof TRACE_PROTOCOLS)[number];
