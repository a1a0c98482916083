/** The resources of the plugin, as the engine's calls find them: pins, and resources that write. */

import type { WritingResourceToken } from "../backups/arguments";
import { pinOperations } from "../backups/pins";
import type { Autonaming, ResourceDiff, RestoreContext, WritingResource } from "../restore/resource";
import { writingResources } from "../restore/resources";
import { resources as schemas } from "../schema.json";
import type { PropertyMap } from "./codec";
import { createPinResource } from "./pinResources";
import { createWritingResource } from "./writingResources";

/** A resource as the engine keeps it. The id is empty in a preview with unknown arguments. */
export interface ResourceState {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

/** Inputs to check. */
export interface ResourceCheck {
  readonly news: PropertyMap;
  /** The inputs in state; empty for a resource that is new, or that is replaced. */
  readonly olds: PropertyMap;
  readonly autonaming?: Autonaming | undefined;
  readonly randomSeed?: Uint8Array | undefined;
}

/** Outputs and inputs as they are in state, and the new inputs. */
export interface ResourceChange {
  readonly id: string;
  readonly olds: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly news: PropertyMap;
}

/** The engine's calls for one type of resource. Values carry the engine's marks. */
export interface HostedResource {
  /**
   * Returns the inputs to keep in state.
   *
   * @throws InvalidInputError `InvalidArgument`
   */
  check(request: ResourceCheck, context: RestoreContext): PropertyMap | Promise<PropertyMap>;
  diff(change: ResourceChange, context: RestoreContext): ResourceDiff | Promise<ResourceDiff>;
  /** @throws PartialStateError if something was, or may have been, made that is not ready; so do read and update */
  create(
    request: { readonly inputs: PropertyMap; readonly isPreview: boolean },
    context: RestoreContext,
  ): Promise<ResourceState>;
  /** Refreshes a state, or imports an id without a state. Returns undefined if the thing is gone. */
  read(state: ResourceState, context: RestoreContext): Promise<ResourceState | undefined>;
  /** Returns the new outputs. */
  update(
    change: ResourceChange & { readonly isPreview: boolean },
    context: RestoreContext,
  ): PropertyMap | Promise<PropertyMap>;
  delete(state: ResourceState, context: RestoreContext): void | Promise<void>;
}

/** Resources by their tokens. */
export type ResourceTable = Readonly<Record<string, HostedResource>>;

/** Every resource of the schema. One that is in neither table does not compile. */
export const hostedResources: ResourceTable = {
  ...mapTokens(pinOperations, (token) => createPinResource(token)),
  ...mapTokens(writingResources, (token: WritingResourceToken, resource: WritingResource) =>
    createWritingResource({ resource, outputs: Object.keys(schemas[token].properties) }),
  ),
};

/** The resource of a type, or undefined if the table has none with that name. */
export function findResource(type: string, table: ResourceTable): HostedResource | undefined {
  return Object.hasOwn(table, type) ? table[type] : undefined;
}

function mapTokens<Token extends string, Value>(
  table: Readonly<Record<Token, Value>>,
  create: (token: Token, value: Value) => HostedResource,
): ResourceTable {
  const entries = Object.entries(table) as [Token, Value][];
  return Object.fromEntries(entries.map(([token, value]) => [token, create(token, value)]));
}
