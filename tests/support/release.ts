/** The files of a release, as users get them: made from this checkout, and stamped with a repository. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import packageJson from "../../package.json";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { digestFiles } from "../../tools/fileTree";
import { PLATFORMS, type Platform } from "../../tools/release/platforms";
import { pluginArchiveName } from "../../tools/release/pluginArchive";
import { makeRelease } from "../../tools/release/release";
import { currentSource } from "../../tools/release/source";
import { cacheRoot, repositoryRoot } from "../../tools/repository";

/** The repository with which the files are stamped. Nothing asks it: tests answer in its place. */
export const RELEASE_REPOSITORY = "acme-example/pulumi-ucloud-redis";

/** Everything that the files depend on. `bin` and `dist` are built anew. */
const INPUTS = [
  ...["provider", "sdk", "simulator", "tools", "bin/startPlugin.cjs", "bin/pulumi-resource-ucloud-redis"],
  ...["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"],
  ...["README.md", "CHANGELOG.md", "LICENSE"],
];

/** A release, of which the plugin's archive is only made for this machine's platform. */
export interface Release {
  readonly folder: string;
  readonly platform: Platform;
  /** The package for npm. */
  readonly npmArchive: string;
  /** The plugin with Node.js in it. */
  readonly pluginArchive: string;
  /** Changes with the content. */
  readonly digest: string;
}

/** Makes the release, once for each state of the checkout. */
export async function ensureRelease(): Promise<Release> {
  const platform = findPlatform();
  const digest = digestFiles(INPUTS.map((each) => path.join(repositoryRoot, each))).slice(0, 12);
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, `release-${platform}-${digest}`),
    async fill(out) {
      const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "index-"));
      try {
        const source = await currentSource(repositoryRoot, scratch);
        const options = { repository: RELEASE_REPOSITORY, platforms: [platform], cache: cacheRoot, out };
        await makeRelease({ source, ...options, needsVendor: false, log: () => undefined });
      } finally {
        fs.rmSync(scratch, { recursive: true });
      }
    },
  });
  const { name, version } = packageJson;
  return {
    folder,
    platform,
    npmArchive: path.join(folder, `${name}-${version}.tgz`),
    pluginArchive: path.join(folder, pluginArchiveName(version, platform)),
    digest,
  };
}

/** This machine's platform, in Pulumi's words. */
function findPlatform(): Platform {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `${system}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const platform = PLATFORMS.find((each) => each === name);
  if (platform === undefined) throw new Error(`there are no plugin archives for ${name}`);
  return platform;
}
