import * as pulumi from "@pulumi/pulumi";

/** Everything that a restore of a primary-replica group needs. */
export interface RestoredRedisArgs {
  instanceName: pulumi.Input<string>;
  password: pulumi.Input<string>;
  /** The region of the backup and of the new instance. */
  region: pulumi.Input<string>;
  backupId: pulumi.Input<string>;
  /** The group that was backed up. */
  sourceGroupId: pulumi.Input<string | undefined>;
  /** The version of the group that was backed up. */
  redisVersion: pulumi.Input<string | undefined>;
  /** The memory size of the group that was backed up, in GB. The instance needs at least as much. */
  memorySize: pulumi.Input<number | undefined>;
}

/** A Redis group that is restored from a backup. */
export class RestoredRedis extends pulumi.ComponentResource {
  /** The settings of the instance, without its password. */
  readonly settings: pulumi.Output<unknown>;
  /** The password of the instance; a secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: RestoredRedisArgs, options?: pulumi.ComponentResourceOptions) {
    super("disasterRecovery:index:RestoredRedis", name, {}, options);

    // >>> CREATE THE INSTANCE HERE, with `{ parent: this }`, from the arguments. <<<
    //
    // This class creates nothing, because no public Pulumi provider can restore Redis on UCloud yet. Use a resource of
    // your own (a dynamic provider, or a command) that calls the API's action `CreateURedisGroup`:
    // - `BackupId` makes it restore. Pass `args.backupId`.
    // - `ConfigId` is required with `BackupId`. A configuration is for one Redis version, `args.redisVersion`, and for
    //   one region. The console shows the ids of yours.
    // - Region, name, password, memory size and version are the other arguments.
    // A changed `backupId` must replace the instance. It changes only when the pin does.
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
