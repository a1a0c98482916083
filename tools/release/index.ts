/** `npm run release -- --repository OWNER/NAME` makes all files of a release of the last commit. */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { PLATFORMS, type Platform } from "./platforms";
import { makeRelease } from "./release";
import { committedSource, hasChanges } from "./source";
import { parseRepository } from "./stamp";

/** What the command line asks for. */
export interface ReleaseArguments {
  readonly repository: string;
  readonly out: string;
  readonly platforms: readonly Platform[];
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
    },
  });
  if (values.repository === undefined) {
    throw new Error(
      "--repository OWNER/NAME is missing: the GitHub repository that the release will be downloaded from",
    );
  }
  const repository = parseRepository(values.repository);
  return {
    repository,
    out: path.resolve(values.out),
    platforms: values.platforms.split(",").map(parsePlatform),
  };
}

function parsePlatform(text: string): Platform {
  const platform = PLATFORMS.find((each) => each === text);
  if (platform !== undefined) return platform;
  throw new Error(`--platforms must be of ${PLATFORMS.join(",")}, and not ${JSON.stringify(text)}`);
}

async function run(args: readonly string[]): Promise<void> {
  const { repository, out, platforms } = parseReleaseArguments(args);
  const root = path.dirname(path.dirname(__dirname));
  if (fs.existsSync(out) && fs.readdirSync(out).length > 0) throw new Error(`${out} is not empty`);
  if (await hasChanges(root)) console.error("Changes that are not committed are not in the release.");
  fs.mkdirSync(out, { recursive: true });
  const cache = path.join(root, ".cache");
  const log = (line: string): void => console.error(line);
  await makeRelease({ source: await committedSource(root), repository, platforms, cache, out, log });
}

if (require.main === module) {
  run(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
