import type { Server as Listener } from "node:net";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { ProviderCalls, RawHandler } from "./calls";
import { EARLY_ANSWERS } from "./earlyAnswers";
import { explainLoadError } from "./loadError";
import { getMethodPath, type Method, METHODS } from "./methods";

/** The engine's own limit, for messages in both directions. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
/** How long no call must run before {@link ListenOptions.onQuiet} is called. A preview ends soon after its last lookup. */
const QUIET_MS = 5;

/** What serves the calls. */
export interface ListenOptions {
  /** Loads the provider. Called once, with the first call that needs it. */
  readonly openCalls: () => ProviderCalls;
  /** Called when no call has been running for a moment, and before Cancel is answered. */
  readonly onQuiet?: () => void;
}

/** How a served provider ends. */
export interface Served {
  /** Closes the listener and all connections. */
  readonly close: () => void;
  /** Cancels, takes no more calls, and resolves once those that were running are answered and traced. */
  readonly drain: () => Promise<void>;
}

/** Serves the provider to every connection from now on. */
export function listen(listener: Listener, options: ListenOptions): Served {
  const grpc = new Server({
    // Statistics that nobody asks for.
    "grpc.enable_channelz": 0,
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const calls = new LateCalls(options.openCalls);
  const notice = createNotice(options);
  const entries = METHODS.map((method) => [method, notice(method, calls.getHandler(method))] as const);
  grpc.addService(rawService, Object.fromEntries(entries));
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  listener.on("connection", (socket) => injector.injectConnection(socket));
  return {
    close() {
      listener.close();
      grpc.forceShutdown();
    },
    async drain() {
      calls.cancel();
      listener.close();
      await new Promise<void>((resolve) => grpc.tryShutdown(() => resolve()));
      await calls.opened?.flush();
    },
  };
}

const keepBytes = (bytes: Buffer): Buffer => bytes;

/** The protocol's calls, whose messages are decoded elsewhere: this needs no library for messages. */
const rawService = Object.fromEntries(
  METHODS.map((method) => {
    const definition = {
      path: getMethodPath(method),
      requestStream: false,
      responseStream: false,
      requestSerialize: keepBytes,
      requestDeserialize: keepBytes,
      responseSerialize: keepBytes,
      responseDeserialize: keepBytes,
    };
    return [method, definition] as const;
  }),
);

/** The provider's calls, which are loaded with the first one that needs them. */
class LateCalls {
  opened: ProviderCalls | undefined;
  /** The last request that was answered before the provider was there, and that it has to know. */
  #handshake: Buffer | undefined;
  /** Whether Cancel came after it. */
  #isCancelled = false;

  constructor(private readonly open: () => ProviderCalls) {}

  getHandler(method: Method): RawHandler {
    const earlyAnswer = EARLY_ANSWERS[method];
    return (call, callback) => {
      if (this.opened === undefined && earlyAnswer !== undefined) {
        this.#remember(method, call.request);
        callback(null, earlyAnswer);
        return;
      }
      let provider: ProviderCalls;
      try {
        provider = this.#load();
      } catch (error) {
        callback({ code: status.ABORTED, details: explainLoadError(error) });
        return;
      }
      provider.handlers[method](call, callback);
    };
  }

  /** Cancels, also a provider that is still to be loaded. */
  cancel(): void {
    this.#isCancelled = true;
    this.opened?.cancel();
  }

  #remember(method: Method, request: Buffer): void {
    if (method === "handshake") {
      this.#handshake = request;
      this.#isCancelled = false;
    } else if (method === "cancel") {
      this.#isCancelled = true;
    }
  }

  #load(): ProviderCalls {
    if (this.opened !== undefined) return this.opened;
    const opened = (this.opened = this.open());
    // Handlers work in the order in which they were called.
    if (this.#handshake !== undefined) tell(opened.handlers.handshake, this.#handshake);
    if (this.#isCancelled) tell(opened.handlers.cancel, Buffer.alloc(0));
    this.#handshake = undefined;
    return opened;
  }
}

/** Calls a handler whose answer was given before. A request that it refuses is without effect. */
function tell(handler: RawHandler, request: Buffer): void {
  const call: unknown = { request };
  handler(call as Parameters<RawHandler>[0], () => undefined);
}

/** Returns what makes handlers notice when all is quiet. After Cancel, the engine may end the process at any time. */
function createNotice({ onQuiet }: ListenOptions): (method: Method, handler: RawHandler) => RawHandler {
  if (onQuiet === undefined) return (_, handler) => handler;
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  return (method, handler) => (call, callback) => {
    clearTimeout(timer);
    running += 1;
    handler(call, (...answer) => {
      if (method === "cancel") onQuiet();
      callback(...answer);
      running -= 1;
      if (running === 0) timer = setTimeout(onQuiet, QUIET_MS).unref();
    });
  };
}
