import { TRACE_PROTOCOLS, type TraceProtocol, type TraceTarget } from "./spans";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where spans shall go, or undefined if nobody asks for them. The engine's own variable, which is there with
 * `--otel-traces`, comes first. Else OpenTelemetry's variables count, if they name an endpoint.
 */
export function findTraceTarget(env: Env): TraceTarget | undefined {
  if (read(env, "OTEL_SDK_DISABLED")?.toLowerCase() === "true") return undefined;
  const engine = read(env, "PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT");
  if (engine !== undefined) return createTarget("grpc", engine);
  const exporters = read(env, "OTEL_TRACES_EXPORTER")?.split(",") ?? ["otlp"];
  if (!exporters.some((each) => each.trim() === "otlp")) return undefined;
  const name =
    read(env, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ??
    read(env, "OTEL_EXPORTER_OTLP_PROTOCOL") ??
    "http/protobuf";
  const protocol = TRACE_PROTOCOLS.find((each) => each === name);
  if (protocol === undefined) return undefined;
  const own = read(env, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  if (own !== undefined) return createTarget(protocol, own);
  const shared = read(env, "OTEL_EXPORTER_OTLP_ENDPOINT");
  if (shared === undefined) return undefined;
  return createTarget(protocol, protocol === "grpc" ? shared : `${shared.replace(/\/$/, "")}/v1/traces`);
}

/**
 * Keeps spans for a receiver on this machine away from the proxy of the environment, which could not reach it.
 * Only gRPC's library reads the variable that this sets. In place of `no_proxy`, so it takes over its hosts.
 */
export function bypassProxy(url: string, env: Record<string, string | undefined>): void {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (!/^(localhost|127(\.\d+){3}|::1)$/i.test(host)) return;
  const others = env["no_grpc_proxy"] || env["no_proxy"];
  env["no_grpc_proxy"] = others ? `${others},${host}` : host;
}

/** An empty variable counts as none, as OpenTelemetry has it. */
function read(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

/** The engine gives its address without a scheme. */
function createTarget(protocol: TraceProtocol, address: string): TraceTarget | undefined {
  const url = address.includes("://") ? address : `http://${address}`;
  return /^https?:/.test(url) && URL.canParse(url) ? { protocol, url } : undefined;
}
