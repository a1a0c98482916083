import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as ucloudRedis from "pulumi-ucloud-redis";

/** Where a database comes up. What is left out is as the source has it, while that exists in the same region. */
interface Place {
  region: string;
  zone?: string;
  vpcId?: string;
  subnetId?: string;
}

/** What is bought there. What is left out is as the source or its backup has it. */
interface Terms {
  chargeType?: string;
  size?: number;
  version?: string;
}

const config = new pulumi.Config();
const groupId = config.require("groupId");
const home = config.requireObject<Place>("home");
const standby = config.requireObject<Place>("standby");
const terms = config.requireObject<Terms & { chargeType: string }>("group");
const { spaceId, ...place } = config.requireObject<Place & Terms & { zone: string; spaceId: string }>(
  "space",
);

// Another value restores both anew, and deletes those that this stack made before.
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
const copies = { ...standby, regionType: "target" } as const;
const group = new ucloudRedis.RestoredURedisGroup(
  "group",
  {
    source: { groupId, locations: [home, copies], maxAge: "8d" },
    ...terms,
    ...createLogin("group"),
    triggers,
  },
  options,
);
const space = new ucloudRedis.RestoredUMemSpace(
  "space",
  {
    source: { region: place.region, zone: place.zone, spaceId, maxAge: "26h" },
    ...place,
    ...createLogin("space"),
    triggers,
  },
  options,
);

export const addresses = { group: group.address, space: space.address };
export const groupRegion = group.region;
export const passwords = pulumi.secret({ group: group.password, space: space.password });
export const restoredFrom = {
  group: group.backup.apply((backup) => backup?.backupId),
  space: space.backup.apply((backup) => backup?.backupId),
};
