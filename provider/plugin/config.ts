/**
 * The provider's configuration as the engine sends it. In CheckConfig secrets come bare, in Configure marked; from
 * stack config and from Node programs numbers come as text, from YAML as numbers.
 */

import { type InputFailure, InvalidInputError } from "../ucloud/errors";
import { resolveSettings, type Settings } from "../ucloud/settings";
import type { HostEnvironment } from "../ucloud/settingSources";
import { type PropertyMap, revealSecrets, Secret, Unknown } from "./codec";

/** Keys of the engine's own that may stand among the settings. */
const ENGINE_KEYS: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "__internal"]);

/** Settings that state must not hold in the clear, however they were given. */
const SECRET_SETTINGS = ["publicKey", "privateKey", "securityToken"];

/** Settings whose values the engine may print when they are refused. */
const PRINTABLE_SETTINGS: ReadonlySet<string> = new Set([
  "region",
  "projectId",
  "profile",
  "sharedCredentialsFile",
  "sharedConfigFile",
  "maxRetries",
  "timeoutSeconds",
  "maxConcurrency",
  "umemRows",
]);
/** Keys and tokens are longer than this; what is longer may be one that was pasted into the wrong setting. */
const MAX_PRINTABLE_LENGTH = 16;

/** The outcome of a check of the configuration. */
export interface ConfigCheck {
  readonly inputs: PropertyMap;
  readonly failures: readonly InputFailure[];
}

/**
 * Checks the configuration without using it. Unknown values pass: they will be known, and checked, when it is used.
 * A failure whose `property` is empty names the setting in its reason only, because the engine prints the value of
 * the property that a failure names.
 */
export function checkConfig(news: PropertyMap, environment: HostEnvironment): ConfigCheck {
  try {
    resolveConfig(news, environment);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const failures = error.failures.map(({ property, reason }) => ({
      property: isPrintable(property, news[property]) ? property : "",
      reason: `[InvalidConfig] ${property}: ${reason}`,
    }));
    return { inputs: news, failures };
  }
  const inputs = Object.entries(news).map(([name, value]) => {
    const isBareSecret = SECRET_SETTINGS.includes(name) && typeof value === "string";
    return [name, isBareSecret ? new Secret(value) : value] as const;
  });
  return { inputs: Object.fromEntries(inputs), failures: [] };
}

/** @throws InvalidInputError `InvalidConfig` */
export function resolveConfig(args: PropertyMap, environment: HostEnvironment): Settings {
  const revealed = Object.entries(args).map(([name, value]) => [name, revealSecrets(value)] as const);
  const unknown = new Set(revealed.filter(([, value]) => value instanceof Unknown).map(([name]) => name));
  // Whether a profile exists cannot be told before it is known where to look for it.
  const isUnknownFile = unknown.has("sharedConfigFile") || unknown.has("sharedCredentialsFile");
  const given = revealed.filter(
    ([name]) => !ENGINE_KEYS.has(name) && !unknown.has(name) && !(isUnknownFile && name === "profile"),
  );
  return resolveSettings(Object.fromEntries(given), environment);
}

function isPrintable(property: string, value: unknown): boolean {
  if (!PRINTABLE_SETTINGS.has(property)) return false;
  return typeof value === "number" || (typeof value === "string" && value.length <= MAX_PRINTABLE_LENGTH);
}
