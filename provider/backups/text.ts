/**
 * Makes texts of the API and of users safe inside messages. A name with a line break, a terminal escape code or a
 * right-to-left mark must not forge or garble a message.
 */

import { stripLinks } from "../ucloud/redaction";

const LONGEST_TEXT = 80;

/** How much of a text is searched for links: far more than is shown, so that no part of a cut link is shown. */
const SEARCHED_LENGTH = 16_384;

/** Control, format and line separator characters, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `text` with its unprintable characters replaced by `U+FFFD`. */
export function maskUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, "\uFFFD");
}

/** `text`, printable, without signed links, and at most 80 characters long. A longer one ends in `…`. */
export function shortenText(text: string): string {
  // Cut before all else, so that a text of megabytes costs nothing. A character has at most two code units.
  const plain = stripLinks(text.slice(0, SEARCHED_LENGTH));
  const start = Array.from(plain.slice(0, 2 * (LONGEST_TEXT + 1)));
  const shown = start.length > LONGEST_TEXT ? [...start.slice(0, LONGEST_TEXT - 1), "…"] : start;
  return maskUnprintable(shown.join(""));
}

/** The text of {@link shortenText} in back quotes. Back quotes inside become single quotes. */
export function quoteText(text: string): string {
  return `\`${shortenText(text).replaceAll("`", "'")}\``;
}

/** The distinct texts, quoted and sorted by code unit: at most `most` of them, then how many more there are. */
export function listTexts(texts: Iterable<string>, most: number): string {
  const distinct = [...new Set(texts)].sort();
  const shown = distinct.slice(0, most).map(quoteText).join(", ");
  return distinct.length > most ? `${shown} and ${distinct.length - most} more` : shown;
}
