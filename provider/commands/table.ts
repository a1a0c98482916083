/**
 * Formats rows as columns for a terminal. A cell may have several lines. Wide characters, such as Chinese ones,
 * take two columns.
 */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.split("\n")));
  const widths = head.map((_, column) =>
    Math.max(...cells.flatMap((row) => (row[column] ?? []).map(measureWidth))),
  );
  const lines = cells.map((row) => formatRow(row, widths));
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function formatRow(row: readonly (readonly string[])[], widths: readonly number[]): string {
  const height = Math.max(...row.map((lines) => lines.length));
  const lines = Array.from({ length: height }, (_, index) =>
    widths
      .map((width, column) => {
        const text = row[column]?.[index] ?? "";
        return text + " ".repeat(width - measureWidth(text));
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What terminals show in two columns: the scripts of East Asia, their punctuation, full-width forms, emoji. */
const WIDE =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|\uFE0F/u;

/** Half-width forms, and marks that other scripts share with those of East Asia. */
const NARROW = /^[\u00B7\uFF61-\uFFDC]/u;

/** How many columns a terminal needs for a printable text. */
export function measureWidth(text: string): number {
  // Most texts are ASCII, of which each character takes one column.
  if (/^[\x20-\x7E]*$/.test(text)) return text.length;
  return Array.from(characters.segment(text)).reduce(
    (width, { segment }) => width + (WIDE.test(segment) && !NARROW.test(segment) ? 2 : 1),
    0,
  );
}
