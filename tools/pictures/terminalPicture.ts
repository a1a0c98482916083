/** An SVG that shows what a terminal shows. Its text stays text: it can be selected, and is read aloud. */

import Anser from "anser";

/** What is typed, and what it prints, with the escape sequences of colours. */
export interface TerminalRun {
  readonly command: string;
  readonly output: string;
}

const COLUMNS = 108;
const FONT_SIZE = 13;
/** Of a monospaced font of this size. The widest in use are 0.602 of it. */
const COLUMN_WIDTH = 7.85;
const LINE_HEIGHT = 18;
const MARGIN = 16;
const BAR_HEIGHT = 30;

/** On the panel's own dark background, so that the picture is readable on light and dark pages. */
const COLORS: Readonly<Record<string, string>> = {
  "ansi-red": "#ff7b72",
  "ansi-green": "#56d364",
  "ansi-yellow": "#e3b341",
  "ansi-blue": "#79c0ff",
  "ansi-magenta": "#d2a8ff",
  "ansi-cyan": "#76e3ea",
};

/** A piece of a line in one style. */
interface Piece {
  readonly text: string;
  readonly color: string | undefined;
  readonly isBold: boolean;
}

/** The text of a picture. `title` says what it shows, for those who do not see it. */
export function drawTerminal(title: string, { command, output }: TerminalRun): string {
  const prompt: Piece[] = [
    { text: "$ ", color: COLORS["ansi-cyan"], isBold: false },
    { text: command, color: undefined, isBold: true },
  ];
  const lines = [prompt, ...readLines(output)].flatMap(wrap).map(trimEnd);
  const width = Math.ceil(COLUMNS * COLUMN_WIDTH + 2 * MARGIN);
  const height = BAR_HEIGHT + lines.length * LINE_HEIGHT + MARGIN;
  const rows = lines.map((line, index) => drawLine(line, BAR_HEIGHT + (index + 1) * LINE_HEIGHT - 4));
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (color, index) => `<circle cx="${MARGIN + 6 + index * 20}" cy="16" r="6" fill="${color}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#57606a"/>`,
    ...dots,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace" font-size="${FONT_SIZE}" fill="#e6edf3" xml:space="preserve">`,
    ...rows.filter((row) => row !== ""),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

/** What a picture says: each of its lines, without spaces at their ends. */
export function readPictureText(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, content = ""]) =>
    content
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&")
      .trimEnd(),
  );
}

function readLines(output: string): Piece[][] {
  const lines: Piece[][] = [[]];
  for (const { content, fg, decorations } of Anser.ansiToJson(output, {
    use_classes: true,
    remove_empty: true,
  })) {
    // Text in no colour has none, although the types say otherwise.
    const color = COLORS[(fg as string | null)?.replace("bright-", "") ?? ""];
    content.split("\n").forEach((text, index) => {
      if (index > 0) lines.push([]);
      if (text !== "") lines.at(-1)?.push({ text, color, isBold: decorations.includes("bold") });
    });
  }
  return lines;
}

/** Breaks a line where the terminal ends, between words, and indents the rest as the line is. */
function wrap(line: readonly Piece[]): Piece[][] {
  const [indentation = ""] = /^ */.exec(line.map(({ text }) => text).join("")) ?? [];
  const lines: Piece[][] = [[]];
  let column = 0;
  for (const piece of line) {
    for (const text of piece.text.split(/(?<= )/)) {
      if (column > indentation.length && column + text.trimEnd().length > COLUMNS) {
        lines.push([{ ...piece, text: indentation }]);
        column = indentation.length;
      }
      lines.at(-1)?.push({ ...piece, text });
      column += text.length;
    }
  }
  return lines;
}

/** The line without the spaces at its end. */
function trimEnd(line: readonly Piece[]): Piece[] {
  const end = line.findLastIndex(({ text }) => text.trimEnd() !== "");
  return line
    .slice(0, end + 1)
    .map((piece, index) => (index === end ? { ...piece, text: piece.text.trimEnd() } : piece));
}

function drawLine(line: readonly Piece[], y: number): string {
  const spans: Piece[] = [];
  for (const piece of line) {
    const last = spans.at(-1);
    if (last?.color === piece.color && last?.isBold === piece.isBold)
      spans[spans.length - 1] = { ...last, text: last.text + piece.text };
    else spans.push(piece);
  }
  if (spans.length === 0) return "";
  const content = spans.map(({ text, color, isBold }) => {
    const style = `${color === undefined ? "" : ` fill="${color}"`}${isBold ? ' font-weight="bold"' : ""}`;
    return style === "" ? escapeXml(text) : `<tspan${style}>${escapeXml(text)}</tspan>`;
  });
  return `<text x="${MARGIN}" y="${y}">${content.join("")}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
