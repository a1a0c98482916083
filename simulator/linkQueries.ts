import { createHash } from "node:crypto";
import { type Action, type ActionRequest, defineAction, succeed } from "./actions";
import { flag, optional, required, text, zone } from "./parameterRules";
import { Refusal, RetCode } from "./refusals";

/** In every link's signature, and nowhere else: where it is found, a link has leaked. */
export const LINK_MARK = "Zx4-marked-link";

/** How long a link works after the backup was made. */
const LINK_SECONDS = 30 * 24 * 3600;

/** The actions that return download links. Backups that cannot be restored have none. */
export const linkQueries: Readonly<Record<string, Action>> = {
  DescribeURedisBackupURL: defineAction(
    {
      Zone: optional(zone),
      BackupId: required(text),
      RegionFlag: optional(flag),
      GroupId: optional(text),
      SlaveZone: optional(zone),
      IsCrossRegion: optional(flag),
    },
    (values, request) => {
      const row = findGroupBackup(values, request);
      const [path, inner] = ["backups", "backups-inner"].map((host) =>
        writeLink({ host, file: `${row.BackupId}.rdb`, madeAt: row.BackupTime }),
      );
      return succeed({ BackupPath: path, BackupURL: path, InnerBackupPath: inner });
    },
  ),
  DescribeUMemBackupURL: defineAction(
    { Zone: required(zone), SpaceId: required(text), BackupId: required(text), BlockId: optional(text) },
    (values, request) => {
      const shards = findShards(values, request);
      const links = shards.map(({ row }, shard) =>
        writeLink({ host: "backups", file: `${row.BackupId}/${shard}.rdb`, madeAt: row.CreateTime }),
      );
      return succeed({ BackupURL: links });
    },
  ),
};

function findGroupBackup(
  values: {
    readonly Zone: string | undefined;
    readonly BackupId: string;
    readonly GroupId: string | undefined;
    readonly SlaveZone: string | undefined;
    readonly IsCrossRegion: boolean | undefined;
  },
  { cloud, region, projectId }: ActionRequest,
): { readonly BackupId: string; readonly BackupTime: number } {
  const { Zone, BackupId: backupId, GroupId: groupId, SlaveZone: slaveZone } = values;
  const types = values.IsCrossRegion === true ? (["source", "target"] as const) : (["normal"] as const);
  const row = types
    .flatMap((regionType) =>
      cloud.index.findURedis({ projectId, region, regionType, groupId, slaveZone, backupId }),
    )
    .find((each) => Zone === undefined || each.Zone === Zone);
  if (row?.State !== "Success") throw refuse(backupId, row?.State);
  return row;
}

function findShards(
  { Zone, SpaceId, BackupId }: { readonly Zone: string; readonly SpaceId: string; readonly BackupId: string },
  { cloud, region, projectId }: ActionRequest,
): ActionRequest["cloud"]["fleet"]["umem"] {
  const shards = cloud.fleet.umem.filter(
    (record) =>
      record.projectId === projectId &&
      record.region === region &&
      record.zone === Zone &&
      record.row.SpaceId === SpaceId &&
      record.row.BackupId === BackupId,
  );
  const count = shards[0]?.row.BlockCount;
  const isWhole = count === shards.length && shards.every(({ row }) => row.State === "Done");
  if (!isWhole) throw refuse(BackupId, count === undefined ? undefined : "Starting");
  return shards;
}

function refuse(backupId: string, state = "not found"): Refusal {
  return new Refusal(RetCode.badParameter, `Backup [${backupId}] is ${state}`);
}

/** The same for each request, so that tests can compare links. */
function writeLink(link: { readonly host: string; readonly file: string; readonly madeAt: number }): string {
  const { host, file, madeAt } = link;
  const url = `https://${host}.ucloud.test/${file}`;
  const signature = createHash("sha256").update(url).digest("base64url").slice(0, 20);
  return `${url}?UCloudPublicKey=backups&Expires=${madeAt + LINK_SECONDS}&Signature=${LINK_MARK}${signature}`;
}
