/**
 * A resource that is not ready, as the engine takes it: an error's details in the trailer
 * `grpc-status-details-bin`. If the trailer does not arrive, the engine does not learn the id, and what was
 * made is lost. Today's engines take 16 MB. grpc-go has announced 8 KB, and takes no more where
 * GRPC_GO_EXPERIMENTAL_ENABLE_8KB_DEFAULT_HEADER_LIST_SIZE is set. So whatever can be spared is left out of a
 * trailer that would be longer.
 */

import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import * as statuses from "@pulumi/pulumi/proto/status_pb.js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { encodeProperties, type PropertyMap, Secret } from "./codec";
import type { PartialStateError } from "./partialState";

/** In base64 within 8 KB, with 700 bytes for the other headers. */
const MAX_BYTES = 5600;

/** What of the output `backup` nothing depends on: lists that may be long. They become empty. */
const SPARED_LISTS: ReadonlySet<string> = new Set(["blocks", "skipped"]);

const MAX_REASON_LENGTH = 600;

/** The parts of a trailer. */
interface Parts {
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap | undefined;
  readonly reasons: readonly string[];
}

/** The bytes of `grpc-status-details-bin`. Code and details must be those of the error that carries them. */
export function packPartialState(
  error: PartialStateError,
  { code, details }: { readonly code: number; readonly details: string },
): Uint8Array {
  const { id, properties, inputs } = error.partial.state;
  const pack = (parts: Parts): Uint8Array => {
    const failed = new messages.ErrorResourceInitFailed().setId(id);
    failed.setReasonsList(parts.reasons.map((reason) => reason.toWellFormed()));
    failed.setProperties(encodeProperties(parts.properties));
    if (parts.inputs !== undefined) failed.setInputs(encodeProperties(parts.inputs));
    const any = new Any();
    any.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    return new statuses.Status().setCode(code).setMessage(details).setDetailsList([any]).serializeBinary();
  };
  let parts: Parts = { properties, inputs, reasons: error.reasons };
  let packed = pack(parts);
  for (const spare of SPARING) {
    if (packed.length <= MAX_BYTES) break;
    parts = spare(parts);
    packed = pack(parts);
  }
  return packed;
}

/** What is left out of a trailer that is too long, in this order. */
const SPARING: readonly ((parts: Parts) => Parts)[] = [
  (parts) => ({ ...parts, properties: emptyLists(parts.properties) }),
  // The engine reads inputs in the answer to Read only, and keeps the ones it has if there are none.
  (parts) => ({ ...parts, inputs: undefined }),
  (parts) => ({ ...parts, reasons: parts.reasons.map((reason) => reason.slice(0, MAX_REASON_LENGTH)) }),
];

function emptyLists(properties: PropertyMap): PropertyMap {
  const { backup } = properties;
  if (typeof backup !== "object" || backup === null || backup instanceof Secret) return properties;
  const entries = Object.entries(backup as PropertyMap);
  const lighter = entries.map(([name, value]) => [name, SPARED_LISTS.has(name) ? [] : value] as const);
  return { ...properties, backup: Object.fromEntries(lighter) };
}
