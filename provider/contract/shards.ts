/** Judges the rows of `DescribeUMemBackup`, each of which should be one shard of a backup. */

import { type JsonObject, readInteger, readName } from "../ucloud/jsonFields";
import { countNoun, type Finding } from "./findings";

/** How many backups of several shards with one row each show that a row is a backup. */
const MIN_EVIDENCE = 3;

/** The rows of one backup, and how many shards they say it has. */
interface Backup {
  readonly rows: number;
  readonly shards: number;
}

/**
 * What is to say of the rows of each backup.
 *
 * @param options.rows all rows of a space
 * @param options.isEnded whether they are all. Otherwise only too many rows can be told
 */
export function judgeShards({
  rows,
  isEnded,
}: {
  readonly rows: readonly JsonObject[];
  readonly isEnded: boolean;
}): readonly Finding[] {
  const backups = collectBackups(rows).filter(({ shards }) => shards > 0);
  const severed = backups.filter(({ shards }) => shards > 1);
  const found: Finding[] = [];
  const add = (severity: Finding["severity"], text: string): void => {
    found.push({ severity, kind: "shards", action: "DescribeUMemBackup", text });
  };
  const over = backups.filter((backup) => backup.rows > backup.shards);
  if (over.length > 0) {
    add("difference", `${describe(over.length, backups.length)} more rows than its BlockCount`);
  }
  if (!isEnded) {
    if (rows.length > 0) add("note", "whether all shards have a row was not checked: the list goes on");
    return found;
  }
  const lone = severed.filter((backup) => backup.rows === 1);
  const under = severed.filter((backup) => backup.rows < backup.shards);
  if (lone.length === severed.length && lone.length >= MIN_EVIDENCE) {
    add(
      "difference",
      `a row is a whole backup: each of ${lone.length} backups of several shards has one row`,
    );
  } else if (under.length > 0) {
    add("note", `${describe(under.length, backups.length)} fewer rows than its BlockCount`);
  }
  return found;
}

function describe(some: number, all: number): string {
  return `${some} of ${countNoun(all, "backup")} ${some === 1 ? "has" : "have"}`;
}

function collectBackups(rows: readonly JsonObject[]): readonly Backup[] {
  const backups = new Map<string, Backup>();
  for (const row of rows) {
    const id = readName(row, "BackupId");
    if (id === undefined) continue;
    const { rows: known, shards } = backups.get(id) ?? { rows: 0, shards: 0 };
    const blockCount = readInteger(row, "BlockCount") ?? 0;
    backups.set(id, { rows: known + 1, shards: Math.max(shards, blockCount) });
  }
  return [...backups.values()];
}
