import fs from "node:fs";
import path from "node:path";
import { type SecretFunctions, findSecretFields } from "./sdkSecrets";
import type { SdkFolder } from "./sdkFolders";

/** A part of a generated file that is removed, and how often it must be there. */
interface Removal {
  readonly pattern: RegExp;
  readonly count: number;
  /** @default nothing */
  readonly replacement?: string;
}

type Language = Exclude<SdkFolder["language"], "nodejs">;

/**
 * Removes the plain variants of the functions whose results hold secrets (download links) from the generated
 * SDKs in `root`, except that for Node.js. Each language has such a variant beside the one that returns an
 * output, and none can mark its result as secret: in Python, Java and .NET the program gets plain text, which
 * is stored in the clear if it is exported or handed to a resource; in Go the call always fails for that
 * reason. The variants that return outputs keep secrets by themselves. No option of the generators does this.
 *
 * @throws if the generators' code is not as expected
 */
export function removePlainResults(root: string, schema: SecretFunctions): void {
  for (const token of findSecretFields(schema).keys()) {
    const name = token.slice(token.lastIndexOf(":") + 1);
    for (const language of ["go", "python", "dotnet", "java"] as const) {
      const file = path.join(root, language, plainFiles[language](name));
      const text = fs.readFileSync(file, "utf8");
      fs.writeFileSync(file, removePlainResult(language, name, text));
    }
    fs.rmSync(path.join(root, "java", javaSources, "inputs", `${capitalize(name)}PlainArgs.java`));
  }
}

/** The text of a generated file without the plain variant of the schema's function `name`. */
export function removePlainResult(language: Language, name: string, text: string): string {
  const removals = findRemovals(language, name);
  const found = removals.map(({ pattern }) => [...text.matchAll(pattern)].length);
  if (removals.some(({ count }, index) => count !== found[index])) {
    throw new Error(
      `${name} for ${language}: found ${found.join(", ")} places. Adapt tools/sdk/plainResults.ts to the generator.`,
    );
  }
  return removals.reduce(
    (left, { pattern, replacement = "" }) => left.replaceAll(pattern, replacement),
    text,
  );
}

const javaSources = "src/main/java/io/github/pulumiucloudredis/ucloudredis";

/** The file of a function, in the generator's folder of each language. */
const plainFiles: Readonly<Record<Language, (name: string) => string>> = {
  go: (name) => `${name}.go`,
  python: (name) => `pulumi_ucloud_redis/${toSnakeCase(name)}.py`,
  dotnet: (name) => `${capitalize(name)}.cs`,
  java: () => `${javaSources}/UcloudredisFunctions.java`,
};

/** The parts that only the plain variant needs. */
function findRemovals(language: Language, name: string): readonly Removal[] {
  const title = capitalize(name);
  const snake = toSnakeCase(name);
  switch (language) {
    case "go":
      // Its comment goes to the variant that returns an output, which has none.
      return [
        {
          pattern: new RegExp(
            `((?:^//.*\\n)+)^func ${title}\\(ctx .*\\n(?:\\t.*\\n)+\\}\\n([^]*?)(?=^func ${title}Output\\()`,
            "gm",
          ),
          count: 1,
          replacement: "$2$1",
        },
      ];
    case "python":
      return [
        { pattern: new RegExp(`^    '(?:Awaitable${title}Result|${snake})',\\n`, "gm"), count: 2 },
        { pattern: new RegExp(`^class Awaitable${title}Result\\([^]*?(?=^def ${snake}\\()`, "gm"), count: 1 },
        { pattern: new RegExp(`^def ${snake}\\([^]*?(?=^def ${snake}_output\\()`, "gm"), count: 1 },
      ];
    case "dotnet":
      return [
        {
          pattern: /(?: {8}\/\/\/.*\n)+ {8}public static Task<.*> InvokeAsync\(.*\n {12}=> .*;\n\n/g,
          count: 1,
        },
        {
          pattern: new RegExp(`\\n {4}public sealed class ${title}Args : [^]*?\\n {4}\\}\\n`, "g"),
          count: 1,
        },
      ];
    case "java":
      return [
        { pattern: new RegExp(`^import .*\\.inputs\\.${title}PlainArgs;\\n`, "gm"), count: 1 },
        {
          pattern: new RegExp(
            ` {4}/\\*\\*\\n(?: {5}\\* .*\\n)+ {5}\\*/\\n {4}public static .* ${name}Plain\\(.*\\n {8}.*\\n {4}\\}\\n`,
            "g",
          ),
          count: 2,
        },
      ];
  }
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** As Pulumi's Python generator writes names: `get_u_redis_backup_url`. */
export function toSnakeCase(name: string): string {
  return name
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
