/**
 * Reads the rows of `DescribeUMemBackup` and puts them together into backups. The API page says that each element of the
 * list is the backup of one shard, and gives it a `BlockCount`, "the number of shards in this backup". Rows do not name
 * their shard. Some accounts may get one row for each whole backup instead; this is not confirmed. So it is assumed only
 * on evidence (see `decideRows`), or if the setting `umemRows` says so.
 */
import type { UMemBackup, UMemBackupBlock } from "../schemaTypes";
import { type JsonObject, readInteger, readName, readSharedName } from "../ucloud/jsonFields";
import type { Listing } from "../ucloud/paging";
import type { UMemRows } from "../ucloud/settings";
import { formatTime } from "./age";
import { dropUndefined } from "./fields";
import { compareTexts } from "./order";
import type { BackupList } from "./selection";
import {
  areAlike,
  areOfOneSpace,
  compareBlocks,
  DONE,
  findEarliestTime,
  findFirst,
  isDoneRowOfMany,
  pickState,
  readBlockCount,
  STARTING,
  sumSizes,
} from "./umemBlocks";
import { createUMemExplanation } from "./umemReasons";

/** Facts about the listing that the rows come from. */
export interface AssemblyOptions extends Pick<
  Listing<unknown>,
  "completeIds" | "ambiguousIds" | "isComplete" | "totalCount"
> {
  /** What the user says a row is. @default "auto" */
  readonly umemRows?: UMemRows | undefined;
}

/** How many lone rows it takes to show that a row is a backup. */
const MIN_EVIDENCE = 3;

/**
 * Reads one row of `DescribeUMemBackup` into the schema's type. Fields that are missing, null, empty or unreadable have
 * no key.
 */
export function readUMemBlock(row: JsonObject): UMemBackupBlock {
  return dropUndefined<UMemBackupBlock>({
    backupName: readName(row, "BackupName"),
    createTime: readInteger(row, "CreateTime"),
    state: readSharedName(row, "State"),
    backupId: readName(row, "BackupId"),
    backupType: readSharedName(row, "BackupType"),
    blockCount: readInteger(row, "BlockCount"),
    blockSize: readInteger(row, "BlockSize"),
    protocol: readSharedName(row, "Protocol"),
    spaceId: readSharedName(row, "SpaceId"),
  });
}

/**
 * Puts the rows of each `BackupId` together. Every row becomes one of the `blocks` of exactly one backup. Each row without
 * an id is a backup of its own, never usable. A backup is whole if all its rows are `Done` and name at most one space, and
 * the listing proves that it holds as many of them as the largest `BlockCount` among them says (`completeIds`). Where
 * rows are backups, a backup is whole if its row is `Done` and has a `BlockCount`.
 *
 * Ordered by `backupId`, not by time. The result does not depend on the order of the rows.
 */
export function assembleUMemBackups(
  rows: readonly UMemBackupBlock[],
  options: AssemblyOptions,
): BackupList<UMemBackup> {
  const { groups, rowsWithoutId } = groupRows(rows);
  const areRowsBackups = decideRows(rows, {
    ...options,
    isOneRowEach: groups.size + rowsWithoutId.length === rows.length,
  });
  const backups = [
    ...rowsWithoutId
      .sort(compareBlocks)
      .map((block) => assembleBackup({ backupId: "", blocks: [block], areAllListed: false })),
    ...[...groups]
      .sort(([a], [b]) => compareTexts(a, b))
      .map(([backupId, blocks]) => {
        blocks.sort(compareBlocks);
        // Alike, because the API may list the only row of a backup more than once.
        const areAllListed = options.completeIds.has(backupId) || (areRowsBackups && areAlike(blocks));
        return assembleBackup({ backupId, blocks, areAllListed });
      }),
  ];
  return { backups, explain: createUMemExplanation(backups, options) };
}

function groupRows(rows: readonly UMemBackupBlock[]): {
  groups: Map<string, UMemBackupBlock[]>;
  rowsWithoutId: UMemBackupBlock[];
} {
  // A Map, because ids such as `__proto__` do not work as keys of an object.
  const groups = new Map<string, UMemBackupBlock[]>();
  const rowsWithoutId: UMemBackupBlock[] = [];
  for (const block of rows) {
    const group = block.backupId === undefined ? rowsWithoutId : groups.get(block.backupId);
    if (group !== undefined) group.push(block);
    else if (block.backupId !== undefined) groups.set(block.backupId, [block]);
  }
  return { groups, rowsWithoutId };
}

/**
 * Whether a row is a backup, not a shard. Unless the user decides, this takes evidence: the listing is complete, no id has
 * more than one row, and at least three of the rows are `Done` although their backups have several shards. With fewer
 * backups, one shard each of unfinished backups would be taken for whole ones. Three unfinished backups with exactly one
 * done shard each, and no other backup in the space, still would: the setting `umemRows: shards` rules that out.
 */
function decideRows(
  rows: readonly UMemBackupBlock[],
  options: AssemblyOptions & { readonly isOneRowEach: boolean },
): boolean {
  const { umemRows = "auto", isOneRowEach, isComplete, ambiguousIds, totalCount = rows.length } = options;
  if (umemRows !== "auto") return umemRows === "backups";
  if (!isOneRowEach || !isComplete || ambiguousIds.size > 0 || totalCount !== rows.length) return false;
  return rows.filter((row) => row.backupId !== undefined && isDoneRowOfMany(row)).length >= MIN_EVIDENCE;
}

/** Makes a backup of sorted blocks. `areAllListed`: whether no row of it can be missing, never true without an id. */
function assembleBackup(options: {
  backupId: string;
  blocks: UMemBackupBlock[];
  areAllListed: boolean;
}): UMemBackup {
  const { backupId, blocks, areAllListed } = options;
  const blockCount = readBlockCount(blocks);
  const createTime = findEarliestTime(blocks);
  const rowsDone = blocks.filter(({ state }) => state === DONE).length;
  const hasAllShards = blockCount !== undefined && areAllListed;
  const isWhole = hasAllShards && rowsDone === blocks.length && areOfOneSpace(blocks);
  return dropUndefined<UMemBackup>({
    backupId,
    backupName: findFirst(blocks, "backupName"),
    backupType: findFirst(blocks, "backupType"),
    state: isWhole ? DONE : (pickState(blocks.map(({ state }) => state)) ?? STARTING),
    createTime,
    createdAt: formatTime(createTime),
    blockCount,
    blocksDone: isWhole ? blockCount : Math.min(rowsDone, blockCount ?? rowsDone),
    blockSize: hasAllShards ? sumSizes(blocks) : undefined,
    spaceId: findFirst(blocks, "spaceId"),
    protocol: findFirst(blocks, "protocol"),
    usable: isWhole && backupId !== "",
    blocks,
  });
}
