import { format, type Options } from "prettier";
import { HEADING } from "./figures";

const START = "<!-- Written by `npm run bench` -->";
const END = "<!-- End of what it wrote -->";

/** The README with this table between its two marks, laid out as `options` say. */
export async function insertTable(
  readme: string,
  rows: readonly (readonly string[])[],
  { machine, options }: { readonly machine: string; readonly options: Options | null },
): Promise<string> {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md lacks the marks ${START} and ${END}`);
  const table = [HEADING, HEADING.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const parts = [readme.slice(0, start) + START, `Measured ${machine}:`, table.join("\n"), readme.slice(end)];
  return format(parts.join("\n\n"), { ...options, parser: "markdown" });
}
