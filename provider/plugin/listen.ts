import type { Server as Listener } from "node:net";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { ProviderCalls, RawHandler } from "./calls";
import { EARLY_ANSWERS } from "./earlyAnswers";
import { getMethodPath, type Method, METHODS } from "./methods";

/** The engine's own limit, for messages in both directions. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
/** How long no call must run before {@link ListenOptions.onQuiet} is called. A preview ends soon after its last lookup. */
const QUIET_MS = 5;

/** What serves the calls. */
export interface ListenOptions {
  /** Loads the provider. Called once, with the first call that needs it. */
  readonly openCalls: () => ProviderCalls;
  /**
   * Called when no call has been running for a moment, and before Cancel is answered, with the calls that were answered
   * without an error until then.
   */
  readonly onQuiet?: (answered: ReadonlySet<Method>) => void;
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
      calls.opened?.cancel();
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
  /** What was answered before the provider was there, and what it has to know. */
  readonly #missed: (() => void)[] = [];

  constructor(private readonly open: () => ProviderCalls) {}

  getHandler(method: Method): RawHandler {
    const earlyAnswer = EARLY_ANSWERS[method];
    return (call, callback) => {
      if (this.opened === undefined && earlyAnswer !== undefined) {
        if (method !== "getPluginInfo") {
          this.#missed.push(() => this.opened?.handlers[method](call, () => undefined));
        }
        callback(null, earlyAnswer);
        return;
      }
      try {
        this.#load().handlers[method](call, callback);
      } catch {
        const details = "A file of the ucloud-redis plugin cannot be loaded. Install the plugin again.";
        callback({ code: status.ABORTED, details });
      }
    };
  }

  #load(): ProviderCalls {
    if (this.opened !== undefined) return this.opened;
    this.opened = this.open();
    for (const tell of this.#missed.splice(0)) tell();
    return this.opened;
  }
}

/** Returns what makes handlers notice when all is quiet. After Cancel, the engine may end the process at any time. */
function createNotice({ onQuiet }: ListenOptions): (method: Method, handler: RawHandler) => RawHandler {
  if (onQuiet === undefined) return (_, handler) => handler;
  const answered = new Set<Method>();
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  return (method, handler) => (call, callback) => {
    clearTimeout(timer);
    running += 1;
    handler(call, (error, ...rest) => {
      if (method === "cancel") onQuiet(answered);
      callback(error, ...rest);
      if (error === null) answered.add(method);
      running -= 1;
      if (running === 0) timer = setTimeout(() => onQuiet(answered), QUIET_MS).unref();
    });
  };
}
