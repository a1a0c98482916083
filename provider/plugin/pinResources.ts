/**
 * The pins as Pulumi's resources: what the engine sends is stripped of its marks for the pin service, and what comes
 * back is marked again. A value that went in as a secret comes out as one.
 */

import { isDeepStrictEqual } from "node:util";
import type { RawArguments, ResourceToken } from "../backups/arguments";
import type { LookupContext } from "../backups/lookup";
import type { PinChange, PinState } from "../backups/pinChanges";
import { describeKeptScope } from "../backups/pinMessages";
import { pinOperations } from "../backups/pins";
import { resources } from "../schema.json";
import {
  isSecretWithin,
  isUnknownWithin,
  type PropertyMap,
  type PropertyValue,
  revealSecrets,
  Secret,
  UNKNOWN,
} from "./codec";

/** What the engine keeps of a resource. In a preview of what is not known yet, it has no id. */
export interface ResourceState {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

/** The calls of the engine for one type of resource. */
export interface PinResource {
  /** @throws InvalidInputError `InvalidArgument` */
  check(news: PropertyMap, context: LookupContext): void;
  diff(options: {
    olds: PropertyMap;
    oldInputs: PropertyMap;
    news: PropertyMap;
    context: LookupContext;
  }): PinChange;
  /** Looks the backup up, in a preview too unless an argument is not known yet. */
  create(inputs: PropertyMap, context: LookupContext, isPreview: boolean): Promise<ResourceState>;
  /** Refreshes what `state` says, or adopts the backup of an id that comes without. */
  read(state: ResourceState, context: LookupContext): Promise<ResourceState>;
  update(olds: PropertyMap, news: PropertyMap): PropertyMap;
}

/** The resource of a type, or undefined where the schema has none of that name. */
export function findResource(type: string): PinResource | undefined {
  return Object.hasOwn(resources, type) ? createPinResource(type as ResourceToken) : undefined;
}

function createPinResource(token: ResourceToken): PinResource {
  const service = pinOperations[token];

  return {
    check(news, context) {
      const { args, pending } = open(news);
      service.check({ args, unknown: pending }, context);
    },

    diff({ olds, oldInputs, news, context }) {
      const { args, pending } = open(news);
      const state = open(olds).args;
      const change = service.compare({
        olds: open(oldInputs).args,
        news: args,
        state,
        context,
        unknown: pending,
        isImported: service.isImported(state),
      });
      const kept = change.replaces.length > 0 ? undefined : describeKeptScope({ args, state, context });
      if (kept !== undefined) context.inform(kept);
      return change;
    },

    async create(inputs, context, isPreview) {
      const { args, pending } = open(inputs);
      if (pending.size > 0) {
        const unknown = Object.keys(resources[token].properties).map((name) => [name, UNKNOWN] as const);
        return { id: "", properties: { ...Object.fromEntries(unknown), ...inputs }, inputs };
      }
      const { id, state } = await service.choose(args, context);
      // What is said of a choice names what was asked for, and the names of backups.
      const said = Object.values(inputs).some(isSecretWithin)
        ? "a backup, which is not named as an argument is secret."
        : service.describe(state, context);
      context.inform(`${isPreview ? "Would pin" : "Pinned"} ${said}`);
      return { id, properties: mark(state, inputs), inputs };
    },

    async read({ id, properties, inputs }, context) {
      const { args: state } = open(properties);
      if (typeof state["backupId"] === "string") {
        const refreshed = await service.refresh({ id, state }, context);
        return { id, properties: mark(refreshed, properties), inputs };
      }
      const adopted = await service.import(id, context);
      return { id, properties: adopted.state as PropertyMap, inputs: adopted.args as PropertyMap };
    },

    update(olds, news) {
      const { args, pending } = open(news);
      const unknown = Object.entries(news).filter(([name]) => pending.has(name));
      const state = mark(service.update(open(olds).args, args), { ...olds, ...news });
      return { ...state, ...Object.fromEntries(unknown) };
    },
  };
}

/** The bare values, and the names of those that are not known yet. */
function open(properties: PropertyMap): { args: RawArguments; pending: ReadonlySet<string> } {
  const names = Object.keys(properties);
  const pending = new Set(names.filter((name) => isUnknownWithin(properties[name] ?? null)));
  const known = names.filter((name) => !pending.has(name));
  return {
    args: Object.fromEntries(known.map((name) => [name, revealSecrets(properties[name] ?? null)])),
    pending,
  };
}

/** Marks what was secret in `marked`, under the same name. */
function mark(state: PinState, marked: PropertyMap): PropertyMap {
  const entries = Object.entries(state as PropertyMap).map(([name, value]): [string, PropertyValue] => {
    const before = marked[name] ?? null;
    if (!isSecretWithin(before)) return [name, value];
    return [name, isDeepStrictEqual(revealSecrets(before), value) ? before : new Secret(value)];
  });
  return Object.fromEntries(entries);
}
