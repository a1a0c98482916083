import type { LookupContext } from "../backups/lookup";
import { createRedisBackupApi, type RedisBackupApi } from "../backups/services";
import { version } from "../schema.json";
import { createClient } from "../ucloud/client";
import { requireCredentials, resolveSettings } from "../ucloud/settings";
import { SETTING_NAMES } from "../ucloud/settingSources";

/** Reads a value of the stack's config, secrets included. */
export type ReadConfig = (key: string) => string | undefined;

const NAMESPACE = "ucloud-redis:";

/** Connections by the settings they were made with, so that all lookups of a process share one. */
const connections = new Map<string, RedisBackupApi>();
/** What this process has said already, since programs ask for many contexts. */
const informed = new Set<string>();

/**
 * What lookups need, from the stack's `ucloud-redis` config, the environment and the shared files. Nothing of it is
 * ever part of a serialized provider: it is read anew in each process.
 *
 * @param keys the config's keys, where they can be listed, so that unknown settings are refused
 * @param inform shows what is only to be known; without it, that is not shown
 * @throws InvalidInputError `InvalidConfig`
 */
export function createContext(
  readConfig: ReadConfig,
  warn: (text: string) => void,
  keys: readonly string[] = [],
  inform: (text: string) => void = () => undefined,
): LookupContext {
  const named = keys.filter((key) => key.startsWith(NAMESPACE)).map((key) => key.slice(NAMESPACE.length));
  const names = new Set([...SETTING_NAMES, ...named]);
  const given = [...names].map((name) => [name, readConfig(NAMESPACE + name)] as const);
  const settings = resolveSettings(Object.fromEntries(given));
  const { region, projectId, umemRows, warnings, notices, credentials, origins } = settings;
  const { baseUrl, maxRetries, timeoutSeconds, maxConcurrency } = settings;
  for (const notice of notices) {
    if (!informed.has(notice)) inform(notice);
    informed.add(notice);
  }
  return {
    region,
    projectId,
    umemRows,
    openApi: () => {
      const limits = { baseUrl, maxRetries, timeoutSeconds, maxConcurrency };
      const key = JSON.stringify([credentials, limits]);
      const known = connections.get(key);
      if (known !== undefined) return known;
      const api = createRedisBackupApi(
        createClient({ ...limits, origins, credentials: requireCredentials(settings), version }),
      );
      connections.set(key, api);
      for (const warning of warnings) warn(warning);
      return api;
    },
    now: () => new Date(),
    warn,
    inform,
  };
}
