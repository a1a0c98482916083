/** The provider protocol's messages: each call is unpacked, handed to the server, and its outcome packed. */

import { type handleUnaryCall, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type ErrorCode, type InputFailure, RedisBackupError } from "../ucloud/errors";
import { decodeProperties, encodeInvokeReturn, encodeProperties } from "./codec";
import type { Provider } from "./provider";

/**
 * The gRPC status of each code. None is UNAVAILABLE or CANCELLED, which the engine and the SDKs read as their own
 * connection's end, nor INTERNAL or UNKNOWN, which leave open whether something was done.
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
  Cancelled: status.ABORTED,
};

/** An error goes out in a header, and what is longer than a few kilobytes does not arrive. */
const MAX_DETAILS_LENGTH = 2000;

/** The protocol's calls. What `invoke` returns is encoded already, since it may be large. */
export const providerService = {
  ...ResourceProviderService,
  invoke: {
    ...ResourceProviderService.invoke,
    responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  },
};

/** The handlers of {@link providerService}. Calls that are not among them answer UNIMPLEMENTED, which the engine takes well. */
export function createHandlers(server: Provider): UntypedServiceImplementation {
  return {
    handshake: unary<messages.ProviderHandshakeRequest, messages.ProviderHandshakeResponse>((request) => {
      server.attach(request.getEngineAddress());
      return new messages.ProviderHandshakeResponse().setAcceptSecrets(true);
    }),
    attach: unary<plugin.PluginAttach, Empty>((request) => {
      server.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary<Empty, plugin.PluginInfo>(() =>
      new plugin.PluginInfo().setVersion(server.getVersion()),
    ),
    getSchema: unary<messages.GetSchemaRequest, messages.GetSchemaResponse>(() =>
      new messages.GetSchemaResponse().setSchema(server.getSchema()),
    ),
    checkConfig: unary<messages.CheckRequest, messages.CheckResponse>((request) => {
      const { inputs, failures } = server.checkConfig(decodeProperties(request.getNews()));
      const response = new messages.CheckResponse().setFailuresList(failures.map(encodeFailure));
      response.setInputs(encodeProperties(inputs));
      return response;
    }),
    configure: unary<messages.ConfigureRequest, messages.ConfigureResponse>(async (request) => {
      await server.configure(decodeProperties(request.getArgs()));
      return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    invoke: unary<messages.InvokeRequest, Uint8Array>(async (request) => {
      const outcome = await server.invoke(request.getTok(), decodeProperties(request.getArgs()));
      if (outcome.failures === undefined) return encodeInvokeReturn(outcome.result);
      return new messages.InvokeResponse()
        .setFailuresList(outcome.failures.map(encodeFailure))
        .serializeBinary();
    }),
    check: unary<messages.CheckRequest, messages.CheckResponse>(async (request) => {
      const failures = await server.check(readType(request.getUrn()), decodeProperties(request.getNews()));
      const response = new messages.CheckResponse().setFailuresList(failures.map(encodeFailure));
      response.setInputs(request.getNews());
      return response;
    }),
    diff: unary<messages.DiffRequest, messages.DiffResponse>(async (request) => {
      const urn = request.getUrn();
      const change = {
        olds: decodeProperties(request.getOlds()),
        oldInputs: decodeProperties(request.getOldInputs()),
        news: decodeProperties(request.getNews()),
      };
      const { replaces, updates } = await server.diff(readType(urn), change, urn);
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      return new messages.DiffResponse()
        .setChanges(replaces.length + updates.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setReplacesList([...replaces])
        .setDiffsList([...replaces, ...updates]);
    }),
    create: unary<messages.CreateRequest, messages.CreateResponse>(async (request) => {
      const urn = request.getUrn();
      const inputs = decodeProperties(request.getProperties());
      const created = await server.create(readType(urn), inputs, urn, request.getPreview());
      const response = new messages.CreateResponse().setId(created.id);
      response.setProperties(encodeProperties(created.properties));
      return response;
    }),
    read: unary<messages.ReadRequest, messages.ReadResponse>(async (request) => {
      const urn = request.getUrn();
      const state = {
        id: request.getId(),
        properties: decodeProperties(request.getProperties()),
        inputs: decodeProperties(request.getInputs()),
      };
      const { id, properties, inputs } = await server.read(readType(urn), state, urn);
      const response = new messages.ReadResponse().setId(id);
      response.setProperties(encodeProperties(properties)).setInputs(encodeProperties(inputs));
      return response;
    }),
    update: unary<messages.UpdateRequest, messages.UpdateResponse>((request) => {
      const olds = decodeProperties(request.getOlds());
      const news = decodeProperties(request.getNews());
      const response = new messages.UpdateResponse();
      response.setProperties(encodeProperties(server.update(readType(request.getUrn()), olds, news)));
      return response;
    }),
    // Nothing was made in the cloud, so there is nothing to delete.
    delete: unary<messages.DeleteRequest, Empty>(() => new Empty()),
    cancel: unary<Empty, Empty>(() => {
      server.cancel();
      return new Empty();
    }),
  };
}

/** The type in `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function readType(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    // The promise also catches what a handler throws before it awaits anything: one bad call must not end the rest.
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(describeError(error)),
      );
  };
}

/** What users read. Errors nobody foresaw show their kind only, since their message may hold anything. */
function describeError(error: unknown): { code: status; details: string } {
  if (error instanceof RedisBackupError) {
    return { code: STATUSES[error.code], details: error.message.slice(0, MAX_DETAILS_LENGTH).toWellFormed() };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const details = `The ucloud-redis plugin failed in a way it should not (${kind}). Please report this.`;
  return { code: status.ABORTED, details };
}

function encodeFailure({ property, reason }: InputFailure): messages.CheckFailure {
  return new messages.CheckFailure().setProperty(property.toWellFormed()).setReason(reason.toWellFormed());
}
