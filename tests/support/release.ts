/** The files of a release, as users get them: made from this checkout, and stamped with a repository. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { hasCode } from "../../tools/childProcess";
import { PLATFORMS, type Platform } from "../../tools/release/platforms";
import { pluginArchiveName } from "../../tools/release/pluginArchive";
import { packRelease, prepareSource, type PreparedSource } from "../../tools/release/release";
import { currentSource, identifyParts, type Source } from "../../tools/release/source";
import { cacheRoot, repositoryRoot } from "../../tools/repository";
import { leaveOut } from "./leftOut";

/** The repository with which the files are stamped. Nothing asks it: tests answer in its place. */
export const RELEASE_REPOSITORY = "acme-example/pulumi-ucloud-redis";

/** What of the source a release depends on. `bin` and `dist` are built anew. */
const PARTS = [
  ...["bin", "docs", "provider", "sdk", "simulator", "tools"].map((folder) => `${folder}/`),
  ...["CHANGELOG.md", "LICENSE", "README.md", "README.zh-CN.md", "package.json", "package-lock.json"],
  ...["tsconfig.json", "tsconfig.build.json"],
];

/** A release in the cache, with the plugin's archive for this machine's platform only. Tests only read it. */
export interface Release {
  readonly folder: string;
  readonly platform: Platform;
  readonly version: string;
  /** The package for npm. */
  readonly npmArchive: string;
  /** The plugin with Node.js in it. */
  readonly pluginArchive: string;
  /** Changes with the content. */
  readonly digest: string;
  /** The stamped source that it was made from. */
  readonly prepared: PreparedSource;
  /** The time of its files. */
  readonly date: Date;
}

/**
 * Makes the release, once for each state of what it depends on.
 *
 * @param context a test, or a suite's `before` hook, which is left out where Python or Maven is missing
 */
export async function ensureRelease(context?: Mocha.Context): Promise<Release> {
  fs.mkdirSync(cacheRoot, { recursive: true });
  const scratch = fs.mkdtempSync(path.join(cacheRoot, "release-index-"));
  try {
    return await findOrMake(await currentSource(repositoryRoot, scratch));
  } catch (error) {
    const isMissing = hasCode(error, "ENOENT") && error.message.startsWith("spawn");
    if (context === undefined || !isMissing) throw error;
    return leaveOut(context, { need: "Python and Maven", why: `${error.message}, and releases need it` });
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

async function findOrMake(current: Source): Promise<Release> {
  // With the time of the last commit, there would be another release for each commit.
  const source = { ...current, date: new Date("2026-01-01T00:00:00Z") };
  const platform = findPlatform();
  const digest = createHash("sha256")
    .update([process.version, platform, RELEASE_REPOSITORY, await identifyParts(source, PARTS)].join("\n"))
    .digest("hex")
    .slice(0, 12);
  const releases = path.join(cacheRoot, "releases");
  const home = await ensureCacheFolder({
    folder: path.join(releases, digest),
    fill: async (unfinished) => {
      removeReleases(releases);
      await make(unfinished, { source, platform });
    },
  });
  const prepared = JSON.parse(fs.readFileSync(path.join(home, "prepared.json"), "utf8")) as PreparedSource;
  const { version } = prepared;
  const folder = path.join(home, "out");
  return {
    folder,
    platform,
    version,
    npmArchive: path.join(folder, `pulumi-ucloud-redis-${version}.tgz`),
    pluginArchive: path.join(folder, pluginArchiveName(version, platform)),
    digest,
    prepared: { ...prepared, folder: path.join(home, "source") },
    date: source.date,
  };
}

async function make(
  home: string,
  { source, platform }: { readonly source: Source; readonly platform: Platform },
): Promise<void> {
  const [folder, out] = [path.join(home, "source"), path.join(home, "out")];
  for (const each of [folder, out]) fs.mkdirSync(each);
  const options = {
    source,
    repository: RELEASE_REPOSITORY,
    platforms: [platform],
    cache: cacheRoot,
    out,
    // Tests ask no other machine.
    compare: () => Promise.resolve(false),
    needsVendor: false,
    log: () => undefined,
  };
  const prepared = await prepareSource(folder, options);
  await packRelease(prepared, options);
  fs.writeFileSync(path.join(home, "prepared.json"), JSON.stringify(prepared));
}

/** Removes releases of earlier states, each of which takes 60 MB. */
function removeReleases(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (/^[0-9a-f]{12}$/.test(name)) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** This machine's platform, in Pulumi's words. */
function findPlatform(): Platform {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `${system}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const platform = PLATFORMS.find((each) => each === name);
  if (platform === undefined) throw new Error(`there are no plugin archives for ${name}`);
  return platform;
}
