/** A release of the checkout as it is, for tests of what users install. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { hasCode } from "../../tools/childProcess";
import { pluginArchiveName } from "../../tools/release/pluginArchive";
import { packRelease, prepareSource, type PreparedSource } from "../../tools/release/release";
import { currentSource, identifyParts } from "../../tools/release/source";
import { cacheRoot, repositoryRoot } from "../../tools/repository";
import { leaveOut } from "./leftOut";

/** The repository that is stamped into the tests' release. Nothing is ever downloaded from it. */
export const TEST_REPOSITORY = "example-owner/example-name";

/** The platform of the only plugin archive in it. */
export const TEST_PLATFORM = "linux-amd64";

/** What of the source a release depends on. */
const PARTS = [
  ...["bin", "docs", "provider", "sdk", "simulator", "tools"].map((folder) => `${folder}/`),
  ...["CHANGELOG.md", "LICENSE", "README.md", "package.json", "package-lock.json"],
  ...["tsconfig.json", "tsconfig.build.json"],
];

/** A release, in the cache. Tests only read it. */
export interface TestRelease {
  /** The folder with the files of the release. */
  readonly folder: string;
  readonly version: string;
  /** The plugin archive for {@link TEST_PLATFORM}. */
  readonly plugin: string;
  /** The npm package. */
  readonly npm: string;
  /** The stamped source that it was made from, in the cache. */
  readonly prepared: PreparedSource;
  readonly date: Date;
}

/**
 * Makes a release of the checkout for one platform, once for each state of what it is made from. Leaves out the test, or in a
 * `before` hook the suite, where Python or Maven is missing.
 */
export async function makeTestRelease(context: Mocha.Context): Promise<TestRelease> {
  const scratch = fs.mkdtempSync(path.join(fs.realpathSync(cacheRoot), "release-index-"));
  try {
    return await ensureRelease(scratch);
  } catch (error) {
    if (!hasCode(error, "ENOENT") || !/^spawn/.test(error.message)) throw error;
    return leaveOut(context, { need: "Python and Maven", why: `${error.message}, and releases need it` });
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

async function ensureRelease(scratch: string): Promise<TestRelease> {
  const source = await currentSource(repositoryRoot, scratch);
  // The time of the last commit would make a release for each commit, however small.
  const date = new Date("2026-01-01T00:00:00Z");
  const digest = createHash("sha256")
    .update([process.version, await identifyParts(source, PARTS)].join("\n"))
    .digest("hex");
  const releases = path.join(cacheRoot, "releases");
  const home = await ensureCacheFolder({
    folder: path.join(releases, digest.slice(0, 16)),
    fill: async (unfinished) => {
      removeReleases(releases);
      const [folder, out] = ["source", "out"].map((name) => path.join(unfinished, name)) as [string, string];
      for (const each of [folder, out]) fs.mkdirSync(each);
      const options = {
        source: { ...source, date },
        repository: TEST_REPOSITORY,
        platforms: [TEST_PLATFORM] as const,
        cache: cacheRoot,
        out,
        compare: () => Promise.resolve(false),
        needsVendor: false,
        log: () => undefined,
      };
      const prepared = await prepareSource(folder, options);
      await packRelease(prepared, options);
      fs.writeFileSync(path.join(unfinished, "prepared.json"), JSON.stringify(prepared));
    },
  });
  const prepared = JSON.parse(fs.readFileSync(path.join(home, "prepared.json"), "utf8")) as PreparedSource;
  const { version } = prepared;
  const folder = path.join(home, "out");
  return {
    folder,
    version,
    plugin: path.join(folder, pluginArchiveName(version, TEST_PLATFORM)),
    npm: path.join(folder, `pulumi-ucloud-redis-${version}.tgz`),
    prepared: { ...prepared, folder: path.join(home, "source") },
    date,
  };
}

/** Removes releases of earlier states, each of which takes 50 MB. */
function removeReleases(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (/^[0-9a-f]{16}$/.test(name)) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
