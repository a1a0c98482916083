import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "pulumi-ucloud-redis";

// What to look up. Set one of the two, or both:
//   pulumi config set groupId <the id of your primary-replica group>
//   pulumi config set spaceId <the id of your distributed space>   and   pulumi config set zone <its zone>
const config = new pulumi.Config();
const groupId = config.get("groupId");
const spaceId = config.get("spaceId");
const maxAge = config.get("maxAge");
if (groupId === undefined && spaceId === undefined) {
  throw new pulumi.RunError("Say what to look up: `pulumi config set groupId <the id of your Redis group>`.");
}

const outputs: Record<string, pulumi.Output<unknown>> = {};

// The newest backup of the group that can be restored.
if (groupId !== undefined) {
  outputs["uredis"] = ucloudRedis
    .getLatestURedisBackupOutput({ groupId, maxAge })
    .apply(({ backupId, createdAt, skipped }) => ({ backupId, createdAt, skipped }));
}

// The newest backup of the space of which every shard is there.
if (spaceId !== undefined) {
  outputs["umem"] = ucloudRedis
    .getLatestUMemBackupOutput({ spaceId, zone: config.require("zone"), maxAge })
    .apply(({ backupId, createdAt, skipped }) => ({ backupId, createdAt, skipped }));
}

export = outputs;
