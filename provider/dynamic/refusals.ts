/** What the plugin offers and the twin cannot: said at once, where Pulumi would fail late or go on without. */

import * as pulumi from "@pulumi/pulumi";

/** @throws pulumi.RunError where an explicit provider was asked for */
export function refuseProvider(provider: unknown): void {
  if (provider === undefined) return;
  throw new pulumi.RunError(
    "[InvalidArgument] provider: pulumi-ucloud-redis/dynamic takes its settings from the stack's config, and has no " +
      "explicit providers. Use the plugin (`pulumi-ucloud-redis`) for several accounts in one program.",
  );
}

/** Stands where the plugin's SDK has its explicit provider. Creating one fails, and says why. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- programs write `new Provider`
export class Provider {
  constructor(name: string) {
    refuseProvider(name);
  }
}

/** @throws pulumi.RunError where a backup was to be imported */
export function refuseImport(id: unknown): void {
  if (id === undefined) return;
  throw new pulumi.RunError(
    "[InvalidArgument] import: Pulumi cannot import dynamic resources. Read the backup with `get`, or import it with " +
      "the plugin (`pulumi-ucloud-redis`).",
  );
}

/** Settings that must not stand in state in the clear. */
const SECRET_KEYS = ["ucloud-redis:privateKey", "ucloud-redis:securityToken"];

/**
 * Warns where keys stand in the stack's config and are no secrets there. Pulumi keeps all config in the state of
 * dynamic resources, and encrypts only what is secret. The plugin marks its keys itself.
 */
export function warnOfBareKeys(): void {
  // Not among Pulumi's documented functions, so it may be gone one day, and the warning with it.
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  const bare = SECRET_KEYS.filter((key) => pulumi.runtime.getConfig(key) && isConfigSecret?.(key) === false);
  for (const key of bare) {
    void pulumi.log.warn(
      `Pulumi is about to store ${key} in state in the clear. Run \`pulumi config set --secret ${key}\`, ` +
        "or give the keys by environment variables.",
    );
  }
}
