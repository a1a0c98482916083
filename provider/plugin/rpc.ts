/** The provider protocol's messages: unpacks each call, passes it to the provider, and packs the outcome. */

import { type handleUnaryCall, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type ErrorCode, type InputFailure, RedisBackupError } from "../ucloud/errors";
import { decodeProperties, encodeInvokeReturn, encodeProperties } from "./codec";
import type { Provider } from "./provider";

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

/** Errors are sent in a header, which does not arrive if it is longer than a few kilobytes. */
const MAX_DETAILS_LENGTH = 2000;
/** How much of the end of a longer message stays. */
const TAIL_LENGTH = 600;

/**
 * The protocol's calls. `invoke` returns encoded bytes, since its result may be large (see
 * propertyWriter.ts).
 */
export const providerService = {
  ...ResourceProviderService,
  invoke: {
    ...ResourceProviderService.invoke,
    responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  },
};

/**
 * The handlers of {@link providerService}. Other calls are answered with UNIMPLEMENTED, which the engine
 * accepts.
 */
export function createHandlers(provider: Provider): UntypedServiceImplementation {
  return { ...createProviderHandlers(provider), ...createResourceHandlers(provider) };
}

function createProviderHandlers(provider: Provider): UntypedServiceImplementation {
  return {
    handshake: unary<messages.ProviderHandshakeRequest, messages.ProviderHandshakeResponse>((request) => {
      provider.attach(request.getEngineAddress());
      return new messages.ProviderHandshakeResponse().setAcceptSecrets(true);
    }),
    attach: unary<plugin.PluginAttach, Empty>((request) => {
      provider.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary<Empty, plugin.PluginInfo>(() =>
      new plugin.PluginInfo().setVersion(provider.getVersion()),
    ),
    getSchema: unary<messages.GetSchemaRequest, messages.GetSchemaResponse>(() =>
      new messages.GetSchemaResponse().setSchema(provider.getSchema()),
    ),
    // DiffConfig is left out: after an answer "no changes", the engine would configure with the old keys.
    checkConfig: unary<messages.CheckRequest, messages.CheckResponse>((request) => {
      const { inputs, failures } = provider.checkConfig(decodeProperties(request.getNews()));
      const response = new messages.CheckResponse().setFailuresList(failures.map(encodeFailure));
      response.setInputs(encodeProperties(inputs));
      return response;
    }),
    configure: unary<messages.ConfigureRequest, messages.ConfigureResponse>(async (request) => {
      await provider.configure(decodeProperties(request.getArgs()));
      return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    invoke: unary<messages.InvokeRequest, Uint8Array>(async (request) => {
      const outcome = await provider.invoke(request.getTok(), decodeProperties(request.getArgs()));
      if (outcome.failures === undefined) return encodeInvokeReturn(outcome.result);
      return new messages.InvokeResponse()
        .setFailuresList(outcome.failures.map(encodeFailure))
        .serializeBinary();
    }),
    cancel: unary<Empty, Empty>(() => {
      provider.cancel();
      return new Empty();
    }),
  };
}

function createResourceHandlers(provider: Provider): UntypedServiceImplementation {
  return {
    check: unary<messages.CheckRequest, messages.CheckResponse>(async (request) => {
      const news = decodeProperties(request.getNews());
      const failures = await provider.check({ urn: request.getUrn(), news });
      const response = new messages.CheckResponse().setFailuresList(failures.map(encodeFailure));
      response.setInputs(request.getNews());
      return response;
    }),
    diff: unary<messages.DiffRequest, messages.DiffResponse>(async (request) => {
      const { replaces, updates } = await provider.diff({
        urn: request.getUrn(),
        olds: decodeProperties(request.getOlds()),
        oldInputs: decodeProperties(request.getOldInputs()),
        news: decodeProperties(request.getNews()),
      });
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      return new messages.DiffResponse()
        .setChanges(replaces.length + updates.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setReplacesList([...replaces])
        .setDiffsList([...replaces, ...updates]);
    }),
    create: unary<messages.CreateRequest, messages.CreateResponse>(async (request) => {
      const { id, properties } = await provider.create({
        urn: request.getUrn(),
        inputs: decodeProperties(request.getProperties()),
        isPreview: request.getPreview(),
      });
      const response = new messages.CreateResponse().setId(id);
      response.setProperties(encodeProperties(properties));
      return response;
    }),
    read: unary<messages.ReadRequest, messages.ReadResponse>(async (request) => {
      const { id, properties, inputs } = await provider.read({
        urn: request.getUrn(),
        id: request.getId(),
        properties: decodeProperties(request.getProperties()),
        inputs: decodeProperties(request.getInputs()),
      });
      const response = new messages.ReadResponse().setId(id);
      response.setProperties(encodeProperties(properties)).setInputs(encodeProperties(inputs));
      return response;
    }),
    update: unary<messages.UpdateRequest, messages.UpdateResponse>((request) => {
      const olds = decodeProperties(request.getOlds());
      const news = decodeProperties(request.getNews());
      const response = new messages.UpdateResponse();
      response.setProperties(encodeProperties(provider.update({ urn: request.getUrn(), olds, news })));
      return response;
    }),
    // A pin has created nothing in the cloud, so nothing is deleted there.
    delete: unary<messages.DeleteRequest, Empty>(() => new Empty()),
  };
}

function unary<Message, Answer>(
  handle: (message: Message) => Answer | Promise<Answer>,
): handleUnaryCall<Message, Answer> {
  return (call, callback) => {
    // The promise also catches errors of synchronous handlers, so that one bad call does not end the process.
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (answer) => callback(null, answer),
        (error: unknown) => callback(describeError(error)),
      );
  };
}

/**
 * The error that users read. Of an unexpected error it shows the kind only, since its message may contain
 * anything.
 */
function describeError(error: unknown): { code: status; details: string } {
  if (error instanceof RedisBackupError) {
    return { code: STATUSES[error.code], details: shorten(error.message) };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const details = `The ucloud-redis plugin failed in a way it should not (${kind}). Please report this.`;
  return { code: status.ABORTED, details };
}

/** Cuts the middle out of a long message: the verdict is at its start, and the next step at its end. */
function shorten(text: string): string {
  if (text.length <= MAX_DETAILS_LENGTH) return text.toWellFormed();
  const [start, end] = [text.slice(0, MAX_DETAILS_LENGTH - TAIL_LENGTH - 3), text.slice(-TAIL_LENGTH)];
  return `${start.toWellFormed()}\n…\n${end.toWellFormed()}`;
}

function encodeFailure({ property, reason }: InputFailure): messages.CheckFailure {
  return new messages.CheckFailure().setProperty(property.toWellFormed()).setReason(reason.toWellFormed());
}
