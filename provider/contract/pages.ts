/** Judges how an action pages: how many rows, in which order, and what `TotalCount` counts. */

import { type JsonObject, readInteger, readName } from "../ucloud/jsonFields";
import { PAGE_SIZE } from "../ucloud/pageSource";
import { type Asker, type Reply } from "./asker";
import { readRows } from "./databaseFields";
import { type Expectation, getExpectation, type ReadAction } from "./expectations";
import { countNoun, type Finding } from "./findings";
import type { ApiRequest } from "./requests";

/** How many pages of one list are asked for at most. */
const MAX_PAGES = 12;

/** The pages of one list. */
export interface Listing {
  readonly action: ReadAction;
  readonly first: Reply;
  /** The answers of all pages, in order. */
  readonly bodies: readonly JsonObject[];
  readonly rows: readonly JsonObject[];
  /** The rows of a second request that equals the first one. Absent if it failed, or was not sent. */
  readonly again?: readonly JsonObject[];
  /** Whether the last page was empty, so that `rows` should be all. */
  readonly isEnded: boolean;
  /** Why a further page did not come. */
  readonly failed?: Reply;
}

/** Reads a list that begins with `first`: the same request again, then page after page. */
export async function readList(
  asker: Asker,
  request: ApiRequest,
  { first, subject }: { readonly first: Reply; readonly subject: string },
): Promise<Listing> {
  const { action, parameters } = request;
  if (first.body === undefined) return { action, first, bodies: [], rows: [], isEnded: false };
  const bodies = [first.body];
  const rows = [...readRows(first.body)];
  if (rows.length === 0) return { action, first, bodies, rows, again: [], isEnded: true };
  const second = await asker.ask(request, subject);
  const again = second.body && readRows(second.body);
  const list = { action, first, bodies, rows, ...(again && { again }) };
  while (bodies.length < MAX_PAGES) {
    const page = await asker.ask({ action, parameters: { ...parameters, Offset: rows.length } }, subject);
    if (page.failure !== undefined) return { ...list, isEnded: false, failed: page };
    const more = readRows(page.body);
    if (more.length === 0) return { ...list, isEnded: true };
    bodies.push(page.body);
    for (const row of more) rows.push(row);
    // Without an offset, the list would go on for ever.
    if (isSame(more, readRows(first.body))) break;
  }
  return { ...list, isEnded: false };
}

/** What is to say of the pages of a list. */
export function judgePages(list: Listing): readonly Finding[] {
  const { paging } = getExpectation(list.action);
  if (paging === undefined || list.rows.length === 0) return [];
  const pages = list.bodies.map((body) => readRows(body));
  const [firstPage = [], secondPage] = pages;
  const isIgnored = secondPage !== undefined && isSame(firstPage, secondPage);
  return [
    ...(isIgnored
      ? [
          createFinding(list, {
            severity: "difference",
            kind: "offset",
            text: "the next Offset brings the same rows again",
          }),
        ]
      : judgeCap(list, pages)),
    ...(paging.isCounted && !isIgnored ? judgeCount(list) : []),
    ...judgeOrder(list, { firstPage, paging }),
  ];
}

type Words = Pick<Finding, "kind" | "text"> & Partial<Pick<Finding, "severity" | "field">>;

function createFinding({ action }: Listing, words: Words): Finding {
  return { severity: "note", action, ...words };
}

function judgeCap(list: Listing, pages: readonly (readonly JsonObject[])[]): readonly Finding[] {
  const longest = Math.max(...pages.map(({ length }) => length));
  const asked = `asked for ${PAGE_SIZE} rows, got`;
  if (longest > PAGE_SIZE) return [createFinding(list, { kind: "pageCap", text: `${asked} ${longest}` })];
  if (pages.length < 2 || longest === PAGE_SIZE) return [];
  const text = `${asked} ${longest} at most, although there are more`;
  return [createFinding(list, { kind: "pageCap", text })];
}

/** The hint is compared only with a list that has an end, or that is longer already. */
function judgeCount(list: Listing): readonly Finding[] {
  const { first, rows, isEnded } = list;
  const total = first.body && readInteger(first.body, "TotalCount");
  const field = "TotalCount";
  const note = (text: string): readonly Finding[] => [createFinding(list, { kind: "count", field, text })];
  if (total === undefined) return note("absent, or no whole number");
  if (total < rows.length) {
    const backups = new Set(rows.map((row) => readName(row, "BackupId"))).size;
    return isEnded && total === backups
      ? note(`counts backups: ${total}, in ${countNoun(rows.length, "row")}`)
      : note(`less than the rows: ${total}, and there are ${rows.length}`);
  }
  if (!isEnded || total === rows.length) return [];
  return note(`more than the rows: ${total}, and there are ${rows.length}`);
}

function judgeOrder(
  list: Listing,
  { firstPage, paging }: { firstPage: readonly JsonObject[]; paging: NonNullable<Expectation["paging"]> },
): readonly Finding[] {
  const found: Finding[] = [];
  const { again, rows } = list;
  const note = (text: string): void => {
    found.push(createFinding(list, { kind: "order", text }));
  };
  const { idField = "", timeField } = paging;
  const name = (row: JsonObject): string => readName(row, idField) ?? JSON.stringify(row);
  const [before, after] = [firstPage.map(name), again?.map(name)];
  if (after !== undefined && before.join("\n") !== after.join("\n")) {
    const isReordered = [...before].sort().join("\n") === [...after].sort().join("\n");
    note(`two equal requests brought ${isReordered ? "the same rows in another order" : "different rows"}`);
  }
  const times = timeField === undefined ? [] : rows.flatMap((row) => readInteger(row, timeField) ?? []);
  if (times.some((time, index) => time > (times[index - 1] ?? Infinity))) note("not newest first");
  return found;
}

function isSame(left: readonly JsonObject[], right: readonly JsonObject[]): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
