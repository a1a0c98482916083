import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "pulumi-ucloud-redis";

// The databases. Set one of the two, or both:
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

// A function looks the newest usable backup up in each preview. A pin keeps its first choice: restore from the pin.
if (groupId !== undefined) {
  const newest = ucloudRedis.getLatestURedisBackupOutput({ groupId, maxAge });
  const pin = new ucloudRedis.URedisBackupPin("uredis", { groupId, maxAge });
  outputs["uredis"] = describe(pin, newest.backupId);
}

// The same for a distributed space. A usable backup has all its shards.
if (spaceId !== undefined) {
  const zone = config.get("zone");
  if (zone === undefined)
    throw new pulumi.RunError("Say where the space is: `pulumi config set zone <its zone>`.");
  const newest = ucloudRedis.getLatestUMemBackupOutput({ spaceId, zone, maxAge });
  const pin = new ucloudRedis.UMemBackupPin("umem", { spaceId, zone, maxAge });
  outputs["umem"] = describe(pin, newest.backupId);
}

function describe(
  pin: ucloudRedis.URedisBackupPin | ucloudRedis.UMemBackupPin,
  newest: pulumi.Output<string>,
): pulumi.Output<unknown> {
  return pulumi.output({
    pinned: pin.backupId,
    createdAt: pin.createdAt,
    skipped: pin.skipped,
    newest,
  });
}

export = outputs;
