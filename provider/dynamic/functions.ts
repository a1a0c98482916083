/**
 * The functions of the plugin, made in the program's own process. Names, arguments and results are those of the
 * generated SDK; what differs is that settings come from the stack's config only, never from an explicit provider.
 */

import * as pulumi from "@pulumi/pulumi";
import type { FunctionToken, RawArguments } from "../backups/arguments";
import { lookupFunctions } from "../backups/lookup";
import type * as sdk from "../../sdk/nodejs/index";
import { createProgramContext, showPlainly } from "./programContext";
import { refuseProvider } from "./refusals";

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
  return async (args = {}, opts = {}) => {
    refuseProvider(opts.provider);
    return lookUp(token, args as RawArguments);
  };
}

/** Arguments that are not known yet give an output that is not; those that are secret give a secret. */
function createOutputFunction(token: FunctionToken): OutputFunction {
  return (args = {}, opts = {}) => {
    refuseProvider(opts.provider);
    const given = pulumi.output(args);
    const dependencies = pulumi.output(opts.dependsOn as pulumi.Input<Dependencies>);
    const named = dependencies.apply((each) => awaitResources([each ?? []].flat()));
    return pulumi
      .all([given, awaitResources(findResources(given)), named])
      .apply<never>(([known]) => lookUp(token, known as RawArguments));
  };
}

type Dependencies = readonly pulumi.Resource[] | pulumi.Resource | undefined;

/** The resources that a value comes from, which no public function of Pulumi tells. */
async function findResources(value: object): Promise<pulumi.Resource[]> {
  const { allResources } = value as { allResources?: () => Promise<Iterable<pulumi.Resource>> };
  return [...((await allResources?.()) ?? [])];
}

/** Waits, as the plugin's functions do, for resources to be made; in a preview, one that is not leaves all unknown. */
function awaitResources(
  resources: readonly pulumi.Resource[] | Promise<readonly pulumi.Resource[]>,
): pulumi.Output<unknown> {
  const custom = Promise.resolve(resources).then((all) =>
    all.filter((each) => pulumi.CustomResource.isInstance(each)),
  );
  return pulumi.output(custom.then((all) => all.map(({ id }) => id)));
}

async function lookUp(token: FunctionToken, args: RawArguments): Promise<never> {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const warnings: Promise<void>[] = [];
  try {
    const context = createProgramContext((text) => warnings.push(pulumi.log.warn(text)));
    const result = await lookupFunctions[token](Object.fromEntries(given), context);
    // Equal lookups share what was read; a program may change what it gets. The result is of the type that the
    // generated function promises.
    return structuredClone(result) as never;
  } catch (error) {
    throw showPlainly(error);
  } finally {
    await Promise.all(warnings);
  }
}
