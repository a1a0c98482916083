import fs from "node:fs";
import path from "node:path";
import schema from "../../provider/schema.json";
import { ensureCacheFolder } from "../cacheFolder";
import { runCommand } from "../childProcess";
import { digestFiles } from "../fileTree";
import { buildGoPrograms, goDigest, programSuffix, sdkgenModule } from "../toolchains/goBuild";
import { removePlainResults } from "./plainResults";
import { cacheRoot, repositoryRoot } from "../repository";
import { passUnknownArguments } from "./sdkArguments";
import { sdkFolders } from "./sdkFolders";
import { describeConstructors } from "./sdkComments";
import { keepSecretResults } from "./sdkSecrets";

/** The schema, from which everything else is generated. */
export const schemaFile = path.join(repositoryRoot, "provider", "schema.json");

/** The picture of the NuGet package: docs/logo.svg with 128 by 128 pixels, as NuGet takes no SVG. */
const logoFile = path.join(repositoryRoot, "docs", "logo.png");

/**
 * Runs tools/sdkgen. Builds it first, unless the cache has a build of the same sources.
 *
 * @throws with everything that the program found wrong
 */
export async function runSdkgen(args: readonly string[]): Promise<void> {
  const digest = goDigest(sdkgenModule, digestFiles([sdkgenModule]));
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, "sdkgen", digest),
    fill: (unfinished) => {
      console.error("building the SDK generator, once");
      return buildGoPrograms({
        module: sdkgenModule,
        packages: ["."],
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
 * Generates the SDKs of all languages into a new folder below `.cache`, calls `use` with the folder, which
 * has one folder for each {@link sdkFolders | language}, and removes it.
 */
export async function withGeneratedSdks<T>(use: (folder: string) => T): Promise<T> {
  fs.mkdirSync(cacheRoot, { recursive: true });
  const folder = fs.mkdtempSync(path.join(cacheRoot, "generated-"));
  try {
    await runSdkgen([schemaFile, logoFile, folder]);
    for (const { language, leftOut, licence } of sdkFolders) {
      for (const name of leftOut) fs.rmSync(path.join(folder, language, name));
      if (licence !== undefined) copyLicence(path.join(folder, language, licence));
    }
    removePlainResults(folder, schema);
    finishNodeSdk(path.join(folder, "nodejs"));
    return use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function copyLicence(file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.copyFileSync(path.join(repositoryRoot, "LICENSE"), file);
}

/**
 * Changes what Pulumi's generator makes for Node.js. package.json stays, because `getVersion()` reads it, but
 * without its block `pulumi`: for each such block below `node_modules`, Pulumi asks the internet for a plugin.
 */
function finishNodeSdk(folder: string): void {
  passUnknownArguments(folder);
  keepSecretResults(folder, schema);
  describeConstructors(folder);
  const packageFile = path.join(folder, "package.json");
  const content = JSON.parse(fs.readFileSync(packageFile, "utf8")) as Record<string, unknown>;
  delete content["pulumi"];
  fs.writeFileSync(packageFile, `${JSON.stringify(content, undefined, 4)}\n`);
}
