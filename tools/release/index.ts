/**
 * `npm run release -- --repository OWNER/NAME` makes all files of a release of the last commit:
 *
 *   --repository OWNER/NAME   the GitHub repository that is stamped in, and that the plugin is downloaded from
 *   --out FOLDER              an empty or new folder for the files; `release` if missing
 *   --platforms NAME,NAME     those to make plugin archives for; all if missing
 *   --tag vX.Y.Z              fail unless this is the tag of the version, and the changelog has its section
 *   --require-vendor          fail if the programs of Node.js cannot be compared with the vendor's
 */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { checkCheckout } from "./checkoutState";
import { PLATFORMS, type Platform } from "./platforms";
import { makeRelease } from "./release";
import { committedSource } from "./source";
import { parseRepository } from "./stamp";
import { compareWithVendor } from "./vendorComparison";

/** What the command line asks for. */
export interface ReleaseArguments {
  readonly repository: string;
  readonly out: string;
  readonly platforms: readonly Platform[];
  readonly tag: string | undefined;
  readonly needsVendor: boolean;
}

/**
 * Reads the command line.
 *
 * @throws if something is missing or wrong, with what is right
 */
export function parseReleaseArguments(args: readonly string[]): ReleaseArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repository: { type: "string" },
      out: { type: "string", default: "release" },
      platforms: { type: "string", default: PLATFORMS.join(",") },
      tag: { type: "string" },
      "require-vendor": { type: "boolean", default: false },
    },
  });
  if (values.repository === undefined) {
    throw new Error(
      "--repository OWNER/NAME is missing: the GitHub repository that the release will be downloaded from",
    );
  }
  return {
    repository: parseRepository(values.repository),
    out: path.resolve(values.out),
    platforms: values.platforms.split(",").map(parsePlatform),
    tag: values.tag,
    needsVendor: values["require-vendor"],
  };
}

function parsePlatform(text: string): Platform {
  const platform = PLATFORMS.find((each) => each === text);
  if (platform !== undefined) return platform;
  throw new Error(`--platforms must be of ${PLATFORMS.join(",")}, and not ${JSON.stringify(text)}`);
}

async function run(args: readonly string[]): Promise<void> {
  const { out, ...asked } = parseReleaseArguments(args);
  const root = path.dirname(path.dirname(__dirname));
  if (fs.existsSync(out) && fs.readdirSync(out).length > 0) throw new Error(`${out} is not empty`);
  await checkCheckout(root);
  fs.mkdirSync(out, { recursive: true });
  const cache = path.join(root, ".cache");
  const log = (line: string): void => console.error(line);
  await makeRelease({
    source: await committedSource(root),
    ...asked,
    cache,
    out,
    log,
    compare: compareWithVendor,
  });
}

if (require.main === module) {
  run(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
