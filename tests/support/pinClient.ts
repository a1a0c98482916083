/** The engine's calls for one resource, over a plugin's client. */
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import {
  type CheckAnswer,
  packProperties,
  type PluginClient,
  type Properties,
  type ResourceDiff,
  type ResourceState as PinState,
  unpackProperties as unpack,
} from "./pluginClient";

export type { ResourceState as PinState } from "./pluginClient";

/** Pulumi's unknown string, written out independently of the provider. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value with Pulumi's mark of a secret. */
export function makeSecret(value: unknown): Properties {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: value as string };
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

  check(news: object): Promise<CheckAnswer> {
    return this.plugin.check(this.urn, news);
  }

  diff(state: PinState, news: object): Promise<ResourceDiff> {
    return this.plugin.diff(this.urn, { state, news });
  }

  create(inputs: object, preview: boolean): Promise<{ id: string; properties: Properties }> {
    return this.plugin.create(this.urn, inputs, { preview });
  }

  /** Creates the resource, and returns the state that the engine keeps. */
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
