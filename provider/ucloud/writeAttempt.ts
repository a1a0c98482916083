/** One attempt to send a write. */

import { createRoute } from "./agents";
import type { ClientOptions } from "./client";
import { explainNetworkError, explainTimeout, type Peers } from "./networkErrors";
import { Opening } from "./opening";
import { type AnswerHead, type Outcome, readAnswer, readHead } from "./response";
import { createMessage, type SignedRequest } from "./signedRequest";

/** What became of an attempt. */
export type WriteAttempt =
  | {
      readonly kind: "answered";
      readonly outcome: Outcome;
      readonly head: AnswerHead;
      readonly bytes?: number | undefined;
    }
  /** It did not leave this machine. */
  | { readonly kind: "unsent"; readonly outcome: Outcome; readonly head?: undefined }
  /** It was stopped before it left this machine. */
  | { readonly kind: "cancelled" }
  /** It may have been sent, and no whole answer came. */
  | { readonly kind: "lost"; readonly outcome: Outcome; readonly head?: undefined };

/** What an attempt needs. */
export interface AttemptOptions {
  readonly options: Pick<ClientOptions, "baseUrl" | "origins" | "version" | "timeoutSeconds">;
  /** How long the answer may take, once the connection is ready. */
  readonly answerSeconds: number;
  /** Stops the attempt before it is sent, and never after. */
  readonly stop: AbortSignal;
  readonly nowMs: () => number;
}

/**
 * Sends a write over a connection of its own. It is not kept, nor is one taken that was: a kept connection that
 * the other side has just closed fails like one that was lost after sending.
 *
 * @throws RedisBackupError `InvalidConfig` before anything is sent, if the proxy's address is malformed
 */
export async function attemptWrite(
  request: SignedRequest,
  { options, answerSeconds, stop, nowMs }: AttemptOptions,
): Promise<WriteAttempt> {
  const { version, timeoutSeconds } = options;
  const openMs = Math.ceil(timeoutSeconds * 1000);
  const { agent, peers } = await createRoute(new URL(options.baseUrl), {
    // With a limit, Node.js would offer to keep the connection.
    maxSockets: Infinity,
    timeoutMs: openMs,
    origin: options.origins?.baseUrl ?? "`baseUrl`",
    keepAlive: false,
  });
  const { default: fetch } = await import("node-fetch");
  if (stop.aborted) return { kind: "cancelled" };

  const end = new AbortController();
  const opening = new Opening(() => {
    clearTimeout(timer);
    timer = setTimeout(() => end.abort(), Math.ceil(answerSeconds * 1000));
  });
  opening.watch(agent);
  const giveUp = (reason?: typeof CANCELLED): void => {
    if (opening.giveUp()) end.abort(reason);
  };
  const cancel = (): void => giveUp(CANCELLED);
  let timer = setTimeout(giveUp, openMs);
  stop.addEventListener("abort", cancel);
  try {
    const message = createMessage(request, version);
    const response = await fetch(options.baseUrl, { ...message, agent, signal: end.signal });
    let bytes: number | undefined;
    const outcome = await readAnswer(response, nowMs(), (length) => (bytes = length));
    return { kind: "answered", outcome, head: readHead(response), bytes };
  } catch (error) {
    if (end.signal.reason === CANCELLED) return { kind: "cancelled" };
    const isLate = end.signal.aborted;
    if (opening.isReady) {
      const failure = isLate ? explainTimeout(answerSeconds, peers) : explainNetworkError(error, peers);
      return { kind: "lost", outcome: { failure } };
    }
    const failure = isLate ? explainSlowOpening(timeoutSeconds, peers) : explainNetworkError(error, peers);
    return { kind: "unsent", outcome: { failure } };
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", cancel);
    agent.destroy();
  }
}

/** Why an attempt ended, if it was cancelled. */
const CANCELLED = "cancelled";

function explainSlowOpening(timeoutSeconds: number, peers: Peers): Outcome["failure"] & object {
  return { ...explainTimeout(timeoutSeconds, peers), what: `no connection within ${timeoutSeconds} s` };
}
