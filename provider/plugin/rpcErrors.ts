/** The errors of the protocol: what users read, and the state of a resource that is not ready. */

import { Metadata, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { type ErrorCode, type InputFailure, RedisBackupError } from "../ucloud/errors";
import { PartialStateError } from "./partialState";
import { packPartialState } from "./partialStateTrailer";

/**
 * The gRPC status of each error code. UNAVAILABLE and CANCELLED are not used, because the engine and the SDKs
 * take them for the loss of their own connection, nor INTERNAL and UNKNOWN, which mean that the call may have
 * had an effect.
 */
const STATUSES: Readonly<Record<ErrorCode, status>> = {
  MissingCredentials: status.UNAUTHENTICATED,
  InvalidConfig: status.INVALID_ARGUMENT,
  InvalidArgument: status.INVALID_ARGUMENT,
  Unauthorized: status.UNAUTHENTICATED,
  Forbidden: status.PERMISSION_DENIED,
  NotFound: status.NOT_FOUND,
  Throttled: status.RESOURCE_EXHAUSTED,
  Unavailable: status.ABORTED,
  Timeout: status.DEADLINE_EXCEEDED,
  BadResponse: status.ABORTED,
  ApiError: status.ABORTED,
  NoBackups: status.FAILED_PRECONDITION,
  NoUsableBackup: status.FAILED_PRECONDITION,
  StaleBackup: status.FAILED_PRECONDITION,
  AmbiguousSource: status.FAILED_PRECONDITION,
  AlreadyExists: status.FAILED_PRECONDITION,
  OutcomeUnknown: status.ABORTED,
  CreateFailed: status.ABORTED,
  FinalBackupFailed: status.ABORTED,
  Cancelled: status.ABORTED,
};

/**
 * Errors are sent in a header, which does not arrive if it is longer than a few kilobytes. The failures in an answer's
 * body have no such limit.
 */
const MAX_DETAILS_LENGTH = 2000;
/** How much of the end of a longer message stays. */
const TAIL_LENGTH = 600;

/** An error as grpc-js takes it. */
export interface RpcError {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
}

/**
 * The error that users read. Of an unexpected error it shows the kind only, since its message may contain
 * anything.
 */
export function describeError(error: unknown): RpcError {
  if (error instanceof PartialStateError) return describePartialState(error);
  if (error instanceof RedisBackupError) {
    return { code: STATUSES[error.code], details: shorten(error.message, MAX_DETAILS_LENGTH) };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const details = `The ucloud-redis plugin failed in a way it should not (${kind}). Please report this.`;
  return { code: status.ABORTED, details };
}

/** The engine shows the reasons in the trailer only. The details are for other clients. */
function describePartialState(error: PartialStateError): RpcError {
  const code = STATUSES[error.code];
  const details = `[${error.code}] The resource is not ready.`;
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(packPartialState(error, { code, details })));
  return { code, details, metadata };
}

/** Whether an error's text would be cut. */
export function isTooLongForDetails(error: RedisBackupError): boolean {
  return error.message.length > MAX_DETAILS_LENGTH;
}

/** A refused property as a message. */
export function encodeFailure({ property, reason }: InputFailure): messages.CheckFailure {
  return new messages.CheckFailure().setProperty(property.toWellFormed()).setReason(reason.toWellFormed());
}

/** Cuts the middle out of a long message: the verdict is at its start, and the next step at its end. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text.toWellFormed();
  const [start, end] = [text.slice(0, maxLength - TAIL_LENGTH - 3), text.slice(-TAIL_LENGTH)];
  return `${start.toWellFormed()}\n…\n${end.toWellFormed()}`;
}
