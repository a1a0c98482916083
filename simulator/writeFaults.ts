import type { Duration } from "./lifecycles";
import type { RecordedRequest } from "./requests";

/**
 * When a fault strikes: `before` the request takes effect, so that it never does, or `after` it took effect,
 * so that only the answer is wrong.
 */
export type Effect = "before" | "after";

/** Faults of writes. They apply to requests of any action. */
export type WriteFault =
  /** The connection is reset without an answer. */
  | { readonly kind: "lostAnswer"; readonly effect: Effect }
  /** The request takes effect, and its answer lacks `GroupId`, `SpaceId` and `BackupId`. */
  | { readonly kind: "answerWithoutId" }
  /** The request waits; see `Simulator.hold`, which makes these. */
  | { readonly kind: "hold"; readonly effect: Effect; readonly gate: HoldGate };

/**
 * What becomes of a database or backup that a request creates, changes or deletes. The answer is as usual, or
 * as another fault demands: a request may meet one of these and one other fault.
 */
export interface Outcome {
  /** The state it ends in: `CreateFail`, `DeleteFail`, `ResizeFail`, `Error` or any text. */
  readonly state?: string;
  /** Never ends: the database stays in `Creating`, for example. */
  readonly isStuck?: boolean;
  /** Replaces the time that the operation takes. */
  readonly takes?: Duration;
  /** A new database does not appear in so many listings. */
  readonly hiddenLooks?: number;
  /** A new database holds so many megabytes, whatever its backup holds. */
  readonly usedMb?: number;
  /** A new database has no password, although the request has one. */
  readonly ignoresPassword?: boolean;
}

/** An outcome as a fault: `{ kind: "outcome", action: "CreateURedisGroup", state: "CreateFail" }`. */
export type OutcomeFault = { readonly kind: "outcome" } & Outcome;

/** A request that is held. */
export interface Hold {
  /** Resolves once the request has arrived and, with the effect `after`, has taken effect. */
  readonly reached: Promise<RecordedRequest>;
  /** Lets the request go on: with the effect `before`, it takes effect now. Its answer is sent. */
  release(): void;
  /** Resets the connection. With the effect `before`, the request never takes effect. */
  drop(): void;
}

/** Both sides of a hold. */
export class HoldGate implements Hold {
  readonly reached: Promise<RecordedRequest>;
  private readonly decided: Promise<"release" | "drop">;
  private reach: (request: RecordedRequest) => void = () => undefined;
  private decide: (decision: "release" | "drop") => void = () => undefined;

  constructor() {
    this.reached = new Promise((resolve) => (this.reach = resolve));
    this.decided = new Promise((resolve) => (this.decide = resolve));
  }

  release(): void {
    this.decide("release");
  }

  drop(): void {
    this.decide("drop");
  }

  /** Reports the request to `reached`, and waits for the decision. */
  wait(request: RecordedRequest): Promise<"release" | "drop"> {
    this.reach(request);
    return this.decided;
  }
}
