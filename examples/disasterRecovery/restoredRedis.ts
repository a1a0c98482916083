import * as pulumi from "@pulumi/pulumi";

/** What it takes to restore a primary-replica group from a backup. */
export interface RestoredRedisArgs {
  instanceName: pulumi.Input<string>;
  password: pulumi.Input<string>;
  /** Where the backup is, and the instance will be. */
  region: pulumi.Input<string>;
  backupId: pulumi.Input<string>;
  /** The group that was backed up. */
  sourceGroupId: pulumi.Input<string | undefined>;
  /** Of the group that was backed up. */
  redisVersion: pulumi.Input<string | undefined>;
  /** Of the group that was backed up, in GB. The instance needs at least as much. */
  memorySize: pulumi.Input<number | undefined>;
}

/** A Redis group that was restored from a backup. */
export class RestoredRedis extends pulumi.ComponentResource {
  /** What the instance is created with, without its password. */
  readonly settings: pulumi.Output<unknown>;
  /** What its clients log in with; a secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: RestoredRedisArgs, options?: pulumi.ComponentResourceOptions) {
    super("disasterRecovery:index:RestoredRedis", name, {}, options);

    // >>> CREATE THE INSTANCE HERE, with `{ parent: this }`, from the arguments. <<<
    //
    // This is a stand-in and creates nothing: no public Pulumi provider can restore Redis on UCloud yet. Use a resource
    // of your own (a dynamic provider, or a command) that calls the API's action `CreateURedisGroup`:
    // - `BackupId` makes it restore. It is `args.backupId`.
    // - `ConfigId` is required along with `BackupId`. A configuration belongs to one Redis version, `args.redisVersion`.
    //   Configurations are the region's; look yours up in the console.
    // - Region, name, password, memory size and version are the other arguments.
    // A changed `backupId` must replace the instance. It only changes when the pin does.
    const { instanceName, region, backupId, sourceGroupId, redisVersion, memorySize } = args;
    this.settings = pulumi.output({
      instanceName,
      region,
      backupId,
      sourceGroupId,
      redisVersion,
      memorySize,
    });
    this.password = pulumi.secret(args.password);
    this.registerOutputs({ settings: this.settings, password: this.password });
  }
}
