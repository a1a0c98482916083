import fs from "node:fs";
import path from "node:path";

/** A function's arguments, from the call's first line to the first argument. */
const CALL = /^( +return pulumi\.runtime\.invoke(?:Output)?\("[^"]+", \{\n)( +)(?="\w+": args\.)/gm;

/** Where a resource's arguments begin, unless it is read by its id. */
const RESOURCE = /^( +if \(!opts\.id\) \{\n)( +)(?=if \(args\?\.|resourceInputs\["\w+"\] = args\?\.)/gm;

/** Where the provider's arguments begin. */
const PROVIDER = /^( +opts = opts \|\| \{\};\n +\{\n)( +)(?=resourceInputs\["\w+"\] = )/gm;

/**
 * Lets the generated SDK in `folder` pass on the arguments it does not know. The generator leaves them out, so that a
 * typing error (`maxage`) would pass unseen where TypeScript does not check; the plugin refuses them by name.
 *
 * @throws Error where the generator's text is not what this expects
 */
export function passUnknownArguments(folder: string): void {
  const names = fs.readdirSync(folder).filter((name) => /^[a-zA-Z]+\.ts$/.test(name));
  for (const name of names) {
    const file = path.join(folder, name);
    fs.writeFileSync(file, spreadArguments(name, fs.readFileSync(file, "utf8")));
  }
}

/** The text of the generated file `name`, with its arguments spread before the known ones. */
export function spreadArguments(name: string, text: string): string {
  // What a file has is counted in another way than it is changed, so that a form nobody foresaw fails here.
  const expected = {
    calls: countMatches(text, /\bruntime\.invoke\w*\(/g),
    resources: countMatches(text, /\bextends pulumi\.CustomResource\b/g),
    providers: countMatches(text, /\bextends pulumi\.ProviderResource\b/g),
  };
  const found = {
    calls: countMatches(text, CALL),
    resources: countMatches(text, RESOURCE),
    providers: countMatches(text, PROVIDER),
  };
  const differs = Object.keys(expected).some((key) => found[key as "calls"] !== expected[key as "calls"]);
  if (differs) {
    const counts = `${JSON.stringify(found)} of ${JSON.stringify(expected)}`;
    throw new Error(
      `${name}: found ${counts} places that pass arguments on. Adapt tools/sdkArguments.ts to the generator.`,
    );
  }
  return text
    .replace(CALL, "$1$2...args,\n$2")
    .replace(RESOURCE, "$1$2resourceInputs = { ...args };\n$2")
    .replace(PROVIDER, "$1$2resourceInputs = { ...args };\n$2");
}

function countMatches(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
