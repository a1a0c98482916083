import fs from "node:fs";
import path from "node:path";
import schema from "../provider/schema.json";
import { compareTrees, readTree } from "./fileTree";
import { repositoryRoot } from "./repository";
import { writeSchemaTypes } from "./schemaTypes";
import { withGeneratedSdk } from "./sdkGenerator";

const sdkFolder = path.join(repositoryRoot, "sdk", "nodejs");
const typesFile = path.join(repositoryRoot, "provider", "schemaTypes.ts");

/** Replaces `folder` by what `generated` holds; a file the generator no longer writes goes. */
export function replaceFolder(generated: string, folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.cpSync(generated, folder, { recursive: true });
}

/**
 * Generates `sdk/nodejs` and `provider/schemaTypes.ts` from `provider/schema.json`; with `--check` only compares, and
 * lists every file that differs.
 * @returns the exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  const isCheck = args.includes("--check");
  const differences = await withGeneratedSdk((generated) => {
    const found = compareTrees(readTree(generated), readTree(sdkFolder));
    if (!isCheck && found.length > 0) replaceFolder(generated, sdkFolder);
    return found.map((line) => `${line} (sdk/nodejs)`);
  });
  const types = await writeSchemaTypes(schema, typesFile);
  if (!fs.existsSync(typesFile) || fs.readFileSync(typesFile, "utf8") !== types) {
    if (!isCheck) fs.writeFileSync(typesFile, types);
    differences.push("provider/schemaTypes.ts");
  }
  for (const line of differences) console.log(line);
  if (!isCheck || differences.length === 0) {
    console.log(
      differences.length === 0 ? "the generated code is up to date" : "the generated code was written",
    );
    return 0;
  }
  console.error("the generated code is not what provider/schema.json makes: run `npm run generate`");
  return 1;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
