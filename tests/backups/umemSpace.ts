/** A UMem space in memory, whose API keeps no promise that the real API does not make. */
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import type { BackupPlan, Change, Manners } from "./umemSpacePlans";

/** A shard's row, as the API stores it. Rows may look alike and are then told apart by object identity. */
export interface ShardRow {
  readonly backup: number;
  readonly blockCount: number;
  readonly time: number;
  isDone: boolean;
  size: number | undefined;
  name: string;
}

/** The space, and facts about it while it was listed. */
export class UMemSpace {
  /** The ids of the backups that were whole at some time. */
  readonly everWhole = new Set<string>();
  /** Whether, at some time, no backup had two rows, and at least three had one done row of several shards. */
  everOneRowEach = false;
  requests = 0;
  #rows: ShardRow[];
  #backups: number;
  readonly #random: () => number;
  readonly #fixedOrder = new Map<ShardRow, number>();

  constructor(
    plans: readonly BackupPlan[],
    private readonly manners: Manners,
  ) {
    this.#random = createRandom(manners.seed);
    this.#backups = plans.length;
    this.#rows = plans.flatMap((plan, backup) => createRows(plan, backup));
    this.#observe();
  }

  /** The answer to a request for a page. */
  answer(offset: number, limit: number): JsonObject {
    this.requests += 1;
    for (const { at, change, pick } of this.manners.changes)
      if (at === this.requests) this.#change(change, pick);
    this.#observe();
    const page = this.#readPage(offset, limit);
    const totalCount = this.#count(page.length);
    return {
      RetCode: 0,
      DataSet: page.map((row) => this.#vary(writeRow(row), offset)),
      ...(totalCount === undefined ? {} : { TotalCount: totalCount }),
    };
  }

  #readPage(offset: number, limit: number): ShardRow[] {
    const { cap } = this.manners;
    const length = Math.min(limit, cap);
    const rows = this.#sort();
    switch (this.manners.offset) {
      case "rows":
        return rows.slice(offset, offset + length);
      case "ignored":
        return rows.slice(0, length);
      case "pages":
        return rows.slice(offset * length, (offset + 1) * length);
      case "window":
        return offset + length > 2 * cap ? [] : rows.slice(offset, offset + length);
      case "backups": {
        const ids = [...new Set(rows.map(({ backup }) => backup))].slice(offset, offset + length);
        return rows.filter(({ backup }) => ids.includes(backup));
      }
    }
  }

  #vary(row: JsonObject, offset: number): JsonObject {
    const { varies } = this.manners;
    if (varies === "protocolAtStart" && offset === 0) return { ...row, Protocol: "redis" };
    if (varies === "noBlockCountLater" && offset > 0) return { ...row, BlockCount: undefined };
    return varies === "size" ? { ...row, BlockSize: Math.floor(this.#random() * 4) } : row;
  }

  #count(pageLength: number): number | undefined {
    const { count, cap } = this.manners;
    const backups = new Set(this.#rows.map(({ backup }) => backup)).size;
    const counts = {
      rows: this.#rows.length,
      backups,
      absent: undefined,
      page: pageLength,
      cap,
      tooBig: 3 * this.#rows.length + 7,
      zero: 0,
    };
    return counts[count];
  }

  /** Newest first, unless the server's order is another; equal times in any order. */
  #sort(): ShardRow[] {
    const { order } = this.manners;
    for (const row of this.#rows) if (!this.#fixedOrder.has(row)) this.#fixedOrder.set(row, this.#random());
    const fixed = (row: ShardRow): number => this.#fixedOrder.get(row) ?? 0;
    const changing = new Map(this.#rows.map((row) => [row, this.#random()]));
    const chance = (row: ShardRow): number => changing.get(row) ?? 0;
    const shardOf = new Map<ShardRow, number>();
    const seen = new Map<number, number>();
    for (const row of this.#rows) {
      shardOf.set(row, seen.get(row.backup) ?? 0);
      seen.set(row.backup, (seen.get(row.backup) ?? 0) + 1);
    }
    const compare: Record<Manners["order"], (a: ShardRow, b: ShardRow) => number> = {
      stable: (a, b) => b.time - a.time || fixed(a) - fixed(b),
      byShard: (a, b) => (shardOf.get(a) ?? 0) - (shardOf.get(b) ?? 0) || b.time - a.time,
      shuffled: (a, b) => fixed(a) - fixed(b),
      unstableTies: (a, b) => b.time - a.time || chance(a) - chance(b),
      random: (a, b) => chance(a) - chance(b),
    };
    return [...this.#rows].sort(compare[order]);
  }

  #change(change: Change, pick: number): void {
    const row = this.#rows[pick % Math.max(1, this.#rows.length)];
    if (change === "addBackup" || change === "dropAndAdd") {
      const added = createRows(
        { blockCount: 4, rows: [false, false, true, true], isAlike: true },
        this.#backups,
      );
      if (change === "addBackup") this.#rows.push(...added);
      else if (row !== undefined) this.#rows.splice(this.#rows.indexOf(row), 1, added[0] as ShardRow);
      this.#backups += 1;
    }
    if (row === undefined) return;
    if (change === "finishRow") row.isDone = true;
    if (change === "rename") row.name += "x";
    if (change === "resizeRow") row.size = (row.size ?? 0) + 1;
    if (change === "dropRow") this.#rows = this.#rows.filter((each) => each !== row);
    if (change === "dropBackup") this.#rows = this.#rows.filter(({ backup }) => backup !== row.backup);
  }

  #observe(): void {
    const groups = new Map<number, ShardRow[]>();
    for (const row of this.#rows) groups.set(row.backup, [...(groups.get(row.backup) ?? []), row]);
    for (const [backup, rows] of groups) {
      const blockCount = rows[0]?.blockCount ?? 0;
      if (rows.length >= blockCount && rows.every(({ isDone }) => isDone))
        this.everWhole.add(formatId(backup));
    }
    const groupList = [...groups.values()];
    const lone = groupList.filter(([first]) => first?.isDone === true && first.blockCount > 1);
    this.everOneRowEach ||= lone.length >= 3 && groupList.every(({ length }) => length === 1);
  }
}

function createRows({ blockCount, rows, isAlike }: BackupPlan, backup: number): ShardRow[] {
  return rows.map((isDone, shard) => ({
    backup,
    blockCount,
    isDone,
    time: 1_700_000_000 + backup * 86_400 + (isAlike ? 0 : shard),
    size: isAlike ? undefined : shard,
    name: "nightly",
  }));
}

function formatId(backup: number): string {
  return `backup-${backup}`;
}

function writeRow({ backup, blockCount, time, isDone, size, name }: ShardRow): JsonObject {
  return {
    BackupId: formatId(backup),
    BackupName: name,
    BackupType: "auto",
    BlockCount: blockCount,
    CreateTime: time,
    SpaceId: "umem-a",
    State: isDone ? "Done" : "Starting",
    ...(size === undefined ? {} : { BlockSize: size }),
  };
}

/** Random numbers from 0 to below 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
