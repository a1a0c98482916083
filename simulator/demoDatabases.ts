import { createDatabase, splitBlocks, type Database } from "./databases";
import { demo, demoGroups, demoSpaces } from "./demoPlan";
import { type Fleet, listSources } from "./fleet";
import { defaultOffer, findDefaultConfiguration } from "./offer";

/** How old databases without a known age are, compared with their oldest backup. */
const DAY = 24 * 3600;
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

/** Returns the demo's groups and spaces, among them the group without backups. */
export function createDemoDatabases(nowSeconds: number): Database[] {
  const createdAt = nowSeconds - 90 * DAY;
  const groups = demoGroups.map((group) =>
    createGroup({
      id: group.groupId,
      name: group.groupName,
      region: group.region ?? demo.region,
      zone: group.zone ?? demo.zone,
      slaveZone: group.slaveZone,
      projectId: group.projectId ?? demo.projectId,
      size: group.memoryGigabytes,
      version: group.redisVersion,
      createdAt,
    }),
  );
  const { region, zone, projectId } = demo;
  const place = { region, zone, projectId };
  const empty = { ...place, id: demo.emptyGroupId, name: "new-cache", size: 1, version: "6.0", createdAt };
  const spaces = demoSpaces.map(({ spaceId, shards, ...space }) => {
    const name = `cluster-${spaceId.slice(-4)}`;
    return createSpace({ ...place, ...pickPlace(space), id: spaceId, name, blocks: shards, createdAt });
  });
  return [...groups, createGroup({ ...empty, slaveZone: undefined }), ...spaces];
}

function pickPlace({ region = demo.region, zone = demo.zone }: { region?: string; zone?: string }): {
  region: string;
  zone: string;
} {
  return { region, zone };
}

type Place = Pick<Database, "id" | "name" | "region" | "zone" | "projectId" | "createdAt">;

function createGroup(group: Place & Pick<Database, "size" | "version" | "slaveZone">): Database {
  return createDatabase({
    ...group,
    kind: "uredis",
    autoBackup: true,
    usedMb: Math.floor(group.size * 1024 * 0.4),
    configId: findDefaultConfiguration(defaultOffer, group.version)?.id ?? "",
  });
}

function createSpace({ blocks, ...place }: Place & { readonly blocks: number }): Database {
  const size = blocks * SHARD_GIGABYTES;
  return createDatabase({
    ...place,
    kind: "umem",
    size,
    version: UMEM_VERSION,
    autoBackup: true,
    usedMb: Math.floor(size * 1024 * 0.4),
    blocks: splitBlocks({ id: place.id, size }, blocks),
  });
}
