import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runCommand } from "../childProcess";
import { makeNpmArchive } from "./npmArchive";
import { type Platform } from "./platforms";
import { makePluginArchive } from "./pluginArchive";
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
  readonly log: (line: string) => void;
}

/** Makes all files of a release, in a copy of the source that is removed afterwards. The same options give the same bytes. */
export async function makeRelease(options: ReleaseOptions): Promise<void> {
  const { repository, platforms, cache, out, log } = options;
  const { date } = options.source;
  const scratch = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "release-"));
  try {
    const source = path.join(scratch, "source");
    fs.mkdirSync(source);
    await exportSource(options.source, source);
    stampRepository(source, repository);
    const version = readVersion(source);
    log(`generating the SDKs, with the plugin's address at ${repository}`);
    await runTool(source, "generateSdk.ts");
    log("building");
    await runTool(source, "build.ts");
    log("packing for npm");
    await makeNpmArchive({ source, date, scratch, out });
    for (const platform of platforms) {
      log(`packing the plugin for ${platform}`);
      await makePluginArchive({ source, platform, version, date, cache, scratch, out });
    }
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function readVersion(source: string): string {
  const manifest = JSON.parse(fs.readFileSync(path.join(source, "package.json"), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

/** Runs a tool of the copy, in the copy. */
async function runTool(source: string, name: string): Promise<void> {
  const args = ["-r", "ts-node/register", path.join("tools", name)];
  const { code, stdout, stderr } = await runCommand(process.execPath, args, { cwd: source });
  if (code !== 0) throw new Error(`tools/${name} failed in the copy:\n${stdout}\n${stderr}`);
}
