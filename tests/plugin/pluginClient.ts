/** The engine's side of the provider protocol, with promises. It packs values with Google's own code, not the plugin's. */
import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import {
  type IResourceProviderClient,
  ResourceProviderClient,
} from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Decoded properties, secrets and unknown values as they are on the wire. */
export type Properties = Record<string, JavaScriptValue>;

/** Why a property was refused. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What a call of a function brought; failures are empty where there is a result. */
export interface InvokeAnswer {
  readonly result: Properties;
  readonly failures: readonly CheckFailure[];
}

const INVOKE_METHOD = "/pulumirpc.ResourceProvider/Invoke";
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
/** How long connecting may take: a plugin that has ended is reported, not waited for. */
const DEADLINE_MS = 15_000;

type UnaryMethod = Exclude<keyof IResourceProviderClient, "list">;

type UnaryCall<Response> = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;

/** Calls one plugin. Failed calls reject with grpc-js's `ServiceError`, whose `details` is what users see. */
export class PluginClient {
  /** For calls that are not below. */
  readonly grpc: ResourceProviderClient;

  constructor(port: number) {
    this.grpc = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
      "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    });
  }

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

  async checkConfig(news: object): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    const request = new messages.CheckRequest();
    request.setNews(packProperties(news));
    const response = await this.call<messages.CheckResponse>("checkConfig", request);
    return {
      inputs: unpackProperties(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  configure(args: object): Promise<messages.ConfigureResponse> {
    const request = new messages.ConfigureRequest();
    request.setArgs(packProperties(args));
    return this.call<messages.ConfigureResponse>("configure", request);
  }

  /** Calls a function by its short name (`getURedisBackups`) or its token. */
  async invoke(name: string, args: object): Promise<InvokeAnswer> {
    return unpackAnswer(await this.call<InvokeResponse>("invoke", packInvoke(name, args)));
  }

  /** Calls a function with a message of any bytes; see rawInvoke.ts. */
  async invokeRaw(request: Uint8Array): Promise<InvokeAnswer> {
    return unpackAnswer(messages.InvokeResponse.deserializeBinary(await this.invokeEncoded(request)));
  }

  /** Sends an encoded call, and resolves with the encoded answer as soon as it is there. */
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

  /** Calls a function that has to return a result, and returns that. */
  async invokeResult(name: string, args: object): Promise<Properties> {
    const { result, failures } = await this.invoke(name, args);
    if (failures.length > 0) throw new Error(`${name} refused its arguments: ${JSON.stringify(failures)}`);
    return result;
  }

  cancel(): Promise<Empty> {
    return this.call("cancel", new Empty());
  }

  close(): void {
    this.grpc.close();
  }

  /** Any call that has one answer, by its name in `ResourceProviderClient`. */
  call<Response>(method: UnaryMethod, request: object): Promise<Response> {
    const unary = (this.grpc[method] as unknown as UnaryCall<Response>).bind(this.grpc);
    return new Promise((resolve, reject) => {
      unary(request, new Metadata(), { deadline: Date.now() + DEADLINE_MS }, (error, response) =>
        error === null ? resolve(response) : reject(error),
      );
    });
  }
}

/** The token of a function of the schema. */
export function getToken(name: string): string {
  return name.includes(":") ? name : `ucloud-redis:index:${name}`;
}

/** The message that calls a function. */
export function packInvoke(name: string, args: object): messages.InvokeRequest {
  const request = new messages.InvokeRequest().setTok(getToken(name));
  request.setArgs(packProperties(args));
  return request;
}

/** Packs plain values; those that are undefined are left out. */
export function packProperties(properties: object): Struct {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Struct.fromJavaScript(Object.fromEntries<JavaScriptValue>(given as [string, JavaScriptValue][]));
}

function unpackProperties(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** What an answer says. */
export function unpackAnswer(response: InvokeResponse): InvokeAnswer {
  return {
    result: unpackProperties(response.getReturn()),
    failures: response.getFailuresList().map((failure) => failure.toObject()),
  };
}
