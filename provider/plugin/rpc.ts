/** The provider protocol's messages: unpacks each call, passes it to the provider, and packs the outcome. */

import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { decodeProperties, encodeInvokeReturn, encodeProperties } from "./codec";
import type { LongMessage } from "./propertyWriter";
import type { Provider } from "./provider";
import { createResourceHandlers } from "./resourceHandlers";
import { encodeFailure } from "./rpcErrors";
import { unary } from "./unaryCall";

/**
 * The protocol's calls. `invoke` returns encoded bytes, since its result may be large (see
 * propertyWriter.ts).
 */
export const providerService = {
  ...ResourceProviderService,
  invoke: {
    ...ResourceProviderService.invoke,
    // The server only asks for the length of what it is given, and for a copy.
    responseSerialize: (bytes: Uint8Array | LongMessage) =>
      bytes instanceof Uint8Array
        ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        : (bytes as Buffer),
  },
};

/**
 * The handlers of {@link providerService}. Other calls are answered with UNIMPLEMENTED, which the engine
 * accepts.
 */
export function createHandlers(provider: Provider): UntypedServiceImplementation {
  return { ...createProviderHandlers(provider), ...createResourceHandlers(provider.resources) };
}

function createProviderHandlers(provider: Provider): UntypedServiceImplementation {
  return {
    handshake: unary<messages.ProviderHandshakeRequest, messages.ProviderHandshakeResponse>((request) => {
      provider.attach(request.getEngineAddress());
      // The engine takes this answer's word. It does not read the same fields in Configure's.
      return new messages.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setSupportsAutonamingConfiguration(true);
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
      return new messages.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    invoke: unary<messages.InvokeRequest, Uint8Array | LongMessage>(async (request) => {
      const outcome = await provider.invoke(request.getTok(), decodeProperties(request.getArgs()), {
        isPreview: request.getPreview(),
      });
      if (outcome.failures === undefined) return encodeInvokeReturn(outcome.result);
      return new messages.InvokeResponse()
        .setFailuresList(outcome.failures.map(encodeFailure))
        .serializeBinary();
    }),
    cancel: unary<Empty, Empty>(async () => {
      provider.cancel();
      // After a failure, the engine ends the process as soon as this is answered.
      await provider.tracing?.flush();
      return new Empty();
    }),
  };
}
