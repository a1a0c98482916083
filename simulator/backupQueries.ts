import type { Action, ActionRequest, ApiAnswer } from "./actions";
import { cutPage } from "./actions";
import type { RegionType } from "./fleet";
import { bad, missing, RetCode } from "./refusals";
import type { RequestParameters } from "./signature";

/**
 * The listings of backups. They take any parameter, as the cloud does, because programs of former versions
 * may send more than these.
 */
export const backupQueries: Readonly<Record<string, Action>> = {
  DescribeURedisBackup: (request) => listPage(request, selectURedis),
  DescribeUMemBackup: (request) => listPage(request, selectUMem),
};

interface Selection {
  readonly rows: readonly { readonly BackupId: string }[];
  readonly accountCount: number;
}

const DEFAULT_LIMIT = 10;
const REGION_TYPES: readonly string[] = ["normal", "source", "target"] satisfies RegionType[];

function listPage(request: ActionRequest, select: (request: ActionRequest) => Selection): ApiAnswer {
  const { parameters, cloud } = request;
  const { rows: selected, accountCount } = select(request);
  const rows = cloud.isTurned(parameters) ? selected.toReversed() : selected;
  const offset = readCount(parameters, { name: "Offset", fallback: 0, least: 0 });
  const limit = readCount(parameters, { name: "Limit", fallback: DEFAULT_LIMIT, least: 1 });
  const page = cutPage(rows, { offset, limit }, request);
  const isUnfinished = (id: string): boolean => cloud.lifecycles.isChanging(id);
  const lastRow = (id: string): object | undefined => rows.findLast(({ BackupId }) => BackupId === id);
  // The shards of a backup may be on several pages, and a whole listing is one look: at the last shard.
  cloud.lifecycles.look(
    page
      .filter((row) => isUnfinished(row.BackupId) && row === lastRow(row.BackupId))
      .map(({ BackupId }) => BackupId),
  );
  return { retCode: RetCode.ok, rows: page, totalCount: rows.length, accountCount };
}

function selectURedis({ parameters, cloud, region, projectId }: ActionRequest): Selection {
  const { index } = cloud;
  const regionType = readOptional(parameters, "RegionType");
  const groupId = readOptional(parameters, "GroupId");
  const slaveZone = readOptional(parameters, "SlaveZone");
  if (regionType === undefined && groupId === undefined) throw missing("GroupId");
  if (regionType !== undefined && !isRegionType(regionType)) throw bad("RegionType");
  if (slaveZone !== undefined && !slaveZone.startsWith(`${region}-`)) throw bad("SlaveZone");
  const rows = index.findURedis({
    projectId,
    region,
    regionType: regionType ?? "normal",
    groupId,
    slaveZone,
    backupId: readOptional(parameters, "BackupId"),
  });
  return { rows, accountCount: index.countURedis(projectId) };
}

function selectUMem({ parameters, cloud, region, projectId }: ActionRequest): Selection {
  const zone = readOptional(parameters, "Zone");
  const spaceId = readOptional(parameters, "SpaceId");
  if (zone === undefined) throw missing("Zone");
  if (spaceId === undefined) throw missing("SpaceId");
  if (!zone.startsWith(`${region}-`)) throw bad("Zone");
  const rows = cloud.index.findUMem({ projectId, region, zone, spaceId });
  return { rows, accountCount: rows.length };
}

function readCount(
  parameters: RequestParameters,
  { name, fallback, least }: { readonly name: string; readonly fallback: number; readonly least: number },
): number {
  const text = readOptional(parameters, name);
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) throw bad(name);
  return Number(text);
}

/** Returns a parameter; undefined if it is absent or empty. */
export function readOptional(parameters: RequestParameters, name: string): string | undefined {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return value === "" ? undefined : value;
}

function isRegionType(text: string): text is RegionType {
  return REGION_TYPES.includes(text);
}
