import fs from "node:fs";
import path from "node:path";
import { PLUGIN_FILES } from "../build";
import { writeArchive } from "./archive";
import { isWindows, nodeFile, type Platform } from "./platforms";
import { fetchRuntime, RUNTIME_VERSION } from "./runtimes";
import type { PackageOptions } from "./packageOptions";

/** The name under which the Pulumi CLI downloads a platform's plugin. */
export function pluginArchiveName(version: string, platform: Platform): string {
  return `pulumi-resource-ucloud-redis-v${version}-${platform}.tar.gz`;
}

/** Makes the plugin archive of a platform. */
export async function makePluginArchive(platform: Platform, options: PackageOptions): Promise<void> {
  const { version, date, out } = options;
  const folder = await stagePlugin(platform, options);
  await writeArchive(path.join(out, pluginArchiveName(version, platform)), { folder, date });
  fs.rmSync(folder, { recursive: true });
}

/**
 * Collects what goes into the plugin archive of a platform: the launcher, the bundles, and Node.js beside them, with all
 * licences.
 *
 * @returns the folder with the files
 */
export async function stagePlugin(
  platform: Platform,
  { source, cache, scratch }: PackageOptions,
): Promise<string> {
  const folder = fs.mkdtempSync(path.join(scratch, "plugin-"));
  const copy = (from: string, to: string, mode = 0o644): void => {
    fs.copyFileSync(from, path.join(folder, to));
    fs.chmodSync(path.join(folder, to), mode);
  };
  const launcher = `pulumi-resource-ucloud-redis${isWindows(platform) ? ".cmd" : ""}`;
  copy(path.join(source, "bin", launcher), launcher, 0o755);
  for (const name of PLUGIN_FILES) copy(path.join(source, "bin", name), name);
  copy(path.join(source, "LICENSE"), "LICENSE");
  const runtime = await fetchRuntime(platform, cache);
  copy(runtime.file, nodeFile(platform), 0o755);
  // The packages for Windows hold the program only. The text is the same for all platforms.
  const licence = runtime.licence ?? (await fetchRuntime("linux-amd64", cache)).licence;
  if (licence === undefined) throw new Error(`the packages of Node.js ${RUNTIME_VERSION} hold no licence`);
  copy(licence, "LICENSE.nodejs");
  return folder;
}
