/**
 * The API's and the user's texts inside messages. A name with a line break, a terminal's escape code or a
 * right-to-left mark must not forge or garble what a message says.
 */

const LONGEST_QUOTE = 80;

/** Control, format and separator characters, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `text` with its unprintable characters replaced by `U+FFFD`. */
export function maskUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, "\uFFFD");
}

/** `text` in back quotes, printable and at most 80 characters long, with `…` where it was cut. */
export function quoteText(text: string): string {
  // Cut before masking, so that a text of megabytes costs nothing; two code units are at most one character.
  const start = Array.from(text.slice(0, 2 * (LONGEST_QUOTE + 1)));
  const shown = start.length > LONGEST_QUOTE ? [...start.slice(0, LONGEST_QUOTE - 1), "…"] : start;
  return `\`${maskUnprintable(shown.join("")).replaceAll("`", "'")}\``;
}

/** The distinct texts, quoted, in code-unit order: at most `most` of them, then how many more there are. */
export function listTexts(texts: Iterable<string>, most: number): string {
  const distinct = [...new Set(texts)].sort();
  const shown = distinct.slice(0, most).map(quoteText).join(", ");
  return distinct.length > most ? `${shown} and ${distinct.length - most} more` : shown;
}
