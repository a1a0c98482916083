/** The texts of a report: a sentence for each database, and the one failure that names everything that is wrong. */

import { type RedisBackupError, stripCode } from "../ucloud/errors";
import type { Selectable, Selection } from "./selection";
import { maskUnprintable, quoteText, shortenText } from "./text";

/** What was found, as phrases of one sentence, and what to do. */
export interface Explanation {
  readonly claims: readonly string[];
  readonly nextStep?: string | undefined;
}

/** A fault in a report. */
export interface Fault {
  readonly code: string;
  /** What the first line calls it: `orders (uredis-abc123)`, or a region. */
  readonly title: string;
  /** The id of the database, for a line that has no room for titles. Absent for a region. */
  readonly id?: string;
  /** Where it is: `cn-bj2`. Absent for a region. */
  readonly region?: string;
  /** One sentence or more, on one line. */
  readonly message: string;
  readonly nextStep?: string | undefined;
}

/** How long the text of a failure may be, in characters. Longer ones are of no use in a log. */
const MOST_CHARACTERS = 12_000;
/** What of them is for the first line. */
const MOST_HEADLINE = 8500;
/** How many faults are explained. */
const MOST_EXPLAINED = 20;
/** How many faults the first line names in full if it has no room for all of them. */
const MOST_TITLES = 20;

/** Room for the words that say how many are not named or not explained. */
const REST_LENGTH = 150;

/** Why the choice of a backup failed. Only the verdict and the next step of a text of several lines are kept. */
export function explainFailure(
  error: RedisBackupError,
  selection: Selection<Selectable> | undefined,
): Explanation {
  const lines = stripCode(error).split("\n");
  if (lines.length === 1) return { claims: [maskUnprintable(lines[0] ?? "")] };
  const verdict = (lines[0] ?? "").replace(/^\S+: /, "");
  const { skipped = [], latest } = selection ?? {};
  const [newest] = skipped;
  const many = skipped.length === 1 ? "a newer one" : `${skipped.length} newer ones`;
  const which = skipped.length === 1 ? ":" : ", the newest:";
  const passedOver =
    newest === undefined
      ? []
      : latest === undefined
        ? [`the newest: ${newest.reason}`]
        : [`${many} cannot be restored${which} ${newest.reason}`];
  return { claims: [verdict, ...passedOver].map(maskUnprintable), nextStep: lines.at(-1) };
}

/** Joins phrases: `Newest usable backup is 7d 2h old, maxAge 26h; automatic backups are off.` */
export function composeSentence(claims: readonly string[]): string {
  const text = claims.map((claim) => claim.replace(/\.$/, "")).join("; ");
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** How the first line names a database. A name that could be taken for something else is quoted. */
export function nameDatabase({ id, name }: { readonly id: string; readonly name?: string }): string {
  if (name === undefined || name === id) return shortenText(id);
  return `${/^[\p{L}\p{N}._-]+$/u.test(name) ? shortenText(name) : quoteText(name)} (${shortenText(id)})`;
}

/** The numbers in the first line. */
export interface FaultCounts {
  /** How many databases were looked at. */
  readonly checked: number;
  readonly regions: number;
}

/**
 * One text for all faults, worst first, without the code that it starts with. Its first line names them, and a
 * paragraph explains each. Of very many faults, the first line names the ids only, and only the first are explained;
 * the text says so.
 */
export function describeFaults(faults: readonly Fault[], counts: FaultCounts): string {
  const headline = composeHeadline(faults, counts);
  const paragraphs: string[] = [];
  let left = MOST_CHARACTERS - headline.length - REST_LENGTH;
  for (const fault of faults.slice(0, MOST_EXPLAINED)) {
    const paragraph = describeFault(fault);
    left -= paragraph.length + 1;
    if (left < 0 && paragraphs.length > 0) break;
    paragraphs.push(paragraph);
  }
  const rest = faults.length - paragraphs.length;
  const note =
    rest === 0
      ? []
      : [
          `The worst ${paragraphs.length} of ${faults.length} are explained here; onStale \`warn\` returns all.`,
        ];
  return [headline, ...paragraphs, ...note].join("\n");
}

function composeHeadline(faults: readonly Fault[], { checked, regions }: FaultCounts): string {
  const databases = faults.filter(({ id }) => id !== undefined);
  const lost = faults.filter(({ id }) => id === undefined);
  const unlisted =
    lost.length === 0
      ? ""
      : `${lost.length} of ${regions} ${regions === 1 ? "region" : "regions"} could not be listed in full: ` +
        lost.map(nameFault).join(", ");
  if (databases.length === 0) return unlisted;
  const [noun, verb] = [checked === 1 ? "database" : "databases", databases.length === 1 ? "has" : "have"];
  const claim = `${databases.length} of ${checked} ${noun} ${verb} no backup to rely on: `;
  const tail = unlisted === "" ? "" : `; ${unlisted}`;
  return `${claim}${listFaults(databases, MOST_HEADLINE - claim.length - tail.length - REST_LENGTH)}${tail}`;
}

function nameFault({ title, code }: Fault): string {
  return `${title} [${code}]`;
}

/** Names all in full if there is room. Else the first ones, then the ids of the others, then their number. */
function listFaults(faults: readonly Fault[], room: number): string {
  const whole = faults.map(nameFault).join(", ");
  if (whole.length <= room) return whole;
  const shown = faults.slice(0, MOST_TITLES).map(nameFault);
  let left = room - shown.join(", ").length;
  let count = shown.length;
  for (const { id = "" } of faults.slice(MOST_TITLES)) {
    const text = shortenText(id);
    left -= text.length + 2;
    if (left < 0) break;
    shown.push(text);
    count++;
  }
  const rest = faults.length - count;
  return `${shown.join(", ")}${rest === 0 ? "" : ` and ${rest} more, which have no room here`}`;
}

function describeFault({ title, region, code, message, nextStep }: Fault): string {
  const place = region === undefined ? "" : ` in ${shortenText(region)}`;
  const text = `- ${title}${place}: [${code}] ${message}`;
  return nextStep === undefined ? text : `${text} ${nextStep}`;
}
