import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as ucloudRedis from "pulumi-ucloud-redis";
import { RestoredRedis } from "./restoredRedis";

const config = new pulumi.Config();
const groupId = config.require("groupId");
// Another value restores again: `pulumi config set restore 2026-01-31`.
const triggers = { restore: config.get("restore") ?? "never" };

// Explicit providers do not read the stack's config. Settings that it lacks may still come from the environment. As
// secrets, the keys are encrypted in the state.
const settings = new pulumi.Config("ucloud-redis");
const account = {
  publicKey: settings.getSecret("publicKey"),
  privateKey: settings.getSecret("privateKey"),
  securityToken: settings.getSecret("securityToken"),
  projectId: settings.get("projectId"),
  baseUrl: settings.get("baseUrl"),
};

interface Plan {
  region: string;
  regionType: ucloudRedis.RegionType;
  maxAge: string;
}

/** Restores the group in a region, from the newest usable backup there. */
function restore(name: string, { region, regionType, maxAge }: Plan): RestoredRedis {
  const provider = new ucloudRedis.Provider(name, { ...account, region });
  const backup = new ucloudRedis.URedisBackupPin(
    name,
    { groupId, regionType, maxAge, triggers },
    { provider },
  );

  // A restored instance is a new one: with each newly pinned backup it gets a new name and a new password.
  const keepers = { backupId: backup.backupId };
  const instanceName = new random.RandomPet(name, { prefix: "restored", keepers });
  const password = new random.RandomPassword(name, { length: 24, special: false, keepers });

  return new RestoredRedis(name, {
    instanceName: instanceName.id,
    password: password.result,
    region: backup.region,
    backupId: backup.backupId,
    sourceGroupId: backup.groupId,
    redisVersion: backup.redisVersion,
    memorySize: backup.memorySize,
  });
}

// In the home region from the nightly backups, and in the standby region from the weekly copies there.
const home = restore("home", {
  region: config.require("homeRegion"),
  regionType: "normal",
  maxAge: config.get("maxAge") ?? "26h",
});
const standby = restore("standby", {
  region: config.require("standbyRegion"),
  regionType: "target",
  maxAge: config.get("maxCopyAge") ?? "8d",
});

export const homeInstance = home.settings;
export const homePassword = home.password;
export const standbyInstance = standby.settings;
export const standbyPassword = standby.password;
