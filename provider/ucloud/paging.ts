/**
 * Reads a list that the API hands out in pages. Nothing about the pages is promised: a page can be shorter than asked
 * for, `TotalCount` can be absent, wrong or count something else, the order can differ from request to request, and
 * backups appear and expire while the list is read.
 *
 * Each page repeats the end of the page before. If the two do not match, the list shifted or has no stable order, and
 * it is read again. A reading ends on a page that brings nothing new, or on a short page where `TotalCount` agrees that
 * this was all.
 */

import { createHash } from "node:crypto";
import { RedisBackupError } from "./errors";
import { PAGE_SIZE, type PageSource } from "./pageSource";
import { createReadAhead } from "./readAhead";
import { type CollectedRows, describeContent, type ListedRow, type RowCollector } from "./rowCollector";

/** How many rows a listing may have. More fail loudly. */
export const MAX_ROWS = 100_000;
/** How often a list is read again because it changed while it was read. */
export const MAX_REREADINGS = 3;

/** The rows the API listed, and what to tell the user about them. */
export interface Listing<Row> extends Omit<CollectedRows<Row>, "distinctIds" | "isExact"> {
  readonly totalCount?: number;
  readonly warnings: readonly string[];
  /** Whether these are all rows, each once: two readings agreed, or one met no sign of a change, and it has an end. */
  readonly isComplete: boolean;
}

/** What one reading of the list brought. */
interface Reading<Row> extends CollectedRows<Row> {
  readonly totalCount: number | undefined;
  /** Whether nothing showed that the list changed meanwhile. */
  readonly isSteady: boolean;
  /** Whether it ended because the server sent rows again that it had sent, instead of an end. */
  readonly isCutShort: boolean;
  /** Whether each page after the first began exactly with the rows at the end of the one before. */
  readonly areJoined: boolean;
  /** Whether some page held none of the rows that stood at the end of the page before. */
  readonly hasGap: boolean;
}

/**
 * Reads the whole list. It is read again, at most {@link MAX_REREADINGS} times, where it changed meanwhile, and where
 * the shards of a backup came in different answers. Two successive readings that agree settle it; all of them have to
 * agree where a row came more than once, since another row may be missing then. Else the last one counts, with a
 * warning. A list without an end, and one whose pages do not join in the reading that counts, is warned of in any case.
 *
 * @throws RedisBackupError `BadResponse` beyond {@link MAX_ROWS} rows, and what fetching a page throws
 */
export async function readListing<Row>(source: PageSource<Row>): Promise<Listing<Row>> {
  let previous: string | undefined;
  let agreements = 0;
  for (let rereadings = 0; ; rereadings++) {
    let reading: Reading<Row> | undefined = await readOnce(source);
    if (reading.isSteady && reading.distinctIds.size === 0)
      return createListing(reading, { isSettled: true });
    const contents = digestRows(reading.rows);
    agreements = contents === previous ? agreements + 1 : 0;
    if (agreements >= (reading.isExact || reading.isCutShort ? 1 : MAX_REREADINGS)) {
      return createListing(reading.areJoined ? provideDistinct(reading) : reading, { isSettled: true });
    }
    if (rereadings === MAX_REREADINGS) return createListing(reading, { isSettled: false });
    previous = contents;
    // Up to 100,000 rows, which would else be kept while the list is read again.
    reading = undefined;
  }
}

/**
 * Counts rows that differ as different shards, where two readings showed the same rows and every page began exactly as
 * the one before ended. Where an answer writes a row in another way than the one before, that does not hold.
 */
function provideDistinct<Row>(reading: Reading<Row>): Reading<Row> {
  const { completeIds, distinctIds } = reading;
  return { ...reading, completeIds: new Set([...completeIds, ...distinctIds]) };
}

/** Stands for what rows say, in any order: the sum of their digests. No list of 100,000 texts is made for it. */
function digestRows(rows: readonly unknown[]): string {
  const sum = new Uint32Array(8);
  for (const row of rows) {
    const digest = createHash("sha256").update(describeContent(row)).digest();
    // An array of 32-bit numbers, which wrap around.
    for (let lane = 0; lane < sum.length; lane++)
      sum[lane] = (sum[lane] ?? 0) + digest.readUInt32LE(4 * lane);
  }
  return `${rows.length} ${sum.join(" ")}`;
}

function createListing<Row>(reading: Reading<Row>, { isSettled }: { isSettled: boolean }): Listing<Row> {
  const { rows, isExact, completeIds, distinctIds, ambiguousIds, totalCount, isCutShort, hasGap } = reading;
  const warnings: string[] = [];
  if (!isSettled) {
    warnings.push(
      `The list of backups kept changing while it was read (${MAX_REREADINGS + 1} readings). ` +
        "A backup may be missing from it; look again in a minute.",
    );
  } else if (isCutShort) {
    warnings.push(
      "The API sent the same page twice and nothing after it. Backups may be missing from the list.",
    );
  } else if (hasGap) {
    warnings.push(
      "The API's pages do not join: a page did not begin with the end of the one before. " +
        "Backups may be missing from the list.",
    );
  }
  const unproven = [...distinctIds].filter((id) => !completeIds.has(id));
  return {
    rows,
    completeIds,
    ambiguousIds: unproven.length === 0 ? ambiguousIds : new Set([...ambiguousIds, ...unproven]),
    warnings,
    isComplete: isSettled && isExact && !isCutShort && !hasGap,
    ...(totalCount === undefined ? {} : { totalCount }),
  };
}

async function readOnce<Row>(source: PageSource<Row>): Promise<Reading<Row>> {
  const collector = source.createCollector();
  const ahead = createReadAhead(source);
  const counts = new Set<number>();
  let totalCount: number | undefined;
  let isSteady = true;
  let isCutShort = false;
  let hasGap = false;
  let areJoined = true;
  let offset = 0;
  /** The rows that the next page has to begin with. */
  let expected: readonly ListedRow<Row>[] = [];
  /** How many rows the first page brought, and by how many the offsets of full pages differ. */
  let fullPage: { length: number; step: number } | undefined;
  let pages = 0;
  let longest = 0;
  let window = 1;

  try {
    let page = await ahead.take({ window });
    for (;;) {
      const { rows } = page;
      pages += 1;
      if (page.totalCount !== undefined) counts.add((totalCount = page.totalCount));
      const isContinuous = startsWith(rows, expected);
      isSteady &&= isContinuous;
      areJoined &&= isContinuous && (pages === 1 || expected.length > 0);
      hasGap ||= !holdsIds(rows, expected);
      const isNew = collector.addPage(rows, isContinuous ? expected.length : 0);
      longest = Math.max(longest, rows.length);
      const end = offset + rows.length;
      if (end > MAX_ROWS) refuseTooManyRows();

      if (!isNew) {
        // A page that only repeats the end of the one before is what stands at the end of the list.
        isCutShort = rows.length > (isContinuous ? expected.length : 0);
        break;
      }
      const isShort = rows.length < (fullPage?.length ?? PAGE_SIZE);
      if (isShort && totalCount !== undefined && collector.isAll(totalCount)) break;
      if (pages === 1 && source.isSufficient?.(rows) === true) break;

      const overlap = Math.min(collector.getOverlap(fullPage?.length ?? rows.length), rows.length >> 1);
      const nextOffset = end - overlap;
      expected = rows.slice(rows.length - overlap);
      const credibleCount = totalCount !== undefined && totalCount >= end ? totalCount : undefined;
      if (fullPage === undefined) {
        fullPage = { length: rows.length, step: rows.length - overlap };
        ahead.restart(nextOffset, fullPage.step);
        window = credibleCount !== undefined && rows.length >= PAGE_SIZE ? source.maxReadAhead : 1;
      } else if (nextOffset === offset + fullPage.step) {
        window = Math.min(2 * window, source.maxReadAhead);
      } else {
        // A backup of more shards makes the overlap larger from here on.
        if (rows.length === fullPage.length) fullPage.step = nextOffset - offset;
        ahead.restart(nextOffset, fullPage.step);
        window = 1;
      }
      offset = nextOffset;
      page = await ahead.take({ window, ...(credibleCount === undefined ? {} : { end: credibleCount }) });
    }
  } finally {
    ahead.stop();
  }

  if (!(await readSplitPages(source, collector, { pageLength: longest, pages }))) isSteady = false;
  const collected = collector.collect();
  isSteady &&= counts.size <= 1;
  if (totalCount !== undefined && counts.size === 1 && collector.isAll(totalCount)) {
    // Every row is here, whatever the pages looked like.
    if (isCutShort)
      return {
        ...collected,
        isExact: true,
        totalCount,
        isSteady,
        isCutShort: false,
        hasGap: false,
        areJoined,
      };
    hasGap = false;
  }
  isSteady &&= collected.isExact && !isCutShort && !hasGap;
  return { ...collected, totalCount, isSteady, isCutShort, hasGap, areJoined };
}

/** Whether the ids of all expected rows are among those of a page, in whatever order. */
function holdsIds<Row>(rows: readonly ListedRow<Row>[], expected: readonly ListedRow<Row>[]): boolean {
  const ids = new Set(rows.map(({ id }) => id));
  return expected.every(({ id }) => ids.has(id));
}

function startsWith<Row>(rows: readonly ListedRow<Row>[], expected: readonly ListedRow<Row>[]): boolean {
  return expected.every((each, index) => {
    const found = rows[index];
    if (found === undefined || found.id !== each.id) return false;
    return describeContent(found.row) === describeContent(each.row);
  });
}

/**
 * Asks again for rows of backups that came in several answers, so that one answer holds all of them. Where that takes
 * more pages than the reading had, as in a list without any order, it is left out.
 *
 * @returns whether the backups found there were all known
 */
async function readSplitPages<Row>(
  source: PageSource<Row>,
  collector: RowCollector<Row>,
  { pageLength, pages }: { pageLength: number; pages: number },
): Promise<boolean> {
  const offsets = [...collector.findSplitPages(pageLength)];
  let areKnown = true;
  while (offsets.length > 0 && offsets.length <= pages) {
    const { signal } = new AbortController();
    const answers = await Promise.all(
      offsets.splice(0, source.maxReadAhead).map((offset) => source.fetchPage(offset, PAGE_SIZE, signal)),
    );
    for (const { rows } of answers) areKnown = collector.addAgain(rows) && areKnown;
  }
  return areKnown;
}

/** @throws RedisBackupError `BadResponse` */
export function refuseTooManyRows(): never {
  const text = `The API lists more than ${MAX_ROWS} rows, which is too many to be right. Ask for less at a time.`;
  throw new RedisBackupError("BadResponse", text);
}
