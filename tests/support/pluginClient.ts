/** The engine's side of the provider protocol, with calls that only tests make. */
import { Metadata } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  DEADLINE_MS,
  type InvokeAnswer,
  PluginConnection,
  type Properties,
  unpackAnswer,
} from "../../tools/pluginConnection";

export * from "../../tools/pluginConnection";

const INVOKE_METHOD = "/pulumirpc.ResourceProvider/Invoke";

/** Calls one plugin, also in ways in which the engine would not. */
export class PluginClient extends PluginConnection {
  handshake(engineAddress = ""): Promise<messages.ProviderHandshakeResponse> {
    const request = new messages.ProviderHandshakeRequest().setEngineAddress(engineAddress);
    return this.call<messages.ProviderHandshakeResponse>("handshake", request);
  }

  attach(engineAddress: string): Promise<Empty> {
    return this.call("attach", new plugin.PluginAttach().setAddress(engineAddress));
  }

  getPluginInfo(): Promise<plugin.PluginInfo> {
    return this.call("getPluginInfo", new Empty());
  }

  async getSchema(): Promise<unknown> {
    const request = new messages.GetSchemaRequest();
    const response = await this.call<messages.GetSchemaResponse>("getSchema", request);
    return JSON.parse(response.getSchema());
  }

  /** Calls a function with arbitrary bytes; see rawInvoke.ts. */
  async invokeRaw(request: Uint8Array): Promise<InvokeAnswer> {
    return unpackAnswer(messages.InvokeResponse.deserializeBinary(await this.invokeEncoded(request)));
  }

  /** Sends an encoded call, and resolves with the encoded answer. */
  invokeEncoded(request: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.grpc.makeUnaryRequest<Uint8Array, Uint8Array>(
        INVOKE_METHOD,
        (bytes) => Buffer.from(bytes),
        (bytes) => bytes,
        request,
        new Metadata(),
        { deadline: Date.now() + DEADLINE_MS },
        (error, answer) => (answer === undefined ? reject(error ?? new Error("no answer")) : resolve(answer)),
      );
    });
  }

  /** Calls a function, and fails if it refuses its arguments. */
  async invokeResult(name: string, args: object): Promise<Properties> {
    const { result, failures } = await this.invoke(name, args);
    if (failures.length > 0) throw new Error(`${name} refused its arguments: ${JSON.stringify(failures)}`);
    return result;
  }

  cancel(): Promise<Empty> {
    return this.call("cancel", new Empty());
  }
}
