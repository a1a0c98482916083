import fs from "node:fs";
import path from "node:path";
import schema from "../../provider/schema.json";
import { compareTrees, readTree } from "../fileTree";
import { updateReference } from "../reference/generateReference";
import { repositoryRoot } from "../repository";
import { writeSchemaTypes } from "./schemaTypes";
import { readSdk, sdkFolders } from "./sdkFolders";
import { withGeneratedSdks } from "./sdkGenerator";

const typesFile = path.join(repositoryRoot, "provider", "schemaTypes.ts");

/** The differences between a generated SDK and its folder, without the files that are written by hand. */
export function compareSdk(generated: string, folder: string, written: readonly string[]): string[] {
  return compareTrees(readTree(generated), readSdk(folder, written));
}

/** Makes `folder` a copy of `generated`, without files that are no longer generated. Keeps those in `written`. */
export function replaceSdk(generated: string, folder: string, written: readonly string[]): void {
  for (const name of readSdk(folder, written).keys()) fs.rmSync(path.join(folder, name));
  fs.cpSync(generated, folder, { recursive: true });
}

/**
 * Generates the SDKs, `provider/schemaTypes.ts` and `docs/reference` from `provider/schema.json`, and lists every
 * file that changed. With `--check` it writes nothing.
 *
 * @returns the exit code: 1 if it is a check and a file differs
 */
export async function main(args: readonly string[]): Promise<number> {
  const isCheck = args.includes("--check");
  const differences = await withGeneratedSdks((root) =>
    sdkFolders.flatMap(({ language, folder, written }) => {
      const [generated, committed] = [path.join(root, language), path.join(repositoryRoot, folder)];
      const found = compareSdk(generated, committed, written);
      if (!isCheck && found.length > 0) replaceSdk(generated, committed, written);
      return found.map((line) => `${line} (${folder})`);
    }),
  );
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
