/**
 * The plugin's functions, run in the program's own process. Names, arguments and results are those of the
 * generated SDK. The settings come from the stack's config only, not from an explicit provider.
 */

import * as pulumi from "@pulumi/pulumi";
import type { FunctionToken, RawArguments } from "../backups/arguments";
import { lookupFunctions } from "../backups/functions";
import type * as sdk from "../../sdk/nodejs/index";
import { UNNAMED_LOOKUP } from "../engine/lookupLines";
import { listSecretOutputs, markSecretOutputs } from "../engine/secretOutputs";
import { runInProgram } from "./programSession";
import { refuseProvider } from "./refusals";

/**
 * Lists the backups of primary-replica Redis (URedis) groups, with the newest usable one and those that were
 * skipped. Reads every page of `DescribeURedisBackup`. If there is none, the list is empty; that is no
 * error.
 *
 * As the plugin's {@link sdk.getURedisBackups}.
 */
export const getURedisBackups = createPromiseFunction(
  "ucloud-redis:index:getURedisBackups",
) as typeof sdk.getURedisBackups;

/**
 * Lists the backups of primary-replica Redis (URedis) groups, with the newest usable one and those that were
 * skipped. Reads every page of `DescribeURedisBackup`. If there is none, the list is empty; that is no
 * error.
 *
 * As the plugin's {@link sdk.getURedisBackupsOutput}.
 */
export const getURedisBackupsOutput = createOutputFunction(
  "ucloud-redis:index:getURedisBackups",
) as typeof sdk.getURedisBackupsOutput;

/**
 * Lists the backups of a distributed Redis (UMem) space, each with all its shards, with the newest usable
 * one and those that were skipped. Reads every page of `DescribeUMemBackup`. If there is none, the list is
 * empty; that is no error.
 *
 * As the plugin's {@link sdk.getUMemBackups}.
 */
export const getUMemBackups = createPromiseFunction(
  "ucloud-redis:index:getUMemBackups",
) as typeof sdk.getUMemBackups;

/**
 * Lists the backups of a distributed Redis (UMem) space, each with all its shards, with the newest usable
 * one and those that were skipped. Reads every page of `DescribeUMemBackup`. If there is none, the list is
 * empty; that is no error.
 *
 * As the plugin's {@link sdk.getUMemBackupsOutput}.
 */
export const getUMemBackupsOutput = createOutputFunction(
  "ucloud-redis:index:getUMemBackups",
) as typeof sdk.getUMemBackupsOutput;

/**
 * Finds the newest backup of a primary-replica Redis (URedis) group that can be restored.
 *
 * As the plugin's {@link sdk.getLatestURedisBackup}.
 */
export const getLatestURedisBackup = createPromiseFunction(
  "ucloud-redis:index:getLatestURedisBackup",
) as typeof sdk.getLatestURedisBackup;

/**
 * Finds the newest backup of a primary-replica Redis (URedis) group that can be restored.
 *
 * As the plugin's {@link sdk.getLatestURedisBackupOutput}.
 */
export const getLatestURedisBackupOutput = createOutputFunction(
  "ucloud-redis:index:getLatestURedisBackup",
) as typeof sdk.getLatestURedisBackupOutput;

/**
 * Finds the newest backup of a distributed Redis (UMem) space that can be restored: no shard is missing, and
 * every shard is done.
 *
 * As the plugin's {@link sdk.getLatestUMemBackup}.
 */
export const getLatestUMemBackup = createPromiseFunction(
  "ucloud-redis:index:getLatestUMemBackup",
) as typeof sdk.getLatestUMemBackup;

/**
 * Finds the newest backup of a distributed Redis (UMem) space that can be restored: no shard is missing, and
 * every shard is done.
 *
 * As the plugin's {@link sdk.getLatestUMemBackupOutput}.
 */
export const getLatestUMemBackupOutput = createOutputFunction(
  "ucloud-redis:index:getLatestUMemBackup",
) as typeof sdk.getLatestUMemBackupOutput;

/**
 * Reports whether every Redis database has a recent usable backup. It finds the databases itself: all
 * primary-replica groups (URedis) and distributed spaces (UMem) of the regions given. Left out are read-only
 * replicas, databases that are being made or deleted, those that never ran, and deleted ones of which
 * backups remain. Cross-region copies are not looked at.
 *
 * As the plugin's {@link sdk.getRedisBackupReport}.
 */
export const getRedisBackupReport = createPromiseFunction(
  "ucloud-redis:index:getRedisBackupReport",
) as typeof sdk.getRedisBackupReport;

/**
 * Reports whether every Redis database has a recent usable backup. It finds the databases itself: all
 * primary-replica groups (URedis) and distributed spaces (UMem) of the regions given. Left out are read-only
 * replicas, databases that are being made or deleted, those that never ran, and deleted ones of which
 * backups remain. Cross-region copies are not looked at.
 *
 * As the plugin's {@link sdk.getRedisBackupReportOutput}.
 */
export const getRedisBackupReportOutput = createOutputFunction(
  "ucloud-redis:index:getRedisBackupReport",
) as typeof sdk.getRedisBackupReportOutput;

/**
 * Returns the link from which a backup of a primary-replica Redis (URedis) group can be downloaded. The link
 * is a secret: whoever has it can download all data of the database until it expires. Pulumi encrypts it in
 * state and hides it in its output.
 *
 * As the plugin's {@link sdk.getURedisBackupUrl}.
 */
export const getURedisBackupUrl = createPromiseFunction(
  "ucloud-redis:index:getURedisBackupUrl",
) as typeof sdk.getURedisBackupUrl;

/**
 * Returns the link from which a backup of a primary-replica Redis (URedis) group can be downloaded. The link
 * is a secret: whoever has it can download all data of the database until it expires. Pulumi encrypts it in
 * state and hides it in its output.
 *
 * As the plugin's {@link sdk.getURedisBackupUrlOutput}.
 */
export const getURedisBackupUrlOutput = createOutputFunction(
  "ucloud-redis:index:getURedisBackupUrl",
) as typeof sdk.getURedisBackupUrlOutput;

/**
 * Returns the links from which a backup of a distributed Redis (UMem) space can be downloaded, one for each
 * shard. The links are secrets: whoever has them can download all data of the database until they expire.
 * Pulumi encrypts them in state and hides them in its output.
 *
 * As the plugin's {@link sdk.getUMemBackupUrls}.
 */
export const getUMemBackupUrls = createPromiseFunction(
  "ucloud-redis:index:getUMemBackupUrls",
) as typeof sdk.getUMemBackupUrls;

/**
 * Returns the links from which a backup of a distributed Redis (UMem) space can be downloaded, one for each
 * shard. The links are secrets: whoever has them can download all data of the database until they expire.
 * Pulumi encrypts them in state and hides them in its output.
 *
 * As the plugin's {@link sdk.getUMemBackupUrlsOutput}.
 */
export const getUMemBackupUrlsOutput = createOutputFunction(
  "ucloud-redis:index:getUMemBackupUrls",
) as typeof sdk.getUMemBackupUrlsOutput;

type PromiseFunction = (args?: object, opts?: pulumi.InvokeOptions) => Promise<never>;
type OutputFunction = (args?: object, opts?: pulumi.InvokeOutputOptions) => pulumi.Output<never>;

/** Fields that the schema marks as secret are secret outputs in the result. */
function createPromiseFunction(token: FunctionToken): PromiseFunction {
  return async (args = {}, opts = {}) => {
    refuseProvider(opts.provider);
    const result = await lookUp(token, args as RawArguments);
    return markSecretOutputs(token, result, (value) => pulumi.secret(value)) as never;
  };
}

/**
 * Unknown arguments lead to an unknown output, and secret ones to a secret output. So does a result with a field
 * that the schema marks as secret, as with the plugin.
 */
function createOutputFunction(token: FunctionToken): OutputFunction {
  return (args = {}, opts = {}) => {
    refuseProvider(opts.provider);
    const given = pulumi.output(args);
    const dependencies = pulumi.output(opts.dependsOn as pulumi.Input<Dependencies>);
    const named = dependencies.apply((each) => awaitResources([each ?? []].flat()));
    const result = pulumi
      .all([given, awaitResources(findResources(given)), named])
      .apply<never>(async ([known]) => {
        const isSecret = await pulumi.isSecret(given);
        return (await lookUp(token, known as RawArguments, { isSecret })) as never;
      });
    return listSecretOutputs(token).length === 0 ? result : pulumi.secret(result);
  };
}

type Dependencies = readonly pulumi.Resource[] | pulumi.Resource | undefined;

/** The resources that a value comes from. Pulumi has no public function for that. */
async function findResources(value: object): Promise<pulumi.Resource[]> {
  const { allResources } = value as { allResources?: () => Promise<Iterable<pulumi.Resource>> };
  return [...((await allResources?.()) ?? [])];
}

/**
 * Waits for resources to be created, as the plugin's functions do. In a preview, a resource that does not
 * exist yet makes the output unknown.
 */
function awaitResources(
  resources: readonly pulumi.Resource[] | Promise<readonly pulumi.Resource[]>,
): pulumi.Output<unknown> {
  const custom = Promise.resolve(resources).then((all) =>
    all.filter((each) => pulumi.CustomResource.isInstance(each)),
  );
  return pulumi.output(custom.then((all) => all.map(({ id }) => id)));
}

function lookUp(
  token: FunctionToken,
  args: RawArguments,
  { isSecret = false }: { readonly isSecret?: boolean } = {},
): Promise<object> {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return runInProgram(async (context) => {
    const { tell } = context;
    const told = isSecret ? { ...context, tell: () => tell?.(UNNAMED_LOOKUP) } : context;
    const result = await lookupFunctions[token](Object.fromEntries(given), told);
    // A copy, as equal lookups share one listing and a program may change its result.
    return structuredClone<object>(result);
  });
}
