import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as ucloudRedis from "pulumi-ucloud-redis";

/** Where a database comes up. What is left out is as the source has it, while that exists in the same region. */
interface Place {
  region: string;
  zone?: string;
  vpcId?: string;
  subnetId?: string;
  chargeType?: string;
  size?: number;
  version?: string;
}

const config = new pulumi.Config();
const groupId = config.require("groupId");
const home = config.requireObject<Place>("home");
const standby = config.requireObject<Place>("standby");
const { spaceId, ...place } = config.requireObject<Place & { zone: string; spaceId: string }>("space");

// Another value restores all three anew, and deletes those that this stack made before.
const triggers = { restore: config.get("restore") ?? "first" };
// Pulumi neither replaces nor deletes what is protected.
const options = { protect: config.getBoolean("protect") ?? true };

function createLogin(name: string) {
  const pet = new random.RandomPet(name, { prefix: "restored" });
  const least = { minLower: 1, minUpper: 1, minNumeric: 1 };
  const password = new random.RandomPassword(name, { length: 24, special: false, ...least });
  return { name: pet.id, password: password.result };
}

// The home region has the nightly backups, the standby region has copies of some of them.
const homeGroup = new ucloudRedis.RestoredURedisGroup(
  "home",
  { source: { region: home.region, groupId, maxAge: "26h" }, ...home, ...createLogin("home"), triggers },
  options,
);
const copies = { region: standby.region, groupId, regionType: "target", maxAge: "8d" } as const;
const standbyGroup = new ucloudRedis.RestoredURedisGroup(
  "standby",
  { source: copies, ...standby, ...createLogin("standby"), triggers },
  options,
);
const spaceSource = { region: place.region, zone: place.zone, spaceId, maxAge: "26h" };
const space = new ucloudRedis.RestoredUMemSpace(
  "space",
  { source: spaceSource, ...place, ...createLogin("space"), triggers },
  options,
);

export const addresses = { home: homeGroup.address, standby: standbyGroup.address, space: space.address };
export const passwords = pulumi.secret({
  home: homeGroup.password,
  standby: standbyGroup.password,
  space: space.password,
});
export const restoredFrom = {
  home: homeGroup.backup.apply((backup) => backup?.backupId),
  standby: standbyGroup.backup.apply((backup) => backup?.backupId),
  space: space.backup.apply((backup) => backup?.backupId),
};
