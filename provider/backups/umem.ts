/**
 * The rows of `DescribeUMemBackup` put together. The API returns one row a shard, and perhaps, for some accounts, one
 * row a backup. Its page (DescribeUMemBackup: "each element of the array is the backup of each shard", yet one
 * `BlockCount` in each) does not settle which, and rows name no shard. So the reading is taken from all rows together:
 * where a `BackupId` repeats, rows are shards.
 */
import type { UMemBackup, UMemBackupBlock } from "../../sdk/nodejs/types/output";
import { readInteger, readName, type WireObject } from "../ucloud/wire";
import { formatTime } from "./age";
import { withoutAbsent } from "./fields";
import { compareAbsentLast, compareTexts } from "./order";
import { quoteText } from "./text";

const DONE = "Done";
const STARTING = "Starting";

/** How the rows were come by. */
export interface AssemblyOptions {
  /**
   * Whether `rows` are all the rows there are. Of a single page asked for, which may have cut a backup in two, rows
   * are always read as shards: a shard must never pass for a whole backup.
   */
  readonly isWholeListing: boolean;
}

/**
 * Puts the rows of one `BackupId` together. Every row ends up in exactly one backup's `blocks`; rows without an id are
 * each a backup of their own, never usable. A backup is whole when all its rows are `Done` and there are as many as the
 * largest `BlockCount` among them says, or, read as one row a backup, when that row is `Done` and gives `BlockCount`.
 *
 * The outcome is the same whatever the order of the rows; it is ordered by `backupId`, not by time.
 */
export function assembleUMemBackups(
  rows: readonly UMemBackupBlock[],
  options: AssemblyOptions,
): UMemBackup[] {
  // A Map, because an id such as `__proto__` is no key for an object.
  const groups = new Map<string, UMemBackupBlock[]>();
  const strays: UMemBackupBlock[] = [];
  for (const block of rows) {
    if (block.backupId === undefined) {
      strays.push(block);
      continue;
    }
    const group = groups.get(block.backupId);
    if (group) group.push(block);
    else groups.set(block.backupId, [block]);
  }

  const hasRepeats = groups.size + strays.length < rows.length;
  const isRowWhole = options.isWholeListing && !hasRepeats;
  return [
    ...strays.sort(compareBlocks).map((block) => assemble("", [block], isRowWhole)),
    ...[...groups]
      .sort(([a], [b]) => compareTexts(a, b))
      .map(([backupId, blocks]) => assemble(backupId, blocks.sort(compareBlocks), isRowWhole)),
  ];
}

/** Why a backup that is not usable is passed over, in words that follow "it is" or "because". */
export function explainUMem({ backupId, blockCount, blocksDone, blocks }: UMemBackup): string {
  if (backupId === "") return "the API gave it no id";
  const undone = blocks.filter(({ state }) => state !== DONE);
  if (undone.length === 0) {
    if (blockCount === undefined) return "the API did not say how many shards it has";
    return `${blockCount - blocks.length} of ${blockCount} shards missing`;
  }

  const progress = describeProgress(blockCount, blocksDone, blocks.length - undone.length, blocks.length);
  const states = undone.map(({ state }) => state);
  const state = pickState(states);
  if (state !== undefined && state !== STARTING)
    return join(progress, `in the unknown state ${quoteText(state)}`);
  const stateless = states.filter((each) => each === undefined).length;
  if (stateless > 0) {
    return blocks.length === 1
      ? "the API gave it no state"
      : join(progress, `the API gave ${stateless} of its rows no state`);
  }
  return progress ?? "still running";
}

function describeProgress(
  blockCount: number | undefined,
  blocksDone: number,
  rowsDone: number,
  rowCount: number,
): string | undefined {
  if (rowsDone === 0) return undefined;
  if (blockCount === undefined) return `${rowsDone} of ${rowCount} rows done`;
  // More rows than shards: counted in shards, "3 of 3 done" would explain nothing.
  if (rowCount > blockCount) return `${rowsDone} of ${rowCount} rows done, for ${blockCount} shards`;
  return `${blocksDone} of ${blockCount} shards done`;
}

function join(first: string | undefined, second: string): string {
  return first === undefined ? second : `${first}, ${second}`;
}

/**
 * Reads one row of `DescribeUMemBackup` into the schema's type. Fields that are missing, null, empty or unreadable have
 * no key.
 */
export function readUMemBlock(row: WireObject): UMemBackupBlock {
  return withoutAbsent<UMemBackupBlock>({
    backupName: readName(row, "BackupName"),
    createTime: readInteger(row, "CreateTime"),
    state: readName(row, "State"),
    backupId: readName(row, "BackupId"),
    backupType: readName(row, "BackupType"),
    blockCount: readInteger(row, "BlockCount"),
    blockSize: readInteger(row, "BlockSize"),
    protocol: readName(row, "Protocol"),
    spaceId: readName(row, "SpaceId"),
  });
}

/** Compares on every field, so that blocks that compare as equal are equal and no trace of the rows' order is left. */
function compareBlocks(a: UMemBackupBlock, b: UMemBackupBlock): number {
  return (
    compareAbsentLast(a.createTime, b.createTime) ||
    compareAbsentLast(a.state, b.state) ||
    compareAbsentLast(a.backupName, b.backupName) ||
    compareAbsentLast(a.backupType, b.backupType) ||
    compareAbsentLast(a.blockCount, b.blockCount) ||
    compareAbsentLast(a.blockSize, b.blockSize) ||
    compareAbsentLast(a.protocol, b.protocol) ||
    compareAbsentLast(a.spaceId, b.spaceId)
  );
}

/** Makes a backup of blocks that {@link compareBlocks} has sorted: the earliest first, undated ones last. */
function assemble(backupId: string, blocks: UMemBackupBlock[], isRowWhole: boolean): UMemBackup {
  const blockCount = readBlockCount(blocks);
  const createTime = findEarliestTime(blocks);
  const rowsDone = blocks.filter(({ state }) => state === DONE).length;
  const hasAllShards = blockCount !== undefined && (isRowWhole || blocks.length >= blockCount);
  const isWhole = hasAllShards && rowsDone === blocks.length;
  const shardsDone = isWhole && isRowWhole ? blockCount : rowsDone;
  return withoutAbsent<UMemBackup>({
    backupId,
    backupName: findFirst(blocks, "backupName"),
    backupType: findFirst(blocks, "backupType"),
    state: isWhole ? DONE : (pickState(blocks.map(({ state }) => state)) ?? STARTING),
    createTime,
    createdAt: formatTime(createTime),
    blockCount,
    blocksDone: Math.min(shardsDone, blockCount ?? shardsDone),
    blockSize: hasAllShards ? sumSizes(blocks) : undefined,
    spaceId: findFirst(blocks, "spaceId"),
    protocol: findFirst(blocks, "protocol"),
    usable: isWhole && backupId !== "",
    blocks,
  });
}

/** The largest, where rows disagree: taking a smaller one could pass a half backup for a whole one. */
function readBlockCount(blocks: readonly UMemBackupBlock[]): number | undefined {
  const largest = blocks.reduce((most, { blockCount }) => Math.max(most, blockCount ?? 0), 0);
  return largest >= 1 ? largest : undefined;
}

/** The earliest, because a restore cannot hold more than its oldest shard does. Times not above 0 are none. */
function findEarliestTime(sortedBlocks: readonly UMemBackupBlock[]): number | undefined {
  return sortedBlocks.find(({ createTime }) => createTime !== undefined && createTime > 0)?.createTime;
}

/** The state, among those that are not `Done`, that tells most: any but `Starting` first, then by code unit. */
function pickState(states: readonly (string | undefined)[]): string | undefined {
  const undone = states.filter((state) => state !== undefined && state !== DONE).sort();
  return undone.find((state) => state !== STARTING) ?? undone[0];
}

function sumSizes(blocks: readonly UMemBackupBlock[]): number | undefined {
  let sum = 0;
  for (const { blockSize } of blocks) {
    if (blockSize === undefined || blockSize < 0) return undefined;
    sum += blockSize;
  }
  return Number.isSafeInteger(sum) ? sum : undefined;
}

function findFirst(
  blocks: readonly UMemBackupBlock[],
  field: "backupName" | "backupType" | "spaceId" | "protocol",
): string | undefined {
  return blocks.find((block) => block[field] !== undefined)?.[field];
}
