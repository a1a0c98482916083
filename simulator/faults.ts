import type { RecordedRequest } from "./requests";
import type { Effect, Outcome, OutcomeFault, WriteFault } from "./writeFaults";

/** Which requests a fault hits. */
export interface FaultScope {
  /** How many requests it hits; `Infinity` for all. @default 1 */
  readonly times?: number;
  /** How many matching requests pass before the first hit. @default 0 */
  readonly skip?: number;
  /** Hits only requests for this action. @default every action */
  readonly action?: string;
  /** Hits only requests for which this returns true: `({ parameters }) => parameters.Offset === "100"`. */
  readonly when?: (request: RecordedRequest) => boolean;
}

/** Faults that replace the answer. */
export type WrongReply = WrongAnswer & {
  /**
   * With `before`, the request's signature and parameters are not checked, and it never takes effect. With
   * `after`, only its answer is replaced.
   *
   * @default "before"
   */
  readonly effect?: Effect;
};

type WrongAnswer =
  /** An HTTP error. `retryAfter` is the value of the header: seconds or an HTTP date. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string; readonly body?: string }
  /** An API error. `message` can be a function of the request, to echo what was sent, as some servers do. */
  | {
      readonly kind: "retCode";
      readonly retCode: number;
      readonly message?: string | ((request: RecordedRequest) => string);
    }
  /** A redirect. @default 302 */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** A web page with status 200, as from a captive portal. */
  | { readonly kind: "html"; readonly body?: string }
  /** Any value as JSON. */
  | { readonly kind: "json"; readonly body: unknown; readonly status?: number }
  /** Any bytes. */
  | {
      readonly kind: "raw";
      readonly body: string | Uint8Array;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Faults that change the correct answer. */
export type BentReply =
  /**
   * The page at another offset, or with fewer rows. `{ offset: 0, times: Infinity }` gives a listing that
   * never ends.
   */
  | { readonly kind: "page"; readonly offset?: number; readonly cap?: number }
  /** A complete HTTP answer whose JSON ends after so many bytes. */
  | { readonly kind: "truncatedJson"; readonly keepBytes: number };

/** Faults in the delivery of the correct answer. */
export type BadDelivery =
  /** The answer is delayed. */
  | { readonly kind: "latency"; readonly ms: number }
  /** The headers announce the whole answer, but the connection closes after so many bytes of it. */
  | { readonly kind: "cutBody"; readonly afterBytes: number }
  /** No answer. With `afterHeaders`, the status and headers are sent, and then nothing. */
  | { readonly kind: "hang"; readonly afterHeaders?: boolean }
  /** The answer is sent byte by byte. */
  | { readonly kind: "drip"; readonly intervalMs: number }
  /** The connection is reset before any answer. */
  | { readonly kind: "reset" }
  /**
   * The correct JSON after white space, so many bytes in all. With `declareLength`, `Content-Length` is sent.
   */
  | { readonly kind: "hugeBody"; readonly bytes: number; readonly declareLength?: boolean };

/** A fault, and the requests that it hits. */
export type Fault = FaultScope & (WrongReply | BentReply | BadDelivery | WriteFault | OutcomeFault);

/** Whether a fault keeps a request from taking effect. */
export function preventsEffect(fault: Fault | undefined): boolean {
  switch (fault?.kind) {
    case "lostAnswer":
      return fault.effect === "before";
    case "status":
    case "retCode":
    case "redirect":
    case "html":
    case "json":
    case "raw":
      return fault.effect !== "after";
    default:
      return false;
  }
}

/**
 * The injected faults. Each request meets at most one, the first in the queue that applies to it, and one
 * outcome besides.
 */
export class FaultQueue {
  private waiting: { readonly fault: Fault; times: number; skip: number }[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, times: fault.times ?? 1, skip: fault.skip ?? 0 });
  }

  clear(): void {
    this.waiting = [];
  }

  /** Returns the fault for this request, and counts it as used once more. */
  take(request: RecordedRequest): Fault | undefined {
    return this.takeIf(request, ({ kind }) => kind !== "outcome");
  }

  /** Returns the outcome for this request, and counts it as used once more. */
  takeOutcome(request: RecordedRequest): Outcome {
    const fault = this.takeIf(request, ({ kind }) => kind === "outcome");
    return fault?.kind === "outcome" ? fault : {};
  }

  private takeIf(request: RecordedRequest, isWanted: (fault: Fault) => boolean): Fault | undefined {
    for (const entry of this.waiting) {
      const { action, when } = entry.fault;
      if (!isWanted(entry.fault)) continue;
      if (entry.times <= 0) continue;
      if (action !== undefined && action !== request.action) continue;
      if (when && !when(request)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.times -= 1;
      this.waiting = this.waiting.filter(({ times }) => times > 0);
      return entry.fault;
    }
    return undefined;
  }
}
