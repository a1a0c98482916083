import { createDatabase, type Database, type DatabaseChanges, splitBlocks } from "./databases";
import { demo, type Group, type Space } from "./demoPlan";
import { type Fleet, listSources } from "./fleet";
import { defaultOffer, findDefaultConfiguration } from "./offer";

/** How old databases without a known age are, compared with their oldest backup. */
const HOUR = 3600;
const DAY = 24 * HOUR;
const DEMO_AGE_HOURS = 90 * 24;
const SHARD_GIGABYTES = 4;
const UMEM_VERSION = "6.0";

/**
 * Returns a running database for each group and space that a fleet has backups of, copies in other regions
 * left out. `createDemoFleet` does so by itself; for other fleets:
 * `{ ...fleet, databases: createDatabases(fleet) }`.
 */
export function createDatabases(fleet: Fleet): Database[] {
  return listSources(fleet)
    .filter(({ regionType }) => regionType === "normal")
    .map(({ kind, id, region, zone, projectId }) => {
      const place = { id, region, zone, projectId };
      if (kind === "umem") {
        const rows = fleet.umem.map(({ row }) => row).filter(({ SpaceId }) => SpaceId === id);
        const blocks = rows[0]?.BlockCount ?? 1;
        const oldest = Math.min(...rows.map(({ CreateTime }) => CreateTime));
        return createSpace({ ...place, name: `space-${id}`, blocks, createdAt: oldest - DAY });
      }
      const records = fleet.uredis.filter(({ row }) => row.GroupId === id);
      const [first] = records;
      return createGroup({
        ...place,
        name: first?.row.GroupName ?? id,
        size: first?.row.MemorySize ?? 1,
        version: first?.row.RedisVersion ?? "4.0",
        slaveZone: first?.slaveZone,
        createdAt: Math.min(...records.map(({ row }) => row.BackupTime)) - DAY,
      });
    });
}

/** Returns the databases of a plan. */
export function createDemoDatabases(
  { groups, spaces }: { readonly groups: readonly Group[]; readonly spaces: readonly Space[] },
  nowSeconds: number,
): Database[] {
  const { projectId } = demo;
  const readAge = ({ ageHours = DEMO_AGE_HOURS }: { ageHours?: number }): number =>
    nowSeconds - ageHours * HOUR;
  return [
    ...groups.map((group) =>
      createGroup({
        id: group.groupId,
        name: group.groupName,
        region: group.region ?? demo.region,
        zone: group.zone ?? demo.zone,
        slaveZone: group.slaveZone,
        projectId: group.projectId ?? projectId,
        size: group.memoryGigabytes,
        version: group.redisVersion,
        createdAt: readAge(group),
        ...group.database,
      }),
    ),
    ...spaces.map((space) =>
      createSpace({
        id: space.spaceId,
        name: `cluster-${space.spaceId.slice(-4)}`,
        region: space.region ?? demo.region,
        zone: space.zone ?? demo.zone,
        projectId,
        blocks: space.shards,
        createdAt: readAge(space),
        ...(space.database && { changes: space.database }),
      }),
    ),
  ];
}

type Place = Pick<Database, "id" | "name" | "region" | "zone" | "projectId" | "createdAt">;

function createGroup(
  group: Place & Pick<Database, "size" | "version" | "slaveZone"> & DatabaseChanges,
): Database {
  return createDatabase({
    kind: "uredis",
    autoBackup: true,
    usedMb: Math.floor(group.size * 1024 * 0.4),
    configId: findDefaultConfiguration(defaultOffer, group.version)?.id ?? "",
    ...group,
  });
}

function createSpace({
  blocks,
  changes,
  ...place
}: Place & { readonly blocks: number; readonly changes?: DatabaseChanges }): Database {
  const size = blocks * SHARD_GIGABYTES;
  return createDatabase({
    ...place,
    kind: "umem",
    size,
    version: UMEM_VERSION,
    autoBackup: true,
    usedMb: Math.floor(size * 1024 * 0.4),
    blocks: splitBlocks({ id: place.id, size }, blocks),
    ...changes,
  });
}
