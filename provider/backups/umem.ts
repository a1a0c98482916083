/**
 * Puts the rows of `DescribeUMemBackup` together. Its page says that each element of the list is the backup of a shard,
 * and gives each a `BlockCount`, "the number of shards in this backup". Rows name no shard. Whether some accounts get
 * one row for each backup instead is not certain, so that is believed only on evidence, or where the user says so.
 */
import type { UMemBackup, UMemBackupBlock } from "../schemaTypes";
import type { Listing } from "../ucloud/paging";
import type { UMemRows } from "../ucloud/settings";
import { readInteger, readName, type JsonObject } from "../ucloud/jsonFields";
import { formatTime } from "./age";
import { withoutAbsent } from "./fields";
import { compareAbsentLast, compareTexts } from "./order";
import type { BackupList } from "./selection";
import { quoteText } from "./text";

const DONE = "Done";
const STARTING = "Starting";

/** What is known of the rows besides what they say. */
export interface AssemblyOptions extends Pick<
  Listing<unknown>,
  "completeIds" | "ambiguousIds" | "isComplete" | "totalCount"
> {
  /** @default "auto" */
  readonly umemRows?: UMemRows | undefined;
}

/** How many backups with several shards and a single row each show that a row is a backup. */
const MIN_EVIDENCE = 3;

/**
 * Puts the rows of one `BackupId` together. Every row ends up in exactly one backup's `blocks`; rows without an id are
 * each a backup of their own, never usable. A backup is whole when one answer of the API held as many of its rows as
 * the largest `BlockCount` among them says, and all its rows are `Done`. Where a row is a backup, it is whole when its
 * row is `Done` and has a `BlockCount`.
 *
 * The result does not depend on the order of the rows. It is ordered by `backupId`, not by time.
 */
export function assembleUMemBackups(
  rows: readonly UMemBackupBlock[],
  options: AssemblyOptions,
): BackupList<UMemBackup> {
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

  const isOneRowEach = groups.size + strays.length === rows.length;
  const areRowsBackups = decideRows(rows, isOneRowEach, options);
  const backups = [
    ...strays.sort(compareBlocks).map((block) => assemble("", [block], false)),
    ...[...groups]
      .sort(([a], [b]) => compareTexts(a, b))
      .map(([id, blocks]) => {
        blocks.sort(compareBlocks);
        const isOneBackup = areRowsBackups && areAlike(blocks);
        return assemble(id, blocks, isOneBackup || options.completeIds.has(id));
      }),
  ];
  // A backup of which several shards were listed settles what a row is.
  const hasShards =
    options.umemRows === "shards" || backups.some(({ usable, blocks }) => usable && blocks.length > 1);
  const explain = (backup: UMemBackup): string => {
    if (!areOfOneSpace(backup.blocks)) return "its rows name several spaces";
    const isAmbiguous =
      options.ambiguousIds.has(backup.backupId) || backup.blocks.length >= (backup.blockCount ?? Infinity);
    if (isAmbiguous && backup.backupId !== "" && areAllDone(backup)) return AMBIGUOUS;
    const mayBeWhole = !hasShards && backup.blocks.length === 1 && isDoneRowOfMany(backup.blocks[0]);
    return mayBeWhole && backup.backupId !== "" ? `${explainUMem(backup)}${ROW_HINT}` : explainUMem(backup);
  };
  return { backups, explain };
}

const ROW_HINT =
  ", unless the API lists one row for each of your backups; if you know that it does, set `umemRows` to `backups`";

/**
 * Whether a row is a backup. Without the user's word: where at least three backups of several shards have exactly one
 * row, that row is `Done`, no backup has more rows, and these are all rows there are. While a space has only few
 * backups, one of which a single shard is listed yet looks the same.
 */
function decideRows(
  rows: readonly UMemBackupBlock[],
  isOneRowEach: boolean,
  { umemRows = "auto", isComplete, ambiguousIds, totalCount = rows.length }: AssemblyOptions,
): boolean {
  if (umemRows !== "auto") return umemRows === "backups";
  if (!isOneRowEach || !isComplete || ambiguousIds.size > 0 || totalCount !== rows.length) return false;
  return rows.filter((row) => row.backupId !== undefined && isDoneRowOfMany(row)).length >= MIN_EVIDENCE;
}

function isDoneRowOfMany(row: UMemBackupBlock | undefined): boolean {
  return row?.state === DONE && (row.blockCount ?? 0) > 1;
}

function areAllDone({ blocks }: UMemBackup): boolean {
  return blocks.every(({ state }) => state === DONE);
}

const AMBIGUOUS = "the API's answers do not show that all its shards are there";

function areOfOneSpace(blocks: readonly UMemBackupBlock[]): boolean {
  return new Set(blocks.flatMap(({ spaceId }) => spaceId ?? [])).size <= 1;
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
export function readUMemBlock(row: JsonObject): UMemBackupBlock {
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

/** Whether sorted blocks are one row, perhaps several times. */
function areAlike(blocks: readonly UMemBackupBlock[]): boolean {
  const [first, last] = [blocks[0], blocks.at(-1)];
  return first !== undefined && last !== undefined && compareBlocks(first, last) === 0;
}

/** Makes a backup of blocks that {@link compareBlocks} has sorted: the earliest first, undated ones last. */
function assemble(backupId: string, blocks: UMemBackupBlock[], areAllListed: boolean): UMemBackup {
  const blockCount = readBlockCount(blocks);
  const createTime = findEarliestTime(blocks);
  const rowsDone = blocks.filter(({ state }) => state === DONE).length;
  const hasAllShards = blockCount !== undefined && areAllListed;
  const isWhole = hasAllShards && rowsDone === blocks.length && areOfOneSpace(blocks);
  return withoutAbsent<UMemBackup>({
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
