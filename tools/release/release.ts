import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { compareVersions } from "../sdk/checkSchema";
import { runCommand } from "../childProcess";
import { readTree } from "../fileTree";
import { createBill } from "./bill";
import { CHECKSUMS, listChecksums, NOTES } from "./checksums";
import { makeJavaPackages } from "./javaPackages";
import { makeNpmArchive } from "./npmArchive";
import { type Platform } from "./platforms";
import { makePythonPackages } from "./pythonPackages";
import { makePluginArchive } from "./pluginArchive";
import { readChanges, writeReleaseNotes } from "./releaseNotes";
import { addLicences, makeSourceArchives } from "./sourceArchives";
import { exportSource, type Source } from "./source";
import { stampRepository } from "./stamp";

/** What a release is made of, and where. */
export interface ReleaseOptions {
  readonly source: Source;
  /** `OWNER/NAME`, which is stamped in. */
  readonly repository: string;
  readonly platforms: readonly Platform[];
  /** Where downloads are kept. */
  readonly cache: string;
  /** An empty folder for the files of the release. */
  readonly out: string;
  /** The tag of the release, such as `v1.2.3`. @default there is none, and the changelog needs no section of the version */
  readonly tag?: string | undefined;
  /** Compares a platform's Node.js with the vendor's, and tells whether the vendor's site could be reached. */
  readonly compare: (platform: Platform, options: { readonly scratch: string }) => Promise<boolean>;
  /** Whether to fail if it cannot. */
  readonly needsVendor: boolean;
  readonly log: (line: string) => void;
}

/** A stamped copy of the source, with generated SDKs and the built package. */
export interface PreparedSource {
  readonly folder: string;
  readonly version: string;
  /** What the changelog says of the version. */
  readonly changes: string;
}

/**
 * Makes all files of a release, in a copy of the source that is removed afterwards. The same options give the same bytes, on
 * the same versions of Node.js, Python and the JDK.
 *
 * @throws if the source is not fit for a release, or something cannot be made or compared
 */
export async function makeRelease(options: ReleaseOptions): Promise<void> {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "release-"));
  try {
    await packRelease(await prepareSource(folder, options), options);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies a source into an empty folder, stamps the repository in, generates the SDKs with it, and builds. */
export async function prepareSource(
  folder: string,
  options: Pick<ReleaseOptions, "source" | "repository" | "tag" | "log">,
): Promise<PreparedSource> {
  const { source, repository, tag, log } = options;
  await exportSource(source, folder);
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as {
    version: string;
  };
  const changes = checkSource(folder, { version, tag });
  stampRepository(folder, repository);
  log(`generating the SDKs, with the plugin's address at ${repository}`);
  await runTool(folder, "sdk/generateSdk.ts");
  log("building");
  await runTool(folder, "build.ts");
  addLicences(folder);
  return { folder, version, changes };
}

/** Makes the files of a release from a prepared source. */
export async function packRelease(
  { folder, version, changes }: PreparedSource,
  options: ReleaseOptions,
): Promise<void> {
  const { platforms, cache, out, log } = options;
  const { date } = options.source;
  const scratch = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "release-"));
  const packages = { source: folder, version, date, cache, scratch, out };
  try {
    log("packing for npm");
    await makeNpmArchive(packages);
    log("packing the SDKs for Python, Java, Go and .NET");
    await makePythonPackages(packages);
    await makeJavaPackages(packages);
    await makeSourceArchives(packages);
    for (const platform of platforms) {
      log(`packing the plugin for ${platform}`);
      await makePluginArchive(platform, packages);
    }
    const isCompared = await compareRuntimes(options, scratch);
    const bill = await createBill({ source: folder, platforms, date, scratch });
    fs.writeFileSync(path.join(out, `pulumi-ucloud-redis-${version}.cdx.json`), bill);
    for (const file of ["LICENSE", "bin/THIRD_PARTY_NOTICES", "provider/schema.json"]) {
      fs.copyFileSync(path.join(folder, file), path.join(out, path.basename(file)));
    }
    fs.writeFileSync(path.join(out, NOTES), writeReleaseNotes({ changes, platforms, isCompared }));
    fs.writeFileSync(path.join(out, CHECKSUMS), listChecksums(out));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Checks that the tag, package.json and the schema name the same version, and that a tagged version can be published.
 *
 * @returns the changes of the version
 */
export function checkSource(
  source: string,
  { version, tag }: { readonly version: string; readonly tag: string | undefined },
): string {
  const read = (...parts: string[]): string => fs.readFileSync(path.join(source, ...parts), "utf8");
  const [problem] = compareVersions(read("provider", "schema.json"), read("package.json"));
  if (problem !== undefined) throw new Error(problem);
  if (tag !== undefined && tag !== `v${version}`) {
    throw new Error(`the tag ${tag} is not that of version ${version} in package.json, which is v${version}`);
  }
  if (tag !== undefined) checkTagged(source, version);
  return readChanges(read("CHANGELOG.md"), { version, isTagged: tag !== undefined });
}

/** What is true only until the first release. */
const UNPUBLISHED =
  /\bnothing\s+is\s+published\b|\buntil\s+[^.:;]{1,40}?\s+(?:is|are)\s+published\b|尚未发布|还没有发布/i;

/** Checks what would be wrong once a version is published, as nothing can be taken back then. */
function checkTagged(source: string, version: string): void {
  const [, major = "", rest = ""] = /^(\d+)\.\d+\.\d+(.*)$/.exec(version) ?? [];
  if (major === "" || rest !== "") {
    throw new Error(
      `${version} is a pre-release: the workflow would publish it to npm and GitHub as the latest version`,
    );
  }
  if (Number(major) >= 2) {
    throw new Error(
      `${version} needs another path of the Go module, which must end in /v${major}; Go refuses the tag`,
    );
  }
  const pages = listPages(source).filter((each) =>
    UNPUBLISHED.test(fs.readFileSync(path.join(source, each), "utf8")),
  );
  if (pages.length === 0) return;
  throw new Error(
    `these pages say that nothing is published yet, say where it is instead: ${pages.join(", ")}`,
  );
}

/** The pages that a release publishes, or to which its packages lead. */
function listPages(source: string): string[] {
  const folders = ["docs", "sdk", "examples"].filter((each) => fs.existsSync(path.join(source, each)));
  const below = folders.flatMap((folder) =>
    [...readTree(path.join(source, folder)).keys()].map((each) => `${folder}/${each}`),
  );
  return [...fs.readdirSync(source), ...below].filter(
    (each) => /^(README|docs\/|sdk\/|examples\/).*\.md$/.test(each) && !each.includes("node_modules/"),
  );
}

/** Compares all programs with the vendor's. Says so if that cannot be done. */
async function compareRuntimes(options: ReleaseOptions, scratch: string): Promise<boolean> {
  const { platforms, compare, needsVendor, log } = options;
  for (const platform of platforms) {
    if (await compare(platform, { scratch })) continue;
    const problem =
      "the programs of Node.js were NOT compared with the vendor's, whose site cannot be reached";
    if (needsVendor) throw new Error(problem);
    log(problem);
    return false;
  }
  log("the programs of Node.js are the vendor's");
  return true;
}

/** Runs a tool of the copy, in the copy. */
async function runTool(source: string, name: string): Promise<void> {
  const args = ["-r", "ts-node/register", path.join("tools", name)];
  const { code, stdout, stderr } = await runCommand(process.execPath, args, { cwd: source });
  if (code !== 0) throw new Error(`tools/${name} failed in the copy:\n${stdout}\n${stderr}`);
}
