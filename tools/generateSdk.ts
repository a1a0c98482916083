import fs from "node:fs";
import path from "node:path";
import { compareTrees, readTree } from "./fileTree";
import { repositoryRoot } from "./repository";
import { withGeneratedSdk } from "./sdkGenerator";

const sdkFolder = path.join(repositoryRoot, "sdk", "nodejs");

/** Replaces `folder` by what `generated` holds; a file the generator no longer writes goes. */
export function replaceFolder(generated: string, folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.cpSync(generated, folder, { recursive: true });
}

/**
 * Generates `sdk/nodejs` from `provider/schema.json`; with `--check` only compares, and lists every file that differs.
 * @returns the exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  const isCheck = args.includes("--check");
  const differences = await withGeneratedSdk((generated) => {
    const found = compareTrees(readTree(generated), readTree(sdkFolder));
    if (!isCheck && found.length > 0) replaceFolder(generated, sdkFolder);
    return found;
  });
  for (const line of differences) console.log(`${line} (sdk/nodejs)`);
  if (!isCheck || differences.length === 0) {
    console.log(differences.length === 0 ? "sdk/nodejs is up to date" : "sdk/nodejs was written");
    return 0;
  }
  console.error("sdk/nodejs is not what the generator makes of provider/schema.json: run `npm run generate`");
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
