import { format, type Options } from "prettier";
import { HEADING } from "./figures";

const START = "<!-- Written by `npm run bench` -->";
const END = "<!-- End of what it wrote -->";

/** What is written between the marks of a page. */
export interface FiguresTable {
  /** The cells of each row. */
  readonly rows: readonly (readonly string[])[];
  /** When and where it was measured. */
  readonly machine: string;
}

/**
 * Returns the page with the table in place of what is between its two marks, formatted with these options.
 *
 * @throws when the page lacks the marks
 */
export async function insertTable(
  page: string,
  { rows, machine, options }: FiguresTable & { readonly options: Options | null },
): Promise<string> {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`The page lacks the marks ${START} and ${END}`);
  const table = [HEADING, HEADING.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const parts = [page.slice(0, start) + START, `Measured ${machine}:`, table.join("\n"), page.slice(end)];
  return format(parts.join("\n\n"), { ...options, parser: "markdown" });
}
