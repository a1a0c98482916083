import {
  type Action,
  type ActionRequest,
  type ApiAnswer,
  cutPage,
  defineAction,
  type Page,
  succeed,
} from "./actions";
import type { Database } from "./databases";
import { writeBlockRow, writeGroupRow, writeSpaceRow, writeUMemRow } from "./databaseRows";
import { sortDatabases } from "./fleetIndex";
import { oneOf, optional, pages, required, text, whole, zone } from "./parameterRules";
import { RetCode } from "./refusals";
import { findDatabase } from "./sourceBackups";

const DEFAULT_LIMIT = 20;
const protocol = oneOf("redis", "memcache");

/** Listings of groups, spaces and shards. A look at an unfinished database brings it forward. */
export const databaseQueries: Readonly<Record<string, Action>> = {
  DescribeUMem: defineAction(
    {
      ...pages,
      Zone: optional(zone),
      Protocol: required(protocol),
      ResourceId: optional(text),
      ResourceType: optional(text),
    },
    (values, request) =>
      listDatabases(request, {
        page: { offset: values.Offset, limit: values.Limit ?? DEFAULT_LIMIT },
        isWanted: (database) =>
          values.Protocol === database.protocol &&
          isOrUndefined(values.Zone, database.zone) &&
          isOrUndefined(values.ResourceId, database.id) &&
          isOrUndefined(values.ResourceType, database.kind === "uredis" ? "single" : "distributed"),
        write: (database) => writeUMemRow(database, request.cloud.rules.spaceRowsLack),
      }),
  ),
  DescribeURedisGroup: defineAction(
    { ...pages, Zone: optional(zone), GroupId: optional(text) },
    (values, request) =>
      listDatabases(request, {
        page: { offset: values.Offset, limit: values.Limit ?? DEFAULT_LIMIT },
        isWanted: (database) =>
          database.kind === "uredis" &&
          database.protocol === "redis" &&
          isOrUndefined(values.Zone, database.zone) &&
          isOrUndefined(values.GroupId, database.id),
        write: writeGroupRow,
      }),
  ),
  DescribeUMemSpace: defineAction(
    { ...pages, Zone: optional(zone), SpaceId: optional(text), Protocol: optional(protocol) },
    (values, request) =>
      listDatabases(request, {
        page: { offset: values.Offset, limit: values.Limit ?? DEFAULT_LIMIT },
        isWanted: (database) =>
          database.kind === "umem" &&
          isOrUndefined(values.Protocol, database.protocol) &&
          isOrUndefined(values.Zone, database.zone) &&
          isOrUndefined(values.SpaceId, database.id),
        write: writeSpaceRow,
      }),
  ),
  GetUMemSpaceState: defineAction({ Zone: required(zone), SpaceId: required(text) }, (values, request) => {
    const space = findSpace(values, request);
    request.cloud.lifecycles.look([space.id]);
    return succeed({ State: space.state });
  }),
  DescribeUMemBlockInfo: defineAction(
    { Zone: required(zone), SpaceId: required(text), Offset: required(whole(0)), Limit: required(whole(1)) },
    (values, request) => {
      const space = findSpace(values, request);
      const rows = space.blocks.map((block, shard) => writeBlockRow(block, { database: space, shard }));
      request.cloud.lifecycles.look([space.id]);
      return {
        retCode: RetCode.ok,
        rows: cutPage(rows, { offset: values.Offset, limit: values.Limit }, request),
        isUncounted: true,
        fields: { ReadMode: "Custom" },
      };
    },
  ),
};

interface Listing {
  readonly page: Page;
  readonly isWanted: (database: Database) => boolean;
  readonly write: (database: Database) => object;
}

function listDatabases(request: ActionRequest, { page, isWanted, write }: Listing): ApiAnswer {
  const { cloud, region, projectId } = request;
  const wanted = cloud.databases
    .list()
    .filter(
      (database) => database.region === region && database.projectId === projectId && isWanted(database),
    );
  // A listing of several pages is one look at what it does not show.
  if ((page.offset ?? 0) === 0) cloud.startListing(wanted);
  const visible = sortDatabases(
    wanted.filter((database) => !cloud.isHidden(database)),
    cloud.rules.rowOrder,
  );
  const shown = cutPage(visible, page, request);
  const rows = shown.map(write);
  cloud.lifecycles.look(shown.map(({ id }) => id));
  return { retCode: RetCode.ok, rows, totalCount: visible.length, accountCount: visible.length };
}

function findSpace(
  { Zone, SpaceId }: { readonly Zone: string; readonly SpaceId: string },
  { cloud, region, projectId }: ActionRequest,
): Database {
  const retCode = RetCode.spaceNotFound;
  return findDatabase(cloud, { kind: "umem", id: SpaceId, zone: Zone, region, projectId, retCode });
}

function isOrUndefined(wanted: string | undefined, value: string): boolean {
  return wanted === undefined || wanted === value;
}
