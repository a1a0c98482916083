import { Connections } from "../engine/connections";
import { resolveSettings, type Settings } from "../ucloud/settings";
import { SETTING_NAMES } from "../ucloud/settingSources";

/** Reads a value of the stack's config, secrets included. */
export type ReadConfig = (key: string) => string | undefined;

/** Before the keys of the package's config. */
export const NAMESPACE = "ucloud-redis:";

/** The connections of this process. */
export const connections = new Connections();

/**
 * Resolves the settings from the stack's `ucloud-redis` config, the environment and the shared files. No
 * setting is part of a serialized provider, so each process resolves them.
 *
 * @param keys the config's keys if they can be listed, so that unknown settings are refused
 * @throws InvalidInputError `InvalidConfig`
 */
export function resolveStackSettings(readConfig: ReadConfig, keys: readonly string[] = []): Settings {
  const named = keys.filter((key) => key.startsWith(NAMESPACE)).map((key) => key.slice(NAMESPACE.length));
  const names = new Set([...SETTING_NAMES, ...named]);
  return resolveSettings(Object.fromEntries([...names].map((name) => [name, readConfig(NAMESPACE + name)])));
}
