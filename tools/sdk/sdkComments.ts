import fs from "node:fs";
import path from "node:path";

/** A resource's class with its comment, up to the examples in it. */
const CLASS =
  /^\/\*\*\n((?: \*[^\n]*\n)+?)(?: \* ## Example Usage\n(?: \*[^\n]*\n)*?)? \*\/\nexport class \w+ extends pulumi\.CustomResource \{$/m;

/** The generated comment of its constructor. */
const CONSTRUCTOR =
  /^( {4} \*) Create a \w+ resource with the given unique name, arguments, and options\.\n/m;

/**
 * Gives the constructors of the resources in the generated SDK in `folder` the text of their classes, without the
 * examples. The SDK's index exports the classes in a way that hides their comments, so that editors show only that of
 * the constructor, which says nothing of the resource.
 *
 * @throws if the generator's code is not as expected
 */
export function describeConstructors(folder: string): void {
  for (const name of fs.readdirSync(folder).filter((each) => each.endsWith(".ts"))) {
    const file = path.join(folder, name);
    const text = fs.readFileSync(file, "utf8");
    if (text.includes("extends pulumi.CustomResource"))
      fs.writeFileSync(file, describeConstructor(name, text));
  }
}

/** The text of the generated file `name` with the comment of its class at the constructor. */
export function describeConstructor(name: string, text: string): string {
  const [, about] = CLASS.exec(text) ?? [];
  if (about === undefined || !CONSTRUCTOR.test(text))
    throw new Error(
      `${name}: no comment of a class or constructor. Adapt tools/sdk/sdkComments.ts to the generator.`,
    );
  const lines = about
    .trimEnd()
    .replace(/(\n \*)+$/, "")
    .split("\n");
  return text.replace(CONSTRUCTOR, lines.map((line) => `    ${line}\n`).join(""));
}
