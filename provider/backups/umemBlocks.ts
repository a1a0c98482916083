/** Facts about the rows ("blocks") of one UMem backup. */
import type { UMemBackupBlock } from "../schemaTypes";
import { compareAbsentLast } from "./order";

/** The state of a shard's backup that is finished. */
export const DONE = "Done";
/** The state of a shard's backup that is still running. */
export const STARTING = "Starting";

type Blocks = readonly UMemBackupBlock[];

/** Compares every field, so that sorted blocks keep no trace of the order of the rows. Undated blocks come last. */
export function compareBlocks(a: UMemBackupBlock, b: UMemBackupBlock): number {
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

/** Whether sorted blocks all have the same content. */
export function areAlike(sortedBlocks: Blocks): boolean {
  const [first, last] = [sortedBlocks[0], sortedBlocks.at(-1)];
  return first !== undefined && last !== undefined && compareBlocks(first, last) === 0;
}

/** Whether a row is `Done` and belongs to a backup of several shards. */
export function isDoneRowOfMany({ state, blockCount = 0 }: UMemBackupBlock): boolean {
  return state === DONE && blockCount > 1;
}

/** Whether the rows name at most one space. */
export function areOfOneSpace(blocks: Blocks): boolean {
  return new Set(blocks.flatMap(({ spaceId }) => spaceId ?? [])).size <= 1;
}

/** The largest `BlockCount`: if rows disagree, a smaller one could make half a backup look whole. */
export function readBlockCount(blocks: Blocks): number | undefined {
  const largest = blocks.reduce((most, { blockCount }) => Math.max(most, blockCount ?? 0), 0);
  return largest >= 1 ? largest : undefined;
}

/** The earliest time above 0: a restore holds no more than its oldest shard does. */
export function findEarliestTime(sortedBlocks: Blocks): number | undefined {
  return sortedBlocks.find(({ createTime }) => createTime !== undefined && createTime > 0)?.createTime;
}

/** The most telling of the states that are not `Done`: any but `Starting` first, then by code unit. */
export function pickState(states: readonly (string | undefined)[]): string | undefined {
  const undone = states.filter((state) => state !== undefined && state !== DONE).sort();
  return undone.find((state) => state !== STARTING) ?? undone[0];
}

/** The sum of the sizes. `undefined` if one is absent or negative, or if the sum is not exact. */
export function sumSizes(blocks: Blocks): number | undefined {
  let sum = 0;
  for (const { blockSize } of blocks) {
    if (blockSize === undefined || blockSize < 0) return undefined;
    sum += blockSize;
  }
  return Number.isSafeInteger(sum) ? sum : undefined;
}

/** The first value that a block has in a field. */
export function findFirst(
  blocks: Blocks,
  field: "backupName" | "backupType" | "spaceId" | "protocol",
): string | undefined {
  return blocks.find((block) => block[field] !== undefined)?.[field];
}
