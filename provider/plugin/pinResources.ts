/**
 * The pins as resources of the plugin: strips the engine's marks for the operations of a pin, and marks their
 * results again. A value that comes in as a secret goes out as a secret.
 */

import { isDeepStrictEqual } from "node:util";
import type { PinToken, RawArguments } from "../backups/arguments";
import type { LookupContext } from "../backups/lookup";
import { isImportedPin, type PinChange, type PinState } from "../backups/pinChanges";
import { pinOperations } from "../backups/pins";
import { comparePinAndInform } from "../engine/pinComparison";
import { splitUnknown, UNKNOWN } from "../engine/unknowns";
import { resources } from "../schema.json";
import {
  isSecretWithin,
  type PropertyMap,
  type PropertyValue,
  revealProperties,
  revealSecrets,
  Secret,
} from "./codec";

/** A resource as the engine keeps it. The id is empty in a preview with unknown arguments. */
export interface ResourceState {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

/** Outputs and inputs as they are in state, and the new inputs. */
export interface ResourceChange {
  readonly olds: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly news: PropertyMap;
}

/** The engine's calls for one type of resource. */
export interface PinResource {
  /** @throws InvalidInputError `InvalidArgument` */
  check(news: PropertyMap, context: LookupContext): void;
  diff(change: ResourceChange, context: LookupContext): PinChange;
  /** Looks the backup up, also in a preview unless an argument is unknown. */
  create(
    options: { readonly inputs: PropertyMap; readonly isPreview: boolean },
    context: LookupContext,
  ): Promise<ResourceState>;
  /** Refreshes the backup of a state, or imports the backup of an id without a state. */
  read(state: ResourceState, context: LookupContext): Promise<ResourceState>;
  update(change: Pick<ResourceChange, "olds" | "news">): PropertyMap;
}

/** The resource of a type, or undefined if no pin has that name. */
export function findResource(type: string): PinResource | undefined {
  return Object.hasOwn(pinOperations, type) ? createPinResource(type as PinToken) : undefined;
}

function createPinResource(token: PinToken): PinResource {
  const operations = pinOperations[token];

  return {
    check(news, context) {
      const { args, unknown } = splitAndReveal(news);
      operations.check({ args, unknown }, context);
    },

    diff({ olds, oldInputs, news }, context) {
      const { args, unknown } = splitAndReveal(news);
      const state = splitAndReveal(olds).args;
      return comparePinAndInform({
        olds: splitAndReveal(oldInputs).args,
        news: args,
        state,
        context,
        unknown,
        isImported: isImportedPin(state),
      });
    },

    async create({ inputs, isPreview }, context) {
      const { args, unknown } = splitAndReveal(inputs);
      if (unknown.size > 0) {
        const outputs = Object.keys(resources[token].properties).map((name) => [name, UNKNOWN] as const);
        return { id: "", properties: { ...Object.fromEntries(outputs), ...inputs }, inputs };
      }
      const { id, state } = await operations.choose(args, context);
      // The description of a choice contains arguments and the names of backups.
      const choice = Object.values(inputs).some(isSecretWithin)
        ? "a backup, which is not named as an argument is secret."
        : operations.describe(state, context);
      context.inform(`${isPreview ? "Would pin" : "Pinned"} ${choice}`);
      return { id, properties: markSecrets(state, inputs), inputs };
    },

    async read({ id, properties, inputs }, context) {
      const state = splitAndReveal(properties).args;
      if (typeof state["backupId"] === "string") {
        const refreshed = await operations.refresh({ id, state }, context);
        return { id, properties: markSecrets(refreshed, properties), inputs };
      }
      const imported = await operations.import(id, context);
      return { id, properties: imported.state as PropertyMap, inputs: imported.args as PropertyMap };
    },

    update({ olds, news }) {
      const { args, unknown } = splitAndReveal(news);
      const unknownValues = Object.entries(news).filter(([name]) => unknown.has(name));
      const state = markSecrets(operations.update(splitAndReveal(olds).args, args), { ...olds, ...news });
      return { ...state, ...Object.fromEntries(unknownValues) };
    },
  };
}

/** The known values without secret marks, and the names of the unknown ones. */
function splitAndReveal(properties: PropertyMap): {
  readonly args: RawArguments;
  readonly unknown: ReadonlySet<string>;
} {
  const { known, unknown } = splitUnknown(properties);
  return { args: revealProperties(known), unknown };
}

/** Marks each value as secret that is secret in `marked` under the same name. */
function markSecrets(state: PinState, marked: PropertyMap): PropertyMap {
  const entries = Object.entries(state as PropertyMap).map(([name, value]): [string, PropertyValue] => {
    const before = marked[name] ?? null;
    if (!isSecretWithin(before)) return [name, value];
    return [name, isDeepStrictEqual(revealSecrets(before), value) ? before : new Secret(value)];
  });
  return Object.fromEntries(entries);
}
