/**
 * Makes texts of the API and of users safe inside messages. A name with a line break, a terminal escape code or a
 * right-to-left mark must not forge or garble a message.
 */

const LONGEST_TEXT = 80;

/** Control, format and line separator characters, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `text` with its unprintable characters replaced by `U+FFFD`. */
export function maskUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, "\uFFFD");
}

/** `text`, printable and at most 80 characters long. A longer one ends in `…`. */
export function shortenText(text: string): string {
  // Cut before masking, so that a text of megabytes costs nothing. A character has at most two code units.
  const start = Array.from(text.slice(0, 2 * (LONGEST_TEXT + 1)));
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
