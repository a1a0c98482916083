import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";

/** A page of the documentation, or another text that holds examples. */
export interface Page {
  /** From the repository's root, with slashes. */
  readonly name: string;
  readonly text: string;
}

/** A fenced block of code. */
export interface Block {
  /** Its page and line, for a message: `README.md:12`. */
  readonly location: string;
  readonly code: string;
}

/** Reads a page. */
export function readPage(name: string): Page {
  return { name, text: fs.readFileSync(path.join(repositoryRoot, name), "utf8") };
}

/** The blocks of `page` in one of `languages`, without their indentation. */
export function listBlocks({ name, text }: Page, languages: readonly string[]): Block[] {
  return [...text.matchAll(/^( *)```(\w+)\n(.*?)^\1```$/gms)]
    .filter(([, , language = ""]) => languages.includes(language))
    .map((match) => {
      const [, indentation = "", , code = ""] = match;
      const line = text.slice(0, match.index).split("\n").length;
      return { location: `${name}:${line}`, code: code.replaceAll(new RegExp(`^${indentation}`, "gm"), "") };
    });
}

/** The part of a page below its heading of level 2 with this text, up to the next one. @throws Error if there is none */
export function readSection({ name, text }: Page, heading: string): Page {
  const part = text.split(/^## /m).find((each) => each.startsWith(`${heading}\n`));
  if (part === undefined) throw new Error(`${name} has no section "${heading}"`);
  return { name: `${name}, ${heading}`, text: part };
}

/** The rows of the table whose first column has this heading, each as its cells. @throws Error if there is none */
export function readTable({ name, text }: Page, heading: string): string[][] {
  const [, rows] =
    new RegExp(`^\\| ${heading} +\\|.*\\n\\|[-| ]+\\|\\n((?:\\|.*\\n)+)`, "m").exec(text) ?? [];
  if (rows === undefined) throw new Error(`${name} has no table with a column ${heading}`);
  return rows
    .trim()
    .split("\n")
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The names in back quotes in `text`, without the `?` of an optional argument. */
export function listNames(text: string): string[] {
  return [...text.matchAll(/`(\w+)\??`/g)].map(([, name = ""]) => name);
}

/** The targets of all links and images outside code. */
export function listLinks({ text }: Page): string[] {
  const prose = text.replaceAll(/^( *)```.*?^\1```$/gms, "").replaceAll(/`[^`\n]*`/g, "");
  const inline = [...prose.matchAll(/\]\(([^()\s]+)\)/g)];
  const definitions = [...prose.matchAll(/^\[[^\]]+\]: (\S+)$/gm)];
  return [...inline, ...definitions].map(([, target = ""]) => target);
}

/** The anchors that GitHub gives the headings of a page. */
export function listAnchors({ text }: Page): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
