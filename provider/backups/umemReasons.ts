/** Explains why a UMem backup is not usable. */
import type { UMemBackup } from "../schemaTypes";
import type { UMemRows } from "../ucloud/settings";
import { quoteText } from "./text";
import { areOfOneSpace, DONE, isDoneRowOfMany, pickState, STARTING } from "./umemBlocks";

const AMBIGUOUS = "the API's answers do not show that all its shards are there";

const ROW_HINT =
  ", unless the API lists one row for each of your backups; if you know that it does, set `umemRows` to `backups`";

/**
 * Returns the function that explains the backups of a listing.
 *
 * @param backups all of them: whether a lone row may be a whole backup depends on the others
 */
export function createUMemExplanation(
  backups: readonly UMemBackup[],
  { ambiguousIds, umemRows }: { ambiguousIds: ReadonlySet<string>; umemRows?: UMemRows | undefined },
): (backup: UMemBackup) => string {
  // One usable backup with several rows proves that a row is a shard.
  const areRowsShards =
    umemRows === "shards" || backups.some(({ usable, blocks }) => usable && blocks.length > 1);

  return (backup) => {
    const { backupId, blockCount, blocks } = backup;
    if (!areOfOneSpace(blocks)) return "its rows name several spaces";
    if (backupId === "") return explainUMem(backup);
    const isAmbiguous = ambiguousIds.has(backupId) || blocks.length >= (blockCount ?? Infinity);
    if (isAmbiguous && blocks.every(({ state }) => state === DONE)) return AMBIGUOUS;
    const mayBeWhole = !areRowsShards && blocks.length === 1 && blocks.some(isDoneRowOfMany);
    return mayBeWhole ? `${explainUMem(backup)}${ROW_HINT}` : explainUMem(backup);
  };
}

/** Why a backup is not usable, judged by its own rows alone, as a phrase such as "2 of 3 shards done". */
export function explainUMem({ backupId, blockCount, blocksDone, blocks }: UMemBackup): string {
  if (backupId === "") return "the API gave it no id";
  const undone = blocks.filter(({ state }) => state !== DONE);
  if (undone.length === 0) {
    if (blockCount === undefined) return "the API did not say how many shards it has";
    return `${blockCount - blocks.length} of ${blockCount} shards missing`;
  }

  const rowsDone = blocks.length - undone.length;
  const progress =
    rowsDone === 0 ? undefined : describeProgress({ blockCount, blocksDone, rowsDone, rows: blocks.length });
  const prefix = progress === undefined ? "" : `${progress}, `;
  const states = undone.map(({ state }) => state);
  const state = pickState(states);
  if (state !== undefined && state !== STARTING) return `${prefix}in the unknown state ${quoteText(state)}`;
  const stateless = states.filter((each) => each === undefined).length;
  if (stateless === 0) return progress ?? "still running";
  return blocks.length === 1
    ? "the API gave it no state"
    : `${prefix}the API gave ${stateless} of its rows no state`;
}

function describeProgress(counts: {
  blockCount: number | undefined;
  blocksDone: number;
  rowsDone: number;
  rows: number;
}): string {
  const { blockCount, blocksDone, rowsDone, rows } = counts;
  if (blockCount === undefined) return `${rowsDone} of ${rows} rows done`;
  // With more rows than shards, "3 of 3 shards done" would explain nothing.
  if (rows > blockCount) return `${rowsDone} of ${rows} rows done, for ${blockCount} shards`;
  return `${blocksDone} of ${blockCount} shards done`;
}
