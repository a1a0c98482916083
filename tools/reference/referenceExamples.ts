/** The examples of a description, for a page that people read on GitHub, which has no chooser of languages. */

/** The languages by the names of their blocks, in the order of every chooser. */
const LANGUAGES: Readonly<Record<string, string>> = {
  typescript: "TypeScript",
  python: "Python",
  go: "Go",
  csharp: "C#",
  java: "Java",
  yaml: "YAML",
};

/** A block of code in one of the languages, with the empty lines after it. */
const BLOCK = new RegExp(`^\`\`\`(${Object.keys(LANGUAGES).join("|")})\\n.*?^\`\`\`$\\s*`, "gms");

/**
 * The section with the examples, without the Registry's marks. Each block can be folded; the first of each example is
 * open.
 */
export function describeExamples(section: string): string {
  const plain = section
    .replaceAll(/^(?:\{\{%.*%\}\}|<!-- ?(?:Start|End) PulumiCodeChooser ?-->)\n?/gm, "")
    .replace(/^## Example Usage$/m, "## Examples");
  return plain
    .split(/^(?=### )/m)
    .map((example) => {
      let isFirst = true;
      return example.replaceAll(BLOCK, (block, language: string) => {
        const open = isFirst ? " open" : "";
        isFirst = false;
        return `<details${open}>\n<summary>${LANGUAGES[language] ?? language}</summary>\n\n${block.trim()}\n\n</details>\n\n`;
      });
    })
    .map((example) => example.trim())
    .join("\n\n");
}
