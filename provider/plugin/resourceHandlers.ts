/** The protocol's messages about resources; see rpc.ts. */

import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Autonaming } from "../restore/resource";
import { decodeProperties, encodeProperties } from "./codec";
import type { ResourceCalls } from "./resourceCalls";
import { encodeFailure } from "./rpcErrors";
import { unary } from "./unaryCall";

/** The handlers of the calls about resources. */
export function createResourceHandlers(calls: ResourceCalls): UntypedServiceImplementation {
  return { ...createComparingHandlers(calls), ...createChangingHandlers(calls) };
}

function createComparingHandlers(calls: ResourceCalls): UntypedServiceImplementation {
  return {
    check: unary<messages.CheckRequest, messages.CheckResponse>(async (request) => {
      const { inputs, failures } = await calls.check({
        urn: request.getUrn(),
        olds: decodeProperties(request.getOlds()),
        news: decodeProperties(request.getNews()),
        autonaming: decodeAutonaming(request.getAutonaming()),
        randomSeed: decodeSeed(request.getRandomseed_asU8()),
      });
      const response = new messages.CheckResponse().setFailuresList(failures.map(encodeFailure));
      response.setInputs(encodeProperties(inputs));
      return response;
    }),
    diff: unary<messages.DiffRequest, messages.DiffResponse>(async (request) => {
      const { replaces, updates } = await calls.diff({ urn: request.getUrn(), ...decodeChange(request) });
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      return new messages.DiffResponse()
        .setChanges(replaces.length + updates.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setReplacesList([...replaces])
        .setDiffsList([...replaces, ...updates]);
    }),
    read: unary<messages.ReadRequest, messages.ReadResponse>(async (request) => {
      const { id, properties, inputs } = await calls.read({
        urn: request.getUrn(),
        id: request.getId(),
        properties: decodeProperties(request.getProperties()),
        inputs: decodeProperties(request.getInputs()),
        timeoutSeconds: decodeTimeout(request.getTimeout()),
      });
      const response = new messages.ReadResponse().setId(id);
      if (id === "") return response;
      response.setProperties(encodeProperties(properties)).setInputs(encodeProperties(inputs));
      return response;
    }),
  };
}

function createChangingHandlers(calls: ResourceCalls): UntypedServiceImplementation {
  return {
    create: unary<messages.CreateRequest, messages.CreateResponse>(async (request) => {
      const { id, properties } = await calls.create({
        urn: request.getUrn(),
        inputs: decodeProperties(request.getProperties()),
        isPreview: request.getPreview(),
        timeoutSeconds: decodeTimeout(request.getTimeout()),
      });
      const response = new messages.CreateResponse().setId(id);
      response.setProperties(encodeProperties(properties));
      return response;
    }),
    update: unary<messages.UpdateRequest, messages.UpdateResponse>(async (request) => {
      const properties = await calls.update({
        urn: request.getUrn(),
        ...decodeChange(request),
        isPreview: request.getPreview(),
        timeoutSeconds: decodeTimeout(request.getTimeout()),
      });
      const response = new messages.UpdateResponse();
      response.setProperties(encodeProperties(properties));
      return response;
    }),
    delete: unary<messages.DeleteRequest, Empty>(async (request) => {
      await calls.delete({
        urn: request.getUrn(),
        id: request.getId(),
        properties: decodeProperties(request.getProperties()),
        inputs: decodeProperties(request.getOldInputs()),
        timeoutSeconds: decodeTimeout(request.getTimeout()),
      });
      return new Empty();
    }),
  };
}

function decodeChange(request: messages.DiffRequest | messages.UpdateRequest): {
  readonly id: string;
  readonly olds: ReturnType<typeof decodeProperties>;
  readonly oldInputs: ReturnType<typeof decodeProperties>;
  readonly news: ReturnType<typeof decodeProperties>;
} {
  return {
    id: request.getId(),
    olds: decodeProperties(request.getOlds()),
    oldInputs: decodeProperties(request.getOldInputs()),
    news: decodeProperties(request.getNews()),
  };
}

/** Zero means that the user gave none. */
function decodeTimeout(seconds: number): number | undefined {
  return seconds > 0 ? seconds : undefined;
}

/** Engines send no seed where they could not store it. */
function decodeSeed(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length > 0 ? bytes : undefined;
}

function decodeAutonaming(
  options: messages.CheckRequest.AutonamingOptions | undefined,
): Autonaming | undefined {
  if (options === undefined) return undefined;
  const { ENFORCE, DISABLE } = messages.CheckRequest.AutonamingOptions.Mode;
  const mode = options.getMode();
  return {
    proposedName: options.getProposedName(),
    mode: mode === ENFORCE ? "enforce" : mode === DISABLE ? "disable" : "propose",
  };
}
