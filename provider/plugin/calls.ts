/** The provider behind raw messages, as listen.ts serves it: what is loaded with the first call that needs it. */

import type { handleUnaryCall, MethodDefinition } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { HeapGrowth } from "./heapGrowth";
import type { Method } from "./methods";
import { Provider } from "./provider";
import { createHandlers, providerService } from "./rpc";
import { findTraceTarget } from "./traceTarget";
import { traceHandlers } from "./tracedHandlers";
import { Tracing } from "./tracing";

/** A call whose request and answer are encoded. */
export type RawHandler = handleUnaryCall<Buffer, Buffer>;

/** A provider that answers encoded calls. */
export interface ProviderCalls {
  readonly handlers: Readonly<Record<Method, RawHandler>>;
  /** Whether the API has answered a request, so that the code that most calls need has run. */
  readonly wasAnswered: () => boolean;
  /** To be called when no call is running. */
  readonly rest: () => void;
  /** Ends waits, and aborts the requests that are safe to abort. */
  readonly cancel: () => void;
  /** Sends the traces that were not sent yet. */
  readonly flush: () => Promise<void>;
}

/** Opens the provider of this process. */
export function openCalls(engineAddress: string | undefined): ProviderCalls {
  const target = findTraceTarget(process.env);
  const growth = new HeapGrowth();
  const tracing = target && new Tracing(target);
  const provider = new Provider({ engineAddress, tracing, onPage: (page) => growth.notePage(page) });
  return { ...createCalls(provider), rest: () => growth.rest() };
}

/** Puts a provider behind raw messages. */
export function createCalls(provider: Provider): ProviderCalls {
  const handlers = traceHandlers(createHandlers(provider), provider.tracing);
  const raw = Object.entries(handlers).map(([method, handler]) => {
    const definition = providerService[method as Method] as MethodDefinition<unknown, unknown>;
    return [method, decodeCall(definition, handler as handleUnaryCall<unknown, unknown>)] as const;
  });
  return {
    handlers: Object.fromEntries(raw) as Record<Method, RawHandler>,
    rest: () => undefined,
    wasAnswered: () => provider.wasAnswered,
    cancel: () => provider.cancel(),
    flush: async () => provider.tracing?.flush(),
  };
}

/** A handler of encoded messages. What cannot be decoded or encoded fails the call, as grpc-js does it. */
function decodeCall(
  { requestDeserialize, responseSerialize }: MethodDefinition<unknown, unknown>,
  handler: handleUnaryCall<unknown, unknown>,
): RawHandler {
  return (call, callback) => {
    let request: unknown;
    try {
      request = requestDeserialize(call.request);
    } catch {
      callback({ code: status.INTERNAL, details: "The request cannot be decoded." });
      return;
    }
    const decoded = call as unknown as Parameters<typeof handler>[0];
    decoded.request = request;
    handler(decoded, (error, answer, trailer) => {
      let bytes: Buffer | null = null;
      try {
        if (error === null) bytes = responseSerialize(answer);
      } catch {
        callback({ code: status.INTERNAL, details: "The answer cannot be encoded." });
        return;
      }
      callback(error, bytes, trailer);
    });
  };
}
