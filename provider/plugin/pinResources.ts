/**
 * The pins as resources of the plugin: strips the engine's marks for the operations of a pin, and marks their
 * results again. A value that comes in as a secret goes out as a secret.
 */

import type { RawArguments } from "../backups/arguments";
import { isImportedPin } from "../backups/pinChanges";
import { pinOperations } from "../backups/pins";
import { comparePinAndInform } from "../engine/pinComparison";
import { UNKNOWN } from "../engine/unknowns";
import { resources } from "../schema.json";
import { isSecretWithin, type PropertyMap } from "./codec";
import type { HostedResource } from "./resources";
import { hideSecrets } from "./redactedMessages";
import { markSecrets, pickUnknown, splitAndReveal } from "./secretMarks";

/** The engine's calls for one type of pin. */
export function createPinResource(token: keyof typeof pinOperations): HostedResource {
  const operations = pinOperations[token];

  return {
    check({ news }, context) {
      operations.check(splitAndReveal(news), context);
      return news;
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

    // Looks the backup up, also in a preview unless an argument is unknown.
    async create({ inputs, isPreview }, context) {
      const { args, unknown } = splitAndReveal(inputs);
      if (unknown.size > 0) {
        const outputs = Object.keys(resources[token].properties).map((name) => [name, UNKNOWN] as const);
        return { id: "", properties: { ...Object.fromEntries(outputs), ...inputs }, inputs };
      }
      const { id, state } = await operations.choose(args, hideSecrets([inputs], context));
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
        const refreshed = await operations.refresh({ id, state }, hideSecrets([properties, inputs], context));
        return { id, properties: markSecrets(refreshed, properties), inputs };
      }
      const imported = await operations.import(id, context);
      return { id, properties: imported.state as PropertyMap, inputs: imported.args as PropertyMap };
    },

    update({ olds, news }) {
      const { args } = splitAndReveal(news);
      const state: RawArguments = operations.update(splitAndReveal(olds).args, args);
      return { ...markSecrets(state, { ...olds, ...news }), ...pickUnknown(news) };
    },

    // A pin has created nothing in the cloud, so nothing is deleted there.
    delete: () => undefined,
  };
}
