import type { RecordedRequest } from "./requests";

/** Which requests a fault hits. */
export interface FaultScope {
  /** How many requests it hits before it is used up; `Infinity` for ever. @default 1 */
  readonly times?: number;
  /** How many requests that it could hit it lets pass first. @default 0 */
  readonly skip?: number;
  /** Only requests for this action. */
  readonly action?: string;
  /** Only requests this accepts, e.g. `({ parameters }) => parameters.Offset === "100"`. */
  readonly when?: (request: RecordedRequest) => boolean;
}

/** Faults that answer something else; the signature and the parameters are then not looked at. */
export type WrongReply =
  /** An HTTP error. `retryAfter` is sent as it is: seconds or an HTTP date. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string; readonly body?: string }
  /** An API error. A message made from the request can echo what was sent, as careless servers do. */
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

/** Faults that bend the true answer. */
export type BentReply =
  /** The page at another offset than asked for, or one of fewer rows; `{ offset: 0, times: Infinity }` never ends. */
  | { readonly kind: "page"; readonly offset?: number; readonly cap?: number }
  /** A whole HTTP answer whose JSON breaks off after so many bytes. */
  | { readonly kind: "truncatedJson"; readonly keepBytes: number };

/** Faults on the way of the true answer to the client. */
export type BadDelivery =
  /** The answer comes later. */
  | { readonly kind: "latency"; readonly ms: number }
  /** The headers promise the whole answer, so many bytes of it come, then the connection ends. */
  | { readonly kind: "cutBody"; readonly afterBytes: number }
  /** No answer, ever; with `afterHeaders` the status and headers come, and then nothing. */
  | { readonly kind: "hang"; readonly afterHeaders?: boolean }
  /** The answer comes byte by byte. */
  | { readonly kind: "drip"; readonly intervalMs: number }
  /** The connection is reset before any answer. */
  | { readonly kind: "reset" }
  /** A correct JSON answer blown up with white space to so many bytes; with `declareLength` it says so beforehand. */
  | { readonly kind: "hugeBody"; readonly bytes: number; readonly declareLength?: boolean };

/** One way to misbehave, and whom it hits. */
export type Fault = FaultScope & (WrongReply | BentReply | BadDelivery);

/** The faults still to come. Each request meets at most one: the first in the queue that applies to it. */
export class FaultQueue {
  private waiting: { readonly fault: Fault; times: number; skip: number }[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, times: fault.times ?? 1, skip: fault.skip ?? 0 });
  }

  clear(): void {
    this.waiting = [];
  }

  /** The fault for this request, which is one time fewer left for others. */
  take(request: RecordedRequest): Fault | undefined {
    for (const entry of this.waiting) {
      const { action, when } = entry.fault;
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
