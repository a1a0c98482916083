/** Refuses what only the plugin supports. Without this, Pulumi would fail later or ignore it. */

import * as pulumi from "@pulumi/pulumi";
import { SECRET_SETTINGS } from "../engine/secretSettings";
import { NAMESPACE } from "./stackSettings";

/** @throws pulumi.RunError if an explicit provider is given */
export function refuseProvider(provider: unknown): void {
  if (provider === undefined) return;
  throw new pulumi.RunError(
    "[InvalidArgument] provider: pulumi-ucloud-redis/dynamic takes its settings from the stack's config, and has no " +
      "explicit providers. Use the plugin (`pulumi-ucloud-redis`) for several accounts in one program.",
  );
}

/** In place of the plugin SDK's explicit provider. The constructor throws and gives the reason. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- programs write `new Provider`
export class Provider {
  constructor(name: string) {
    refuseProvider(name);
  }
}

/** @throws pulumi.RunError if an id to import is given */
export function refuseImport(id: unknown): void {
  if (id === undefined) return;
  throw new pulumi.RunError(
    "[InvalidArgument] import: Pulumi cannot import dynamic resources. Read the backup with `get`, or import it with " +
      "the plugin (`pulumi-ucloud-redis`).",
  );
}

/**
 * Warns of secret settings that are in the stack's config but not marked as secret there. Pulumi keeps the
 * whole config in the state of dynamic resources, and encrypts only marked values. The plugin marks its keys
 * itself.
 */
export function warnOfBareKeys(): void {
  // An undocumented function of Pulumi. If it is removed, there is no warning.
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  const keys = SECRET_SETTINGS.map((name) => NAMESPACE + name);
  const bare = keys.filter((key) => pulumi.runtime.getConfig(key) && isConfigSecret?.(key) === false);
  for (const key of bare) {
    void pulumi.log.warn(
      `Pulumi is about to store ${key} in state in the clear. Run \`pulumi config set --secret ${key}\`, ` +
        "or give the keys by environment variables.",
    );
  }
}
