import fs from "node:fs";
import path from "node:path";
import schema from "../provider/schema.json";
import { ensureCacheFolder } from "./cacheFolder";
import { runCommand } from "./childProcess";
import { digestFiles } from "./fileTree";
import { buildGoPrograms, goDigest, programSuffix, toolsModule } from "./goBuild";
import { cacheRoot, repositoryRoot } from "./repository";
import { passUnknownArguments } from "./sdkArguments";
import { keepSecretResults } from "./sdkSecrets";

/** The schema, from which everything else is generated. */
export const schemaFile = path.join(repositoryRoot, "provider", "schema.json");

/**
 * Runs tools/sdkgen. Builds it first, unless the cache has a build of the same sources.
 *
 * @throws with everything that the program found wrong
 */
export async function runSdkgen(args: readonly string[]): Promise<void> {
  const digest = goDigest(toolsModule, digestFiles([path.join(toolsModule, "sdkgen")]));
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, "sdkgen", digest),
    fill: (unfinished) => {
      console.error("building the SDK generator, once");
      return buildGoPrograms({
        packages: ["./sdkgen"],
        folder: unfinished,
        title: "building the SDK generator",
        log: (line) => console.error(line),
      });
    },
    onWait: () => console.error("waiting for another process that is building the SDK generator"),
  });
  const { code, stderr } = await runCommand(path.join(folder, `sdkgen${programSuffix}`), args);
  if (code !== 0) throw new Error(stderr);
}

/**
 * Generates the Node.js SDK into a new folder below `.cache`, calls `use` with the folder, and removes it.
 *
 * The SDK is not a package by itself, as the repository's root is the package. So some of the generator's
 * files are left out: the README, Git's files, and tsconfig.json, which editors would apply to the SDK's
 * files. package.json stays, because `getVersion()` reads it, but without its block `pulumi`: for each such
 * block below `node_modules`, Pulumi asks the internet for a plugin.
 */
export async function withGeneratedSdk<T>(use: (folder: string) => T): Promise<T> {
  fs.mkdirSync(cacheRoot, { recursive: true });
  const folder = fs.mkdtempSync(path.join(cacheRoot, "generated-"));
  try {
    await runSdkgen([schemaFile, folder]);
    for (const name of ["README.md", "tsconfig.json", ".gitignore", ".gitattributes"]) {
      fs.rmSync(path.join(folder, name), { force: true });
    }
    passUnknownArguments(folder);
    keepSecretResults(folder, schema);
    const packageFile = path.join(folder, "package.json");
    const content = JSON.parse(fs.readFileSync(packageFile, "utf8")) as Record<string, unknown>;
    delete content["pulumi"];
    fs.writeFileSync(packageFile, `${JSON.stringify(content, undefined, 4)}\n`);
    return use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
