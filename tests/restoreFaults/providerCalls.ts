import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { decodeProperties, encodeProperties } from "../../provider/plugin/codec";
import type { ResourceCalls } from "../../provider/plugin/resourceCalls";
import type { PluginClient } from "../support/pluginClient";

/** The engine's calls about resources: those of a provider in this process, or of a plugin's process. */
export type Calls = Pick<ResourceCalls, "check" | "diff" | "create" | "read" | "update" | "delete">;

/** The calls of a plugin's process. Failed calls reject with grpc-js's errors. */
export function createRemoteCalls(client: PluginClient): Calls {
  return {
    async check({ urn, news, olds }) {
      const request = new messages.CheckRequest().setUrn(urn).setNews(encodeProperties(news));
      const response = await client.call<messages.CheckResponse>(
        "check",
        request.setOlds(encodeProperties(olds)),
      );
      const failures = response.getFailuresList().map((failure) => failure.toObject());
      return { inputs: decodeProperties(response.getInputs()), failures };
    },
    async diff({ urn, id, olds, oldInputs, news }) {
      const request = new messages.DiffRequest().setUrn(urn).setId(id).setOlds(encodeProperties(olds));
      request.setOldInputs(encodeProperties(oldInputs)).setNews(encodeProperties(news));
      const response = await client.call<messages.DiffResponse>("diff", request);
      const replaces = response.getReplacesList();
      return { replaces, updates: response.getDiffsList().filter((name) => !replaces.includes(name)) };
    },
    async create({ urn, inputs, isPreview }) {
      const request = new messages.CreateRequest().setUrn(urn).setProperties(encodeProperties(inputs));
      const response = await client.call<messages.CreateResponse>("create", request.setPreview(isPreview));
      return { id: response.getId(), properties: decodeProperties(response.getProperties()), inputs };
    },
    async read({ urn, id, properties, inputs }) {
      const request = new messages.ReadRequest().setUrn(urn).setId(id);
      request.setProperties(encodeProperties(properties)).setInputs(encodeProperties(inputs));
      const response = await client.call<messages.ReadResponse>("read", request);
      return {
        id: response.getId(),
        properties: decodeProperties(response.getProperties()),
        inputs: decodeProperties(response.getInputs()),
      };
    },
    async update({ urn, id, olds, oldInputs, news, isPreview }) {
      const request = new messages.UpdateRequest().setUrn(urn).setId(id).setOlds(encodeProperties(olds));
      request.setOldInputs(encodeProperties(oldInputs)).setNews(encodeProperties(news)).setPreview(isPreview);
      const response = await client.call<messages.UpdateResponse>("update", request);
      return decodeProperties(response.getProperties());
    },
    async delete({ urn, id, properties, inputs }) {
      const request = new messages.DeleteRequest().setUrn(urn).setId(id);
      request.setProperties(encodeProperties(properties)).setOldInputs(encodeProperties(inputs));
      await client.call("delete", request);
    },
  };
}
