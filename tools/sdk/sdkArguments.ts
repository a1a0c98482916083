import fs from "node:fs";
import path from "node:path";

/** The first argument in the call of a function, with the lines before it. */
const CALL = /^( +return pulumi\.runtime\.invoke(?:Output)?\("[^"]+", \{\n)( +)(?="\w+": args\.)/gm;

/** The first argument of a resource that is created, not read by its id. */
const RESOURCE = /^( +if \(!opts\.id\) \{\n)( +)(?=if \(args\?\.|resourceInputs\["\w+"\] = args\?\.)/gm;

/** The first argument of the provider. */
const PROVIDER = /^( +opts = opts \|\| \{\};\n +\{\n)( +)(?=resourceInputs\["\w+"\] = )/gm;

/** A secret argument of a resource. The generator's code drops it where it is empty. */
const SECRET = /(resourceInputs\["(\w+)"\] = )args\?\.\2 \? pulumi\.secret\(args\.\2\) : undefined;/g;

/**
 * Makes the generated SDK in `folder` pass on what the generator's code drops: arguments that the schema does
 * not have, and empty secrets of resources. A misspelt argument (`maxage`) would have no effect where
 * TypeScript does not check it; the plugin refuses it by name. The password `""` means that there is none,
 * which is not the same as no argument.
 *
 * @throws if the generator's code is not as expected
 */
export function passUnknownArguments(folder: string): void {
  const names = fs.readdirSync(folder).filter((name) => /^[a-zA-Z]+\.ts$/.test(name));
  for (const name of names) {
    const file = path.join(folder, name);
    fs.writeFileSync(file, spreadArguments(name, fs.readFileSync(file, "utf8")));
  }
}

/** The text of the generated file `name`, with `...args` before the known arguments, and with empty secrets. */
export function spreadArguments(name: string, text: string): string {
  // Counted by other patterns than those of the change, so that an unexpected form fails here.
  const expected = {
    calls: countMatches(text, /\bruntime\.invoke\w*\(/g),
    resources: countMatches(text, /\bextends pulumi\.CustomResource\b/g),
    providers: countMatches(text, /\bextends pulumi\.ProviderResource\b/g),
    secrets: countMatches(text, /\bpulumi\.secret\(/g),
  };
  const found = {
    calls: countMatches(text, CALL),
    resources: countMatches(text, RESOURCE),
    providers: countMatches(text, PROVIDER),
    secrets: countMatches(text, SECRET),
  };
  const differs = Object.keys(expected).some((key) => found[key as "calls"] !== expected[key as "calls"]);
  if (differs) {
    const counts = `${JSON.stringify(found)} of ${JSON.stringify(expected)}`;
    throw new Error(
      `${name}: found ${counts} places that pass arguments on. Adapt tools/sdk/sdkArguments.ts to the generator.`,
    );
  }
  // An empty setting of a provider counts as none.
  const full =
    found.resources === 0
      ? text
      : text.replace(SECRET, "$1args?.$2 == null ? undefined : pulumi.secret(args.$2);");
  return full
    .replace(CALL, "$1$2...args,\n$2")
    .replace(RESOURCE, "$1$2resourceInputs = { ...args };\n$2")
    .replace(PROVIDER, "$1$2resourceInputs = { ...args };\n$2");
}

function countMatches(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
