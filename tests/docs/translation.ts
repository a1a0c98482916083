/** Compares a page with its translation: everything but the prose must be the same. */

import path from "node:path";
import { listAnchors, listLinks, type Page } from "../support/markdown";

/** An original page and its translation. */
export interface Translation {
  readonly original: Page;
  readonly translated: Page;
}

/** A heading and what is below it, up to the next one. The text before the first heading has none. */
interface Section {
  readonly heading: string;
  readonly level: number;
  readonly blocks: readonly string[];
  /** Each as its rows, each as its cells. */
  readonly tables: readonly (readonly (readonly string[])[])[];
  /** The rest, with the heading. */
  readonly prose: string;
}

/** What differs between a page and its translation, each with its place. `all` has every page that is translated. */
export function compareTranslation(pair: Translation, all: readonly Translation[]): string[] {
  const { translated } = pair;
  const [sections, others] = [readSections(pair.original.text), readSections(translated.text)];
  const [levels, otherLevels] = [sections, others].map((each) => each.map(({ level }) => "#".repeat(level)));
  if (levels?.join(" ") !== otherLevels?.join(" ")) {
    const at = sections.findIndex(({ level }, index) => level !== others[index]?.level);
    const index = at < 0 ? sections.length : at;
    return [
      `${translated.name}: heading ${index + 1} is "${others[index]?.heading ?? "none"}", and "${sections[index]?.heading ?? "none"}" in ${pair.original.name}`,
    ];
  }
  const translateLinks = (text: string): string[] =>
    listLinks({ name: "", text })
      .map((target) => translateTarget(target, pair, all))
      .filter((target) => target !== undefined);
  return sections.flatMap((section, index) => {
    const other = others[index] ?? section;
    const differences = [
      ...compareBlocks(section, other),
      ...compareTables(section, other, translateLinks),
      ...compareSets("link", translateLinks(section.prose), listOwnLinks(other.prose, pair)),
      ...compareSets("name in back quotes", listCode(section.prose), listCode(other.prose)),
      ...compareSets("number", listNumbers(section.prose), listNumbers(other.prose)),
      ...compareSets("image", listImages(section.prose), listImages(other.prose)),
    ];
    return differences.map((text) => `${translated.name}, "${other.heading}": ${text}`);
  });
}

/** Where bold text would show its asterisks, as next to Chinese letters without a space in between. */
export function findBrokenBold({ name, text }: Page): string[] {
  const paragraphs = text.replaceAll(/^( *)```.*?^\1```$/gms, "").split(/\n\n|\n(?=\s*(?:[-|]|\d+\.) ?)/);
  return paragraphs.flatMap((paragraph) => {
    const plain = paragraph.replaceAll(/`[^`]*`/g, "`");
    return [...plain.matchAll(/\*\*/g)].flatMap(({ index }, count) => {
      const [before, after] = [plain[index - 1] ?? " ", plain[index + 2] ?? " "];
      const [inside, outside] = count % 2 === 0 ? [after, before] : [before, after];
      const isShown =
        !/\s/.test(inside) && (!/[\p{P}\p{S}]/u.test(inside) || /[\s\p{P}\p{S}]/u.test(outside));
      return isShown ? [] : [`${name}: ${plain.slice(Math.max(0, index - 12), index + 14)}`];
    });
  });
}

function readSections(text: string): Section[] {
  const blocks: string[] = [];
  // A block may hold lines that look like headings or tables.
  const withoutBlocks = text.replaceAll(
    /^( *)```.*?^\1```$/gms,
    (block) => `\u0000${blocks.push(block) - 1}\u0000`,
  );
  return withoutBlocks.split(/^(?=#+ )/m).map((part) => {
    const [, marks = "", heading = "the beginning"] = /^(#+) (.*)/.exec(part) ?? [];
    const tables = part.match(/(?:^ *\|.*\n?)+/gm) ?? [];
    return {
      heading,
      level: marks.length,
      blocks: [...part.matchAll(/\u0000(\d+)\u0000/g)].map(([, index]) => blocks[Number(index)] ?? ""),
      tables: tables.map((table) => table.trim().split("\n").map(readCells)),
      prose: part.replaceAll(/\u0000\d+\u0000|^ *\|.*$/gm, ""),
    };
  });
}

function readCells(row: string): string[] {
  return row
    .trim()
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function compareBlocks(section: Section, other: Section): string[] {
  if (section.blocks.length !== other.blocks.length) {
    return [`has ${other.blocks.length} blocks of code, not ${section.blocks.length}`];
  }
  return section.blocks.flatMap((block, index) => {
    const [lines, otherLines] = [block.split("\n"), (other.blocks[index] ?? "").split("\n")];
    const longer = otherLines.length > lines.length ? otherLines : lines;
    const at = longer.findIndex((_, number) => lines[number] !== otherLines[number]);
    return at < 0
      ? []
      : [`line ${at} of block ${index + 1} is \`${otherLines[at] ?? ""}\`, not \`${lines[at] ?? ""}\``];
  });
}

function compareTables(section: Section, other: Section, links: (text: string) => string[]): string[] {
  const [shapes, otherShapes] = [section, other].map(({ tables }) =>
    tables.map((rows) => rows.map((cells) => cells.length).join(" ")),
  );
  if (shapes?.join("; ") !== otherShapes?.join("; ")) return ["a table has other rows or columns"];
  return section.tables.flatMap((rows, table) =>
    rows.flatMap((cells, row) =>
      cells.flatMap((cell, column) => {
        const found = other.tables[table]?.[row]?.[column] ?? "";
        const place = `row ${row - 1} of table ${table + 1}`;
        if (!/\p{L}/u.test(cell.replaceAll(/`[^`]*`/g, "")) && !/^:?-+:?$/.test(cell)) {
          return cell === found ? [] : [`${place} has ${found}, not ${cell}`];
        }
        return [
          ...compareSets(`link in ${place}`, links(cell), listLinks({ name: "", text: found })),
          ...compareSets(`name in ${place}`, listCode(cell), listCode(found)),
        ];
      }),
    ),
  );
}

/** Order does not count, since Chinese has another order of words, and nor does how often a name is repeated. */
function compareSets(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const missing = [...new Set(expected)].filter((each) => !found.includes(each));
  const unknown = [...new Set(found)].filter((each) => !expected.includes(each));
  return [
    ...missing.map((each) => `lacks the ${what} ${each}`),
    ...unknown.map((each) => `has a ${what} that the original lacks: ${each}`),
  ];
}

/** What stands in back quotes, with the spaces of a line break as one. */
function listCode(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replaceAll(/\s+/g, " "));
}

/** The numbers outside code and the targets of links, such as versions and times. */
function listNumbers(text: string): string[] {
  const plain = text.replaceAll(/`[^`]*`|\]\([^()\s]+\)|^ *\d+\. /gm, "");
  return plain.match(/\d+(?:[.,:]\d+)*/g) ?? [];
}

function listImages(text: string): string[] {
  return [...text.matchAll(/!\[[^\]]*\]\(([^()\s]+)\)/g)].map(([, target = ""]) =>
    path.posix.basename(target),
  );
}

/** The links of a translation, apart from the one to its original. */
function listOwnLinks(prose: string, { original, translated }: Translation): string[] {
  const toOriginal = path.posix.relative(path.posix.dirname(translated.name), original.name);
  return listLinks({ name: "", text: prose }).filter((target) => target !== toOriginal);
}

/** How a translation writes a link of its original; undefined for one from the original to its translation. */
function translateTarget(target: string, pair: Translation, all: readonly Translation[]): string | undefined {
  if (/^https?:/.test(target)) return target;
  const [file = "", anchor] = target.split("#");
  const name =
    file === "" ? pair.original.name : path.posix.join(path.posix.dirname(pair.original.name), file);
  if (name === pair.translated.name) return undefined;
  const goal = all.find(({ original }) => original.name === name);
  const goalName = goal?.translated.name ?? name;
  const relative =
    goalName === pair.translated.name
      ? ""
      : path.posix.relative(path.posix.dirname(pair.translated.name), goalName);
  if (anchor === undefined) return relative;
  return `${relative}#${goal === undefined ? anchor : translateAnchor(anchor, goal)}`;
}

/** The anchor of the heading at the same place. */
function translateAnchor(anchor: string, { original, translated }: Translation): string {
  return listAnchors(translated)[listAnchors(original).indexOf(anchor)] ?? `(no heading for ${anchor})`;
}
