/**
 * The plugin's pins as dynamic resources. Names, arguments and outputs are those of the generated SDK. Their
 * type in state differs, their settings come from the stack's config only, and they cannot be imported,
 * because Pulumi cannot import dynamic resources.
 */

/* eslint-disable @typescript-eslint/no-require-imports -- import() does not work in serialized text */

import * as pulumi from "@pulumi/pulumi";
import type { PinToken } from "../backups/arguments";
import { resources } from "../schema.json";
import type * as sdk from "../../sdk/nodejs/index";
import type { openPinProvider } from "./pinProvider";
import { resolveProgramSettings } from "./programSession";
import { refuseImport, refuseProvider, warnOfBareKeys } from "./refusals";

/**
 * The backup of a primary-replica Redis (URedis) group to restore from. A pin looks the newest usable backup
 * up once, as `getLatestURedisBackup` does, and keeps it in the stack's state. It stays the same when newer
 * backups appear, so a database that takes its `backupId` from a pin is not replaced every night.
 *
 * As the plugin's {@link sdk.URedisBackupPin}.
 */
export type URedisBackupPin = sdk.URedisBackupPin;
/**
 * The backup of a primary-replica Redis (URedis) group to restore from. A pin looks the newest usable backup
 * up once, as `getLatestURedisBackup` does, and keeps it in the stack's state. It stays the same when newer
 * backups appear, so a database that takes its `backupId` from a pin is not replaced every night.
 *
 * As the plugin's {@link sdk.URedisBackupPin}.
 */
export const URedisBackupPin = createPinClass(
  "ucloud-redis:index:URedisBackupPin",
) as typeof sdk.URedisBackupPin;

/**
 * The backup of a distributed Redis (UMem) space to restore from. A pin looks the newest usable backup up
 * once, as `getLatestUMemBackup` does, and keeps it in the stack's state. It stays the same when newer
 * backups appear, so a database that takes its `backupId` from a pin is not replaced every night.
 *
 * As the plugin's {@link sdk.UMemBackupPin}.
 */
export type UMemBackupPin = sdk.UMemBackupPin;
/**
 * The backup of a distributed Redis (UMem) space to restore from. A pin looks the newest usable backup up
 * once, as `getLatestUMemBackup` does, and keeps it in the stack's state. It stays the same when newer
 * backups appear, so a database that takes its `backupId` from a pin is not replaced every night.
 *
 * As the plugin's {@link sdk.UMemBackupPin}.
 */
export const UMemBackupPin = createPinClass("ucloud-redis:index:UMemBackupPin") as typeof sdk.UMemBackupPin;

/** A class with the interface of the generated SDK's class for this resource. */
function createPinClass(token: PinToken): unknown {
  const typeName = token.slice(token.lastIndexOf(":") + 1);
  const provider = createSerializableProvider(token);
  const outputs = Object.fromEntries(
    Object.keys(resources[token].properties).map((name) => [name, undefined]),
  );

  class Pin extends pulumi.dynamic.Resource {
    constructor(name: string, args?: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
      refuseProvider(opts?.provider);
      refuseImport(opts?.import);
      warnOfBareKeys();
      // Refuses unknown settings: the process that serves the pin cannot list the config's keys.
      resolveProgramSettings();
      super(
        provider,
        name,
        { ...outputs, ...args, ...createHiddenInput(args) },
        opts,
        "ucloud-redis",
        typeName,
      );
    }
  }
  return Object.assign(Pin, {
    get: (name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions) =>
      new Pin(name, undefined, { ...opts, id }),
    isInstance: (value: unknown) => value instanceof Pin,
  });
}

/**
 * Tells the process that serves the pins that a running backup is waited for: only the program knows whether this
 * is a preview. The pin's `check` takes it off again.
 */
function createHiddenInput(args: pulumi.Inputs = {}): pulumi.Inputs {
  const isUpdate = (args["waitForRunning"] ?? undefined) !== undefined && !pulumi.runtime.isDryRun();
  return isUpdate ? { __waits: true } : {};
}

/**
 * A provider that Pulumi serializes as text and keeps in state. Its functions capture only the token, and
 * load their implementation by name when they run. So a pin can be deleted after the package was uninstalled.
 * The text is part of each pin in state, so do not change it without need, not even its comments.
 */
function createSerializableProvider(token: PinToken): pulumi.dynamic.ResourceProvider {
  const kept: { request?: pulumi.dynamic.ConfigureRequest; provider?: Provider } = {};
  const load = (): Provider => {
    if (kept.provider !== undefined) return kept.provider;
    let module: PinProviderModule;
    try {
      module = require("pulumi-ucloud-redis/dynamic/pinProvider") as PinProviderModule;
    } catch (error) {
      const { code = "" } = error as { code?: string };
      if (!["MODULE_NOT_FOUND", "ERR_PACKAGE_PATH_NOT_EXPORTED"].includes(code)) throw error;
      const message =
        "[InvalidConfig] The package `pulumi-ucloud-redis` cannot be loaded from this project, and this pin needs it. " +
        "Run `npm install pulumi-ucloud-redis` there.";
      // Pulumi prints the text of an error and its stack, then shows its message as well.
      throw Object.assign(new Error(message), { stack: message, toString: () => "ucloud-redis" });
    }
    kept.provider = module.openPinProvider(token);
    if (kept.request !== undefined) void kept.provider.configure(kept.request);
    return kept.provider;
  };
  return {
    configure: (request) => {
      kept.request = request;
      return Promise.resolve();
    },
    check: (olds: Values, news: Values) => load().check(olds, news),
    diff: (id, olds: Values, news: Values) => load().diff(id, olds, news),
    create: (inputs: Values) => load().create(inputs),
    read: (id, props?: Values) => load().read(id, props),
    update: (id, olds: Values, news: Values) => load().update(id, olds, news),
    delete: () => Promise.resolve(),
  };
}

type Values = Readonly<Record<string, unknown>>;

interface PinProviderModule {
  readonly openPinProvider: typeof openPinProvider;
}

type Provider = ReturnType<typeof openPinProvider>;
