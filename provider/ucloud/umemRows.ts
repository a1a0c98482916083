import { type CollectedRows, describeContent, type ListedRow, type RowCollector } from "./rowCollector";

/**
 * After this many rows of a backup, further rows that look like earlier ones count as a repeated page. Without
 * it, a `BlockCount` that is too large would make the list endless.
 */
const MAX_BLOCKS = 256;

/** Up to so many answers of a backup, the list of them has no spare room. */
const FEW_ANSWERS = 8;

/** The rows of one backup that came so far. The rows without an id are collected as those of one backup. */
interface Shards<Row> {
  /** The largest `BlockCount` of its rows; 0 if none has one, and for rows without an id. */
  blockCount: number;
  /** How many rows came, overlaps left out, repeated rows included. */
  received: number;
  /** The most rows that one answer held. */
  most: number;
  /** Positions in the list: of the first row, and after the last one. */
  start: number;
  end: number;
  /** For each answer that held any of its rows: those rows, or the only one. A list without order has many of these. */
  answers: (Row | readonly Row[])[];
  /**
   * The contents of its rows. Built only when a page looks like one that came before, and then kept, so that
   * a list of any length takes linear time.
   */
  contents: Set<string> | undefined;
}

/**
 * Collects rows of `DescribeUMemBackup`. A row is a shard, and the API gives shards no id: two shards of a
 * backup may look exactly alike, and a row that comes in two answers may be one shard or two. So only rows of
 * the same answer are counted as different shards. Of rows that look alike in several answers, as many are
 * kept as the answer with the most of them held.
 */
export class UMemRowCollector<Row extends object> implements RowCollector<Row> {
  #received = 0;
  #maxBlockCount = 1;
  readonly #backups = new Map<string, Shards<Row>>();

  /** @param blockCounts the largest `BlockCount` of each backup so far, shared by all passes over a list */
  constructor(private readonly blockCounts = new Map<string, number>()) {}

  addPage(rows: readonly ListedRow<Row>[], overlap: number): boolean {
    const firstPosition = this.#received - overlap;
    this.#received += rows.length - overlap;
    let isNew = false;
    for (const [id, { indices, blockCount }] of groupById(rows)) {
      const shards = this.#getShards(id, blockCount);
      const page = indices.map((index) => (rows[index] as ListedRow<Row>).row);
      const newRows = indices.filter((index) => index >= overlap).length;
      shards.start = Math.min(shards.start, firstPosition + (indices[0] ?? 0));
      shards.end = Math.max(shards.end, firstPosition + (indices.at(-1) ?? 0) + 1);
      shards.received += newRows;
      isNew ||=
        page.length > shards.most ||
        (newRows > 0 && shards.received <= Math.min(shards.blockCount, MAX_BLOCKS)) ||
        hasNewContent(page, shards);
      addAnswer(shards, page);
    }
    return isNew;
  }

  addAgain(rows: readonly ListedRow<Row>[]): boolean {
    let areKnown = true;
    for (const [id, { indices, blockCount }] of groupById(rows)) {
      if (!this.#backups.has(id)) areKnown = false;
      const answer = indices.map((index) => (rows[index] as ListedRow<Row>).row);
      addAnswer(this.#getShards(id, blockCount), answer);
    }
    return areKnown;
  }

  /**
   * As many rows as the largest backup has, so that a backup whose rows are adjacent is whole on some page.
   */
  getOverlap(pageLength: number): number {
    if (2 * this.#maxBlockCount <= pageLength) return this.#maxBlockCount;
    return pageLength > 1 ? 1 : 0;
  }

  /** Never true: `TotalCount` may count rows or backups. */
  isAll(): boolean {
    return false;
  }

  findSplitPages(pageLength: number): readonly number[] {
    const ranges = [...this.#backups.values()]
      .filter(({ blockCount, received, most }) => most < blockCount && received >= blockCount)
      .filter(({ start, end }) => end - start <= pageLength)
      .sort((a, b) => a.start - b.start);
    const offsets: number[] = [];
    while (ranges.length > 0) {
      const start = ranges[0]?.start ?? 0;
      const fitting = ranges.filter(({ end }) => end <= start + pageLength);
      const end = Math.max(...fitting.map((range) => range.end));
      // In the middle of the page, because the list may shift meanwhile.
      offsets.push(Math.max(0, start - ((pageLength - (end - start)) >> 1)));
      ranges.splice(0, ranges.length, ...ranges.filter((range) => range.end > start + pageLength));
    }
    return offsets;
  }

  collect(): CollectedRows<Row> {
    const completeIds = new Set<string>();
    const distinctIds = new Set<string>();
    const ambiguousIds = new Set<string>();
    const rows: Row[] = [];
    for (const [id, { blockCount, received, most, answers }] of this.#backups) {
      const lists = listAnswers(answers);
      const merged = mergeAnswers(lists, describeContent);
      for (const row of merged) rows.push(row);
      if (blockCount < 1) continue;
      if (most >= blockCount) completeIds.add(id);
      else if (received === merged.length && countDistinct(lists, merged) >= blockCount) distinctIds.add(id);
      else if (received >= blockCount) ambiguousIds.add(id);
    }
    return { rows, isExact: rows.length === this.#received, completeIds, distinctIds, ambiguousIds };
  }

  #getShards(id: string, blockCount: number): Shards<Row> {
    let shards = this.#backups.get(id);
    if (shards === undefined) {
      shards = {
        blockCount: 0,
        received: 0,
        most: 0,
        start: Infinity,
        end: 0,
        answers: [],
        contents: undefined,
      };
      this.#backups.set(id, shards);
    }
    if (id !== "") {
      shards.blockCount = Math.max(shards.blockCount, blockCount, this.blockCounts.get(id) ?? 0);
      if (shards.blockCount > 0) this.blockCounts.set(id, shards.blockCount);
      this.#maxBlockCount = Math.max(this.#maxBlockCount, Math.min(shards.blockCount, MAX_BLOCKS));
    }
    return shards;
  }
}

/** The positions of each backup's rows in an answer, and the largest `BlockCount` among them. */
function groupById<Row>(
  rows: readonly ListedRow<Row>[],
): Map<string, { indices: number[]; blockCount: number }> {
  const groups = new Map<string, { indices: number[]; blockCount: number }>();
  for (const [index, { id, blockCount = 0 }] of rows.entries()) {
    const group = groups.get(id);
    if (group === undefined) {
      groups.set(id, { indices: [index], blockCount });
    } else {
      group.indices.push(index);
      group.blockCount = Math.max(group.blockCount, blockCount);
    }
  }
  return groups;
}

function addAnswer<Row extends object>(shards: Shards<Row>, rows: readonly Row[]): void {
  const [first] = rows;
  const answer = rows.length === 1 && first !== undefined ? first : rows;
  // A list that grows has room for 16 more.
  if (shards.answers.length < FEW_ANSWERS) shards.answers = [...shards.answers, answer];
  else shards.answers.push(answer);
  shards.most = Math.max(shards.most, rows.length);
  if (shards.contents !== undefined) for (const row of rows) shards.contents.add(describeContent(row));
}

function listAnswers<Row extends object>(answers: Shards<Row>["answers"]): readonly (readonly Row[])[] {
  return answers.map((answer) => (Array.isArray(answer) ? (answer as readonly Row[]) : [answer as Row]));
}

function hasNewContent<Row extends object>(page: readonly Row[], shards: Shards<Row>): boolean {
  shards.contents ??= new Set(listAnswers(shards.answers).flat().map(describeContent));
  const { contents } = shards;
  return page.some((row) => !contents.has(describeContent(row)));
}

/**
 * How many rows differ in the fields that all of them have. One answer may lack fields that another one has.
 */
function countDistinct<Row extends object>(
  answers: readonly (readonly Row[])[],
  merged: readonly Row[],
): number {
  const fields = Object.keys(merged[0] ?? {}).filter((field) =>
    merged.every((row) => Object.hasOwn(row, field)),
  );
  return mergeAnswers(answers, (row) => JSON.stringify(row, fields)).length;
}

/** Of rows that `describe` gives the same text, keeps as many as the answer with the most of them held. */
function mergeAnswers<Row>(
  answers: readonly (readonly Row[])[],
  describe: (row: Row) => string,
): readonly Row[] {
  const [first = [], ...others] = answers;
  if (others.length === 0) return first;
  const merged = [...first];
  const counts = countAlike(first.map(describe));
  for (const answer of others) {
    const seen = new Map<string, number>();
    for (const row of answer) {
      const content = describe(row);
      const number = (seen.get(content) ?? 0) + 1;
      seen.set(content, number);
      if (number <= (counts.get(content) ?? 0)) continue;
      counts.set(content, number);
      merged.push(row);
    }
  }
  return merged;
}

function countAlike(contents: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const content of contents) counts.set(content, (counts.get(content) ?? 0) + 1);
  return counts;
}
