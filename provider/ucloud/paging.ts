/**
 * Reads a list that the API returns in pages. The API promises nothing about them: a page can have fewer rows
 * than were requested, `TotalCount` can be absent, wrong or count something else, the order can differ from
 * request to request, and backups appear and expire while the list is read.
 *
 * So each page repeats the end of the page before. If the two do not match, the list is read again. A pass,
 * which is one reading of the whole list, ends on a page that brings nothing new, or on a short page where
 * `TotalCount` agrees that this was all.
 */

import { createHash } from "node:crypto";
import { RedisBackupError } from "./errors";
import { PAGE_SIZE, type PageSource } from "./pageSource";
import { PassSigns, type Verdict } from "./passSigns";
import { ReadAhead } from "./readAhead";
import { type CollectedRows, describeContent, type RowCollector } from "./rowCollector";

/** How many rows a listing may have. More are an error. */
export const MAX_ROWS = 100_000;
/** How often a list that changed while it was read is read again. */
export const MAX_REREADINGS = 3;

/** The rows the API listed, and what to tell the user about them. */
export interface Listing<Row> extends Omit<CollectedRows<Row>, "distinctIds" | "isExact"> {
  readonly totalCount?: number;
  readonly warnings: readonly string[];
  /**
   * Whether these are all rows, each once: two passes agreed, or one showed no sign of a change, and the list
   * has an end.
   */
  readonly isComplete: boolean;
}

/** What one pass brought. */
interface Pass<Row> extends CollectedRows<Row>, Verdict {
  readonly totalCount: number | undefined;
}

/**
 * Reads the whole list. Reads it again, at most {@link MAX_REREADINGS} times, if it changed meanwhile, or if
 * the shards of a backup came in different answers. Two successive passes that agree end this. If a row came
 * more than once, another row may be missing, so then all passes have to agree. Otherwise the last pass
 * counts, with a warning. A list without an end, and a gap between the pages of the pass that counts, always
 * give a warning.
 *
 * @throws RedisBackupError `BadResponse` beyond {@link MAX_ROWS} rows, and what fetching a page throws
 */
export async function readListing<Row>(source: PageSource<Row>): Promise<Listing<Row>> {
  let progress: Progress = { contents: undefined, agreements: 0 };
  for (let rereadings = 0; ; rereadings++) {
    const next = await readAgain(source, { ...progress, isLast: rereadings === MAX_REREADINGS });
    if ("rows" in next) return next;
    progress = next;
  }
}

/** What the next pass is compared with. */
interface Progress {
  /** The digest of the rows of the pass before. */
  readonly contents: string | undefined;
  /** How many passes agreed with the one before them. */
  readonly agreements: number;
}

/**
 * Reads one pass, and returns the listing if it is settled. It is a function of its own, because one that waits for the
 * next pass would keep the rows of this one: up to 100,000.
 */
async function readAgain<Row>(
  source: PageSource<Row>,
  { contents: previous, agreements: before, isLast }: Progress & { readonly isLast: boolean },
): Promise<Listing<Row> | Progress> {
  const pass = await readPass(source);
  if (pass.isSteady && pass.distinctIds.size === 0) return createListing(pass, { isSettled: true });
  const contents = digestRows(pass.rows);
  const agreements = contents === previous ? before + 1 : 0;
  if (agreements >= (pass.isExact || pass.isCutShort ? 1 : MAX_REREADINGS)) {
    return createListing(pass.areJoined ? completeDistinct(pass) : pass, { isSettled: true });
  }
  return isLast ? createListing(pass, { isSettled: false }) : { contents, agreements };
}

/**
 * Counts rows that differ as different shards, which two passes with the same rows and joined pages prove.
 * Without joined pages they do not: the API may write the same row differently in another answer.
 */
function completeDistinct<Row>(pass: Pass<Row>): Pass<Row> {
  const { completeIds, distinctIds } = pass;
  return { ...pass, completeIds: new Set([...completeIds, ...distinctIds]) };
}

/**
 * A digest of the rows that does not depend on their order: the sum of theirs. Avoids a list of 100,000
 * texts.
 */
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

function createListing<Row>(pass: Pass<Row>, { isSettled }: { isSettled: boolean }): Listing<Row> {
  const { rows, isExact, completeIds, distinctIds, ambiguousIds, totalCount, isCutShort, hasGap } = pass;
  const warnings: string[] = [];
  if (!isSettled) {
    warnings.push(
      `The list of backups kept changing while it was read (${MAX_REREADINGS + 1} times). ` +
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

async function readPass<Row>(source: PageSource<Row>): Promise<Pass<Row>> {
  const collector = source.createCollector();
  const signs = new PassSigns<Row>();
  const ahead = new ReadAhead(source);
  let offset = 0;
  let firstLength: number | undefined;
  let longest = 0;
  try {
    let page = await ahead.takeFirst();
    for (;;) {
      const { rows } = page;
      const overlap = signs.notePage(page);
      const isNew = collector.addPage(rows, overlap);
      const end = offset + rows.length;
      if (end > MAX_ROWS) refuseTooManyRows();
      longest = Math.max(longest, rows.length);
      source.onPage?.({ pages: signs.pages, rows: end, totalCount: signs.totalCount });

      if (!isNew) {
        // At its end, a list gives a page that repeats the end of the page before and no more.
        if (rows.length > overlap) signs.noteRepeatedPage();
        break;
      }
      if (rows.length < (firstLength ?? PAGE_SIZE) && collector.isAll(signs.totalCount)) break;
      if (firstLength === undefined && source.isSufficient?.(rows) === true) break;

      firstLength ??= rows.length;
      const nextOverlap = Math.min(collector.getOverlap(firstLength), rows.length >> 1);
      signs.expect(rows.slice(rows.length - nextOverlap));
      offset = end - nextOverlap;
      const isCountCredible = (signs.totalCount ?? 0) >= end;
      page = await ahead.takeNext(offset, {
        lastLength: rows.length,
        end: isCountCredible ? signs.totalCount : undefined,
      });
    }
  } finally {
    ahead.stop();
  }

  const areKnown = await readSplitPages(source, collector, { pageLength: longest, maxPages: signs.pages });
  if (!areKnown) signs.noteUnknownBackup();
  const { totalCount } = signs;
  const collected = collector.collect();
  const verdict = signs.judge({ isExact: collected.isExact, isAll: collector.isAll(totalCount) });
  return { ...collected, ...verdict, totalCount };
}

/**
 * Requests rows of backups that came in several answers again, so that one answer holds all of them. Does
 * nothing where that takes more pages than the pass had, as in a list without any order.
 *
 * @returns whether all backups on those pages were known
 */
async function readSplitPages<Row>(
  source: PageSource<Row>,
  collector: RowCollector<Row>,
  { pageLength, maxPages }: { pageLength: number; maxPages: number },
): Promise<boolean> {
  const offsets = [...collector.findSplitPages(pageLength)];
  if (offsets.length > maxPages) return true;
  let areKnown = true;
  while (offsets.length > 0) {
    const answers = await Promise.all(
      offsets.splice(0, source.maxReadAhead).map((offset) => source.fetchPage(offset)),
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
