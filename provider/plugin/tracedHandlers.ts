/** The protocol's calls that do something, each in a span. */

import type {
  handleUnaryCall,
  sendUnaryData,
  ServerUnaryCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { decodeProperties } from "./codec";
import { collectSecrets } from "./secretMarks";
import type { Tracing } from "./tracing";

const SERVICE = "pulumirpc.ResourceProvider";
const TRACED = ["invoke", "check", "diff", "create", "read", "update", "delete"];

/** The getters of requests that hold properties. */
const PROPERTY_GETTERS = [
  "getArgs",
  "getNews",
  "getOlds",
  "getOldInputs",
  "getProperties",
  "getInputs",
] as const;

/** What the requests of these calls have, each a part of it. */
type Request = Partial<
  Record<(typeof PROPERTY_GETTERS)[number], () => Struct | undefined> & {
    getTok: () => string;
    getUrn: () => string;
  }
>;

/** The handlers, with a span for each call. The same handlers without tracing. */
export function traceHandlers(
  handlers: UntypedServiceImplementation,
  tracing: Tracing | undefined,
): UntypedServiceImplementation {
  if (tracing === undefined) return handlers;
  const configure = handlers["configure"] as handleUnaryCall<Request, unknown>;
  let configured: readonly string[] = [];
  const traced = TRACED.map((name) => {
    const handler = handlers[name] as handleUnaryCall<Request, unknown>;
    return [name, traceHandler(handler, { name, tracing, listConfigured: () => configured })] as const;
  });
  return {
    ...handlers,
    ...Object.fromEntries(traced),
    // A setting that is a secret, such as a region, must not be in the spans of later calls.
    configure(call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>) {
      configured = listSecrets(call.request);
      configure(call, callback);
    },
  };
}

function traceHandler(
  handler: handleUnaryCall<Request, unknown>,
  {
    name,
    tracing,
    listConfigured,
  }: {
    readonly name: string;
    readonly tracing: Tracing;
    readonly listConfigured: () => readonly string[];
  },
): handleUnaryCall<Request, unknown> {
  const method = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>) => {
    const { request, metadata } = call;
    const [traceparent] = metadata.get("traceparent");
    const urn = request.getUrn?.();
    const traced = {
      name: `${SERVICE}/${method}`,
      traceparent: traceparent?.toString(),
      attributes: {
        "rpc.system": "grpc",
        "rpc.service": SERVICE,
        "rpc.method": method,
        "ucloud_redis.token": request.getTok?.() ?? urn?.split("::")[2]?.split("$").at(-1),
        "ucloud_redis.urn": urn,
      },
      secrets: new Set([...listConfigured(), ...listSecrets(request)]),
    };
    void tracing.run(traced, (end) => {
      const answer: sendUnaryData<unknown> = (error, ...rest) => {
        const errorCode = /^\[(\w+)\]/.exec(error?.details ?? "")?.[1];
        end({ status: error?.code ?? 0, errorCode });
        callback(error, ...rest);
      };
      handler(call, answer);
    });
  };
}

/** None of properties that cannot be decoded, for which the call itself fails. */
function listSecrets(request: Request): string[] {
  try {
    return PROPERTY_GETTERS.flatMap((name) => collectSecrets(decodeProperties(request[name]?.())));
  } catch {
    return [];
  }
}
