import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "pulumi-ucloud-redis";

const config = new pulumi.Config();
const source = config.requireObject<ucloudRedis.types.input.URedisRestoreSourceArgs>("source");
const place = config.getObject<ucloudRedis.RestoredURedisGroupArgs>("place");
const { DRILL_PASSWORD: password } = process.env;
if (!password) throw new Error("Run this program with `npm run drill`, which chooses a password for it.");

// Not protected, and without a final backup: drill.ts destroys the group when it has been looked at.
const group = new ucloudRedis.RestoredURedisGroup("restoreDrill", {
  source: { maxAge: "26h", ...source },
  chargeType: "Dynamic",
  ...place,
  password,
  autoBackup: false,
  finalBackup: false,
});

export const groupId = group.groupId;
export const address = group.address;
export const backup = group.backup.apply((chosen) => `${chosen?.backupId}, made ${chosen?.createdAt}`);
