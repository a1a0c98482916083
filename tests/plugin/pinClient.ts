/** The engine's calls for one resource, over a plugin's client. */
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type CheckFailure, packProperties, type PluginClient, type Properties } from "./pluginClient";

/** What stands for a text that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value as Pulumi marks secrets. */
export function makeSecret(value: string | number): Properties {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** What the engine keeps of a resource. */
export interface PinState {
  readonly id: string;
  readonly properties: Properties;
  readonly inputs: object;
}

/** What a change leads to: the arguments that replace the resource, and all that changed. None where nothing is. */
export interface PinDiff {
  readonly changes: "none" | "some";
  readonly replaces: readonly string[];
  readonly diffs: readonly string[];
}

/** Calls a plugin about one resource of `type`. */
export class PinClient {
  readonly urn: string;

  constructor(
    private readonly plugin: PluginClient,
    type: string,
  ) {
    this.urn = `urn:pulumi:stack::project::component$ucloud-redis:index:${type}::pin`;
  }

  async check(news: object): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    const request = new messages.CheckRequest().setUrn(this.urn).setNews(packProperties(news));
    const response = await this.plugin.call<messages.CheckResponse>("check", request);
    const failures = response.getFailuresList().map((failure) => failure.toObject());
    return { inputs: unpack(response.getInputs()), failures };
  }

  async diff(state: PinState, news: object): Promise<PinDiff> {
    const request = new messages.DiffRequest().setId(state.id).setUrn(this.urn);
    request.setOlds(packProperties(state.properties)).setOldInputs(packProperties(state.inputs));
    request.setNews(packProperties(news));
    const response = await this.plugin.call<messages.DiffResponse>("diff", request);
    const { DIFF_NONE } = messages.DiffResponse.DiffChanges;
    return {
      changes: response.getChanges() === DIFF_NONE ? "none" : "some",
      replaces: response.getReplacesList(),
      diffs: response.getDiffsList(),
    };
  }

  async create(inputs: object, preview: boolean): Promise<{ id: string; properties: Properties }> {
    const request = new messages.CreateRequest().setUrn(this.urn).setPreview(preview);
    request.setProperties(packProperties(inputs));
    const response = await this.plugin.call<messages.CreateResponse>("create", request);
    return { id: response.getId(), properties: unpack(response.getProperties()) };
  }

  /** Creates it, and what the engine then keeps. */
  async createState(inputs: object): Promise<PinState> {
    return { ...(await this.create(inputs, false)), inputs };
  }

  async read({ id, properties, inputs }: PinState): Promise<PinState> {
    const request = new messages.ReadRequest().setId(id).setUrn(this.urn);
    request.setProperties(packProperties(properties)).setInputs(packProperties(inputs));
    const response = await this.plugin.call<messages.ReadResponse>("read", request);
    return {
      id: response.getId(),
      properties: unpack(response.getProperties()),
      inputs: unpack(response.getInputs()),
    };
  }

  async update(state: PinState, news: object, preview = false): Promise<Properties> {
    const request = new messages.UpdateRequest().setId(state.id).setUrn(this.urn).setPreview(preview);
    request.setOlds(packProperties(state.properties)).setOldInputs(packProperties(state.inputs));
    request.setNews(packProperties(news));
    const response = await this.plugin.call<messages.UpdateResponse>("update", request);
    return unpack(response.getProperties());
  }

  async delete({ id, properties }: PinState): Promise<void> {
    const request = new messages.DeleteRequest().setId(id).setUrn(this.urn);
    await this.plugin.call("delete", request.setProperties(packProperties(properties)));
  }
}

function unpack(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}
