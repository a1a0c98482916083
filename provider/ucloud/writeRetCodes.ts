/**
 * What a failed write may have done. A read can be repeated after any failure. A write can not: no action takes
 * a token by which the API would recognise a repeated one, so a second one makes a second database.
 */

import type { Failure } from "./failures";
import { explainRetCode } from "./retCodes";

/** What a failure says of a write that was sent. */
export type WriteEffect =
  /** It was refused before anything was done, and may be sent again at once. */
  | "notBegun"
  /** It was refused. The API says that it may be accepted later, so repeating it is the caller's choice. */
  | "tryLater"
  /** It was refused for good. */
  | "none"
  /** It may have taken effect. */
  | "unknown";

/**
 * The RetCodes that are not a plain refusal, and why. Every other RetCode is the API's own, complete answer that
 * it did not do what was asked, so it has the effect `none`.
 */
const writeRetCodes: ReadonlyMap<number, WriteEffect> = new Map<number, WriteEffect>([
  // The API stopped waiting after 60 s for the service behind it. That service may go on.
  [110, "unknown"],
  // The gateway or the authentication service is at fault. Nothing says that it fails before it passes on.
  [130, "unknown"],
  // "Unavailable for now", said of the service behind the gateway, which may have begun.
  [150, "unknown"],
  // Throttled. That this is decided before anything runs is inferred: no page says so, and no other order makes
  // sense.
  [153, "notBegun"],
  // "Could not read, try later": a service failed while it worked, and does not say what it had done.
  [20003, "unknown"],
  [20016, "unknown"],
  [20102, "unknown"],
  [20202, "unknown"],
  [20206, "unknown"],
  // "Creating failed, try later."
  [20200, "tryLater"],
  [20203, "tryLater"],
  // "Deleting failed, try later."
  [20002, "tryLater"],
  [20103, "tryLater"],
  [20201, "tryLater"],
  [20205, "tryLater"],
]);

/** What the failure of a write says of its effect, if the write was sent. */
export function explainEffect({ retCode, status }: Pick<Failure, "retCode" | "status">): WriteEffect {
  // No head of an answer: cut, reset or too late. The API may have done it and its answer been lost.
  if (status === undefined) return "unknown";
  // RetCode 0 with a status other than 200 contradicts itself.
  if (retCode === 0) return "unknown";
  if (retCode === undefined) return explainStatusEffect(status) ?? "unknown";
  const known = writeRetCodes.get(retCode);
  if (known !== undefined) return known;
  // The API's word counts more than the status. An undocumented RetCode may be another server's, so that the
  // status has to agree with it.
  if (explainRetCode(retCode) !== undefined || status === 200) return "none";
  return explainStatusEffect(status) ?? "unknown";
}

/**
 * What a status other than 200 says. 2xx and 3xx say nothing: something between here and the API may have passed
 * the request on before it answered. Nor does 5xx, which gateways send after they passed it on, and 408, with
 * which they give up waiting. The other 4xx refuse a request because of what it is.
 */
function explainStatusEffect(status: number): WriteEffect | undefined {
  if (status === 429) return "notBegun";
  return status >= 400 && status < 500 && status !== 408 ? "none" : undefined;
}
