/**
 * The functions of the plugin, made in the program's own process. Names, arguments and results are those of the
 * generated SDK; what differs is that settings come from the stack's config only, never from an explicit provider.
 */

import * as pulumi from "@pulumi/pulumi";
import type { FunctionToken, RawArguments } from "../../provider/backups/arguments";
import { lookupFunctions } from "../../provider/backups/lookup";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type * as sdk from "../nodejs";
import { createContext } from "./connection";

/** As the plugin's {@link sdk.getURedisBackups}. */
export const getURedisBackups = createPromiseFunction(
  "ucloud-redis:index:getURedisBackups",
) as typeof sdk.getURedisBackups;

/** As the plugin's {@link sdk.getURedisBackupsOutput}. */
export const getURedisBackupsOutput = createOutputFunction(
  "ucloud-redis:index:getURedisBackups",
) as typeof sdk.getURedisBackupsOutput;

/** As the plugin's {@link sdk.getUMemBackups}. */
export const getUMemBackups = createPromiseFunction(
  "ucloud-redis:index:getUMemBackups",
) as typeof sdk.getUMemBackups;

/** As the plugin's {@link sdk.getUMemBackupsOutput}. */
export const getUMemBackupsOutput = createOutputFunction(
  "ucloud-redis:index:getUMemBackups",
) as typeof sdk.getUMemBackupsOutput;

/** As the plugin's {@link sdk.getLatestURedisBackup}. */
export const getLatestURedisBackup = createPromiseFunction(
  "ucloud-redis:index:getLatestURedisBackup",
) as typeof sdk.getLatestURedisBackup;

/** As the plugin's {@link sdk.getLatestURedisBackupOutput}. */
export const getLatestURedisBackupOutput = createOutputFunction(
  "ucloud-redis:index:getLatestURedisBackup",
) as typeof sdk.getLatestURedisBackupOutput;

/** As the plugin's {@link sdk.getLatestUMemBackup}. */
export const getLatestUMemBackup = createPromiseFunction(
  "ucloud-redis:index:getLatestUMemBackup",
) as typeof sdk.getLatestUMemBackup;

/** As the plugin's {@link sdk.getLatestUMemBackupOutput}. */
export const getLatestUMemBackupOutput = createOutputFunction(
  "ucloud-redis:index:getLatestUMemBackup",
) as typeof sdk.getLatestUMemBackupOutput;

type PromiseFunction = (args?: object, opts?: pulumi.InvokeOptions) => Promise<never>;
type OutputFunction = (args?: object, opts?: pulumi.InvokeOutputOptions) => pulumi.Output<never>;

function createPromiseFunction(token: FunctionToken): PromiseFunction {
  return (args = {}, opts = {}) => {
    refuseProvider(opts.provider);
    return lookUp(token, args as RawArguments);
  };
}

/** Arguments that are not known yet give an output that is not; those that are secret give a secret. */
function createOutputFunction(token: FunctionToken): OutputFunction {
  return (args = {}, opts = {}) => {
    refuseProvider(opts.provider);
    const dependencies = pulumi.output(opts.dependsOn as pulumi.Input<unknown>);
    return pulumi
      .all([pulumi.output(args), dependencies])
      .apply<never>(([known]) => lookUp(token, known as RawArguments));
  };
}

async function lookUp(token: FunctionToken, args: RawArguments): Promise<never> {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const warnings: Promise<void>[] = [];
  try {
    const context = createContext(pulumi.runtime.getConfig, (text) => warnings.push(pulumi.log.warn(text)));
    // The result is of the type that the generated function promises.
    return (await lookupFunctions[token](Object.fromEntries(given), context)) as never;
  } catch (error) {
    // Pulumi shows the message of such an error alone; of any other, a stack too.
    throw error instanceof RedisBackupError ? new pulumi.RunError(error.message) : error;
  } finally {
    await Promise.all(warnings);
  }
}

/** @throws pulumi.RunError where an explicit provider was asked for */
export function refuseProvider(provider: unknown): void {
  if (provider === undefined) return;
  throw new pulumi.RunError(
    "[InvalidArgument] provider: pulumi-ucloud-redis/dynamic takes its settings from the stack's config, and has no " +
      "explicit providers. Use the plugin (`pulumi-ucloud-redis`) for several accounts in one program.",
  );
}
