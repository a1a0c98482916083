/**
 * The engine's side of the provider protocol, with promises. It packs values with google-protobuf, not with
 * the plugin's code.
 */
import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import {
  type IResourceProviderClient,
  ResourceProviderClient,
} from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Decoded properties. Secrets and unknowns are left as the protocol encodes them. */
export type Properties = Record<string, JavaScriptValue>;

/** Why a property was refused. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Inputs as the plugin accepted them, or the reasons why it refused them. */
export interface CheckAnswer {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

/** The result of a function call, or the reasons why the plugin refused it. */
export interface InvokeAnswer {
  readonly result: Properties;
  readonly failures: readonly CheckFailure[];
}

/** What the engine stores of a resource. */
export interface ResourceState {
  readonly id: string;
  readonly properties: Properties;
  readonly inputs: object;
}

/** What changed: the names of all changed properties, and of those that replace the resource. */
export interface ResourceDiff {
  readonly changes: "none" | "some";
  readonly replaces: readonly string[];
  readonly diffs: readonly string[];
}

const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
/** The time limit of a call, so that a call to a plugin that has ended fails. */
export const DEADLINE_MS = 15_000;
/** That of a call that may wait until a database runs or is gone. */
const CHANGE_DEADLINE_MS = 120_000;

type UnaryMethod = Exclude<keyof IResourceProviderClient, "list">;

type UnaryCall<Response> = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;

/** Calls one plugin. A failed call rejects with grpc-js's `ServiceError`. Users see its `details`. */
export class PluginConnection {
  /** For calls that have no method here. */
  readonly grpc: ResourceProviderClient;

  constructor(port: number) {
    this.grpc = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
      "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    });
  }

  async checkConfig(news: object): Promise<CheckAnswer> {
    const request = new messages.CheckRequest().setNews(packProperties(news));
    return unpackCheck(await this.call<messages.CheckResponse>("checkConfig", request));
  }

  configure(args: object): Promise<messages.ConfigureResponse> {
    const request = new messages.ConfigureRequest().setArgs(packProperties(args));
    return this.call<messages.ConfigureResponse>("configure", request);
  }

  /** Calls a function by its short name (`getURedisBackups`) or its token. */
  async invoke(
    name: string,
    args: object,
    { preview = false }: { readonly preview?: boolean } = {},
  ): Promise<InvokeAnswer> {
    const request = packInvoke(name, args).setPreview(preview);
    return unpackAnswer(await this.call<messages.InvokeResponse>("invoke", request));
  }

  /** @param olds the inputs of the resource as it exists */
  async check(urn: string, news: object, olds: object = {}): Promise<CheckAnswer> {
    const request = new messages.CheckRequest().setUrn(urn).setNews(packProperties(news));
    request.setOlds(packProperties(olds));
    return unpackCheck(await this.call<messages.CheckResponse>("check", request));
  }

  async diff(
    urn: string,
    { state, news }: { readonly state: ResourceState; readonly news: object },
  ): Promise<ResourceDiff> {
    const request = new messages.DiffRequest().setId(state.id).setUrn(urn);
    request.setOlds(packProperties(state.properties)).setOldInputs(packProperties(state.inputs));
    request.setNews(packProperties(news));
    const response = await this.call<messages.DiffResponse>("diff", request);
    const { DIFF_NONE } = messages.DiffResponse.DiffChanges;
    return {
      changes: response.getChanges() === DIFF_NONE ? "none" : "some",
      replaces: response.getReplacesList(),
      diffs: response.getDiffsList(),
    };
  }

  async create(
    urn: string,
    inputs: object,
    { preview }: { readonly preview: boolean },
  ): Promise<{ id: string; properties: Properties }> {
    const request = new messages.CreateRequest().setUrn(urn).setPreview(preview);
    request.setProperties(packProperties(inputs));
    const response = await this.call<messages.CreateResponse>("create", request, CHANGE_DEADLINE_MS);
    return { id: response.getId(), properties: unpackProperties(response.getProperties()) };
  }

  /** Changes a resource in place. */
  async update(
    urn: string,
    { state, news }: { readonly state: ResourceState; readonly news: object },
  ): Promise<Properties> {
    const request = new messages.UpdateRequest().setId(state.id).setUrn(urn);
    request.setOlds(packProperties(state.properties)).setOldInputs(packProperties(state.inputs));
    request.setNews(packProperties(news));
    const response = await this.call<messages.UpdateResponse>("update", request, CHANGE_DEADLINE_MS);
    return unpackProperties(response.getProperties());
  }

  async delete(urn: string, { id, properties, inputs }: ResourceState): Promise<void> {
    const request = new messages.DeleteRequest().setId(id).setUrn(urn);
    request.setProperties(packProperties(properties)).setOldInputs(packProperties(inputs));
    await this.call("delete", request, CHANGE_DEADLINE_MS);
  }

  close(): void {
    this.grpc.close();
  }

  /** Makes a call that has one answer, by its name in `ResourceProviderClient`. */
  call<Response>(method: UnaryMethod, request: object, deadlineMs = DEADLINE_MS): Promise<Response> {
    const unary = (this.grpc[method] as unknown as UnaryCall<Response>).bind(this.grpc);
    return new Promise((resolve, reject) => {
      unary(request, new Metadata(), { deadline: Date.now() + deadlineMs }, (error, response) =>
        error === null ? resolve(response) : reject(error),
      );
    });
  }
}

/** The token of a function of the schema. */
function getToken(name: string): string {
  return name.includes(":") ? name : `ucloud-redis:index:${name}`;
}

/** The message that calls a function. */
export function packInvoke(name: string, args: object): messages.InvokeRequest {
  return new messages.InvokeRequest().setTok(getToken(name)).setArgs(packProperties(args));
}

/** Packs plain values, without those that are undefined. */
export function packProperties(properties: object): Struct {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Struct.fromJavaScript(Object.fromEntries<JavaScriptValue>(given as [string, JavaScriptValue][]));
}

/** The plain values of a message's properties; empty if there is no message. */
export function unpackProperties(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** Unpacks the answer to a function call. */
export function unpackAnswer(response: messages.InvokeResponse): InvokeAnswer {
  return {
    result: unpackProperties(response.getReturn()),
    failures: response.getFailuresList().map((failure) => failure.toObject()),
  };
}

function unpackCheck(response: messages.CheckResponse): CheckAnswer {
  return {
    inputs: unpackProperties(response.getInputs()),
    failures: response.getFailuresList().map((failure) => failure.toObject()),
  };
}
