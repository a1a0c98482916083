import fs from "node:fs";
import path from "node:path";
import schema from "../provider/schema.json";
import { compareTrees, readTree } from "./fileTree";
import { updateReference } from "./generateReference";
import { repositoryRoot } from "./repository";
import { writeSchemaTypes } from "./schemaTypes";
import { withGeneratedSdk } from "./sdkGenerator";

const sdkFolder = path.join(repositoryRoot, "sdk", "nodejs");
const typesFile = path.join(repositoryRoot, "provider", "schemaTypes.ts");

/** Replaces `folder` by a copy of `generated`, so that files which are no longer generated disappear. */
export function replaceFolder(generated: string, folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.cpSync(generated, folder, { recursive: true });
}

/**
 * Generates `sdk/nodejs`, `provider/schemaTypes.ts` and `docs/reference` from `provider/schema.json`, and lists every
 * file that changed. With `--check` it writes nothing.
 *
 * @returns the exit code: 1 if it is a check and a file differs
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
  differences.push(...updateReference({ isCheck }));
  for (const line of differences) console.log(line);
  if (isCheck && differences.length > 0) {
    console.error("the generated code does not match provider/schema.json: run `npm run generate`");
    return 1;
  }
  console.log(
    differences.length === 0 ? "the generated code is up to date" : "the generated code was written",
  );
  return 0;
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
