import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../../tools/childProcess";
import type { Block } from "../support/markdown";

/** What javac's messages begin with: `…/block3/App.java:12: error: message`. */
const message = /[\\/]block(\d+)[\\/]\w+\.java:(\d+): error: (.*)$/m;

/**
 * Compiles each block as a package of its own below `folder`, all in one call of `javac`.
 *
 * @returns the errors, each with the block's location
 */
export async function checkJava(
  blocks: readonly Block[],
  { folder, classPath }: { folder: string; classPath: string },
): Promise<string[]> {
  const files = blocks.map(({ code }, index) => {
    const [, name = "App"] = /\bpublic class (\w+)/.exec(code) ?? [];
    const file = path.join(folder, `block${index}`, `${name}.java`);
    fs.mkdirSync(path.dirname(file));
    // On the first line, so that the lines keep their numbers.
    fs.writeFileSync(file, `package block${index}; ${code}`);
    return file;
  });
  const options = ["-proc:none", "-Xmaxerrs", "1000", "-cp", classPath, "-d", path.join(folder, "classes")];
  const { code, stderr } = await runCommand("javac", [...options, ...files]);
  // After a message come the line of code, a mark below it and, of a wrong name, the name.
  const errors = stderr.split(/\n(?=\S)/).flatMap((text) => {
    const [, index, row = "", what = ""] = message.exec(text) ?? [];
    const [, symbol] = /^ +symbol: +(.*)$/m.exec(text) ?? [];
    const location = blocks[Number(index)]?.location ?? "";
    return index === undefined
      ? []
      : [`${location}, line ${row}: ${[what, symbol].filter(Boolean).join(": ")}`];
  });
  return code !== 0 && errors.length === 0 ? [stderr] : errors;
}
