/**
 * The provider's configuration as the engine sends it. Secrets come bare in CheckConfig and marked in
 * Configure. Numbers come as text from stack config and from Node.js programs, and as numbers from YAML.
 */

import { SECRET_SETTINGS } from "../engine/secretSettings";
import { isUnknown } from "../engine/unknowns";
import { type InputFailure, InvalidInputError } from "../ucloud/errors";
import { resolveSettings, type Settings } from "../ucloud/settings";
import { type HostEnvironment, type SettingName } from "../ucloud/settingSources";
import { type PropertyMap, revealProperties, Secret } from "./codec";

/** The engine's own keys among the settings. */
const ENGINE_KEYS: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "__internal"]);

/**
 * The settings that state holds encrypted only, however they were given. The schema leaves the public key
 * out, so that users need not set it with `--secret`.
 */
const ENCRYPTED_SETTINGS: ReadonlySet<string> = new Set([...SECRET_SETTINGS, "publicKey"]);

/**
 * The settings whose values the engine may print when they are refused. A new setting is not printed until it
 * is added here. A base URL is not, because it may contain a password.
 */
const PRINTABLE_SETTINGS: ReadonlySet<string> = new Set<SettingName>([
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

/** Keys and tokens are longer. A longer value may be a key that was pasted into the wrong setting. */
const MAX_PRINTABLE_LENGTH = 16;

/** The outcome of a check of the configuration. */
export interface ConfigCheck {
  readonly inputs: PropertyMap;
  readonly failures: readonly InputFailure[];
}

/**
 * Checks the configuration without using it. Unknown values pass: they are checked when they are known and
 * used.
 *
 * @returns failures whose `property` is empty where its value must not be shown, because the engine prints
 * the value of the property that a failure names. The reason names the setting in any case
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
    const isBareSecret = ENCRYPTED_SETTINGS.has(name) && typeof value === "string" && !isUnknown(value);
    return [name, isBareSecret ? new Secret(value) : value] as const;
  });
  return { inputs: Object.fromEntries(inputs), failures: [] };
}

/** @throws InvalidInputError `InvalidConfig` */
export function resolveConfig(args: PropertyMap, environment: HostEnvironment): Settings {
  const revealed = Object.entries(revealProperties(args));
  const unknown = new Set(revealed.filter(([, value]) => isUnknown(value)).map(([name]) => name));
  // A profile cannot be looked for while the file it is in is unknown.
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
