/**
 * Spans for the engine's calls, and inside them for the requests and waits of each. Nothing of the library for
 * spans is loaded before the first call. A trace holds no key, signature, password or link, no id of a request,
 * and no argument that is a secret.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Attempt, Wait, Watch } from "../ucloud/watch";
import type { OpenSpan, SpanAttributes, SpanExport, SpanStart, TraceTarget } from "./spans";

/** How long the plugin's end waits for a receiver. */
const FLUSH_MS = 1000;
/** How long it then waits for the engine to take the message that spans were lost. */
const TELL_MS = 500;

/** A call of the engine. */
export interface TracedCall extends Pick<SpanStart, "name" | "attributes" | "traceparent"> {
  /** Values that no span may show. */
  readonly secrets: ReadonlySet<string>;
}

/** How a call ended. */
export interface CallEnd {
  /** gRPC's number. */
  readonly status: number;
  /** The code that the message starts with. */
  readonly errorCode?: string | undefined;
}

/** The call that is running. */
interface Running extends Pick<TracedCall, "secrets"> {
  readonly spans: SpanExport;
  readonly span: OpenSpan;
}

/** Loads the library for spans. */
export type LoadSpanExport = () => Promise<{
  readonly openSpanExport: (target: TraceTarget, onFault: () => void) => SpanExport;
}>;

/** The bundler makes a file of its own of this module: see tools/build.ts. */
const loadSpanExport: LoadSpanExport = async () => {
  // In its own turn, so that a file that is missing is a rejection.
  await Promise.resolve();
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() wants a path that differs in the bundle
  return require("./spanExport") as typeof import("./spanExport");
};

/** Makes the spans of one plugin. It never fails, and never waits for a receiver except in {@link flush}. */
export class Tracing {
  readonly #running = new AsyncLocalStorage<Running>();
  #spans: Promise<SpanExport | undefined> | undefined;
  #isFaulty = false;

  #told: Promise<void> | undefined;

  /** Is called once if spans get lost. Resolves once somebody knows. @default nobody is told */
  onFault: (text: string) => Promise<void> | undefined = () => undefined;

  constructor(
    private readonly target: TraceTarget,
    private readonly load: LoadSpanExport = loadSpanExport,
  ) {}

  /** Makes a span of each request and each wait of the call that is running. */
  readonly watch: Watch = {
    onAttempt: (attempt) => {
      const running = this.#running.getStore();
      if (running === undefined) return;
      const { endedAtMs } = attempt;
      const span = startChild(running, {
        name: attempt.action,
        kind: "client",
        startMs: attempt.sentAtMs,
        attributes: describeAttempt(attempt),
      });
      span.end({ isError: attempt.outcome.failure !== undefined, endMs: endedAtMs });
    },
    onWait: (wait) => {
      const running = this.#running.getStore();
      if (running === undefined) return undefined;
      const span = startChild(running, {
        name: `wait (${wait.kind})`,
        kind: "internal",
        attributes: describeWait(wait),
      });
      return () => span.end();
    },
  };

  /** Runs a task as a call of the engine. `end` is called when it is answered. */
  async run(call: TracedCall, task: (end: (end: CallEnd) => void) => void): Promise<void> {
    const spans = await (this.#spans ??= this.#open());
    if (spans === undefined) {
      task(() => undefined);
      return;
    }
    const { secrets } = call;
    const span = spans.start({ ...call, kind: "server", attributes: hide(call.attributes, secrets) });
    this.#running.run({ spans, span, secrets }, () => {
      task(({ status, errorCode }) => {
        const attributes = { "rpc.grpc.status_code": status, "error.type": errorCode };
        span.end({ attributes, isError: status !== 0 });
      });
    });
  }

  /** Sends what was not sent yet, for a second at most, and half a second more to say that it was lost. */
  async flush(): Promise<void> {
    const spans = await this.#spans;
    const isSent = spans === undefined || (await isSettledWithin(FLUSH_MS, spans.flush()));
    if (!isSent) this.#reportFault("were not taken by the receiver");
    if (this.#told !== undefined) await isSettledWithin(TELL_MS, this.#told);
  }

  async #open(): Promise<SpanExport | undefined> {
    try {
      const { openSpanExport } = await this.load();
      return openSpanExport(this.target, () => this.#reportFault("were not taken by the receiver"));
    } catch {
      this.#reportFault("could not be made");
      return undefined;
    }
  }

  #reportFault(what: string): void {
    if (this.#isFaulty) return;
    this.#isFaulty = true;
    this.#told = this.onFault(`Traces ${what}. Nothing else is affected.`);
  }
}

/** Whether a promise that never rejects is resolved in time. */
async function isSettledWithin(ms: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const isSettled = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return isSettled;
}

function startChild({ spans, span, secrets }: Running, child: SpanStart): OpenSpan {
  return spans.start({ ...child, parent: span, attributes: hide(child.attributes, secrets) });
}

function describeAttempt({ action, region, number, outcome, head, bytes }: Attempt): SpanAttributes {
  const { failure } = outcome;
  return {
    "http.request.method": "POST",
    "http.response.status_code": head?.status ?? failure?.status,
    "http.response.body.size": bytes,
    "http.request.resend_count": number === 1 ? undefined : number - 1,
    "error.type": failure?.code,
    "ucloud_redis.action": action,
    "ucloud_redis.region": region,
    "ucloud_redis.attempt": number,
    "ucloud_redis.ret_code": failure === undefined ? 0 : failure.retCode,
  };
}

function describeWait(wait: Wait): SpanAttributes {
  return {
    "ucloud_redis.wait.kind": wait.kind,
    "ucloud_redis.wait.seconds": wait.delayMs / 1000,
    ...(wait.kind === "look" ? {} : { "ucloud_redis.action": wait.action }),
    // The reason may name a host: the code is enough here.
    ...(wait.kind === "retry" ? { "error.type": wait.code, "ucloud_redis.attempt": wait.attempt } : {}),
  };
}

function hide(attributes: SpanAttributes, secrets: ReadonlySet<string>): SpanAttributes {
  const shown = Object.entries(attributes).filter(([, value]) => !secrets.has(String(value)));
  return Object.fromEntries(shown);
}
