import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { extract } from "tar";
import { ensureCacheFolder } from "../cacheFolder";
import { checkBinaryFormat } from "./binaryFormat";
import { runNpm } from "./npm";
import { nodeFile, type Platform } from "./platforms";
import pinned from "./pinnedRuntimes.json";

/** The version of Node.js in all plugin archives. */
export const RUNTIME_VERSION = pinned.version;

/** A platform's Node.js, on this machine. */
export interface Runtime {
  /** The program. */
  readonly file: string;
  /** The licence of Node.js and of what it contains; missing from the packages for Windows. */
  readonly licence: string | undefined;
}

/** The digest of a platform's program that pinnedRuntimes.json names. */
export function pinnedDigest(platform: Platform): string {
  return pinned.runtimes[platform].sha256;
}

/**
 * A platform's Node.js, from the npm package that repacks it. It is kept in `cache`, under its integrity.
 *
 * @throws if the package or the program is not the one that pinnedRuntimes.json names
 */
export async function fetchRuntime(platform: Platform, cache: string): Promise<Runtime> {
  const { integrity } = pinned.runtimes[platform];
  const name = createHash("sha256").update(integrity).digest("hex").slice(0, 16);
  const folder = await ensureCacheFolder({
    folder: path.join(cache, "runtimes", `${platform}-${name}`),
    fill: (unfinished) => download(platform, unfinished),
  });
  const file = path.join(folder, "bin", nodeFile(platform));
  const program = fs.readFileSync(file);
  checkDigest(platform, program);
  checkBinaryFormat(platform, program);
  const licence = path.join(folder, "LICENSE");
  return { file, licence: fs.existsSync(licence) ? licence : undefined };
}

async function download(platform: Platform, folder: string): Promise<void> {
  const { package: name, integrity } = pinned.runtimes[platform];
  const spec = `${name}@${pinned.version}`;
  await runNpm(["pack", spec, "--ignore-scripts", "--pack-destination", folder], { cwd: folder });
  const archive = path.join(folder, `${name}-${pinned.version}.tgz`);
  checkIntegrity(spec, { bytes: fs.readFileSync(archive), integrity });
  const kept = new Set([`package/bin/${nodeFile(platform)}`, "package/LICENSE"]);
  await extract({ cwd: folder, file: archive, strip: 1, filter: (each) => kept.has(each) });
  fs.rmSync(archive);
}

/** @throws unless these bytes have the integrity that pinnedRuntimes.json names */
export function checkIntegrity(
  spec: string,
  { bytes, integrity }: { readonly bytes: Uint8Array; readonly integrity: string },
): void {
  const found = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  if (found === integrity) return;
  throw new Error(
    `${spec} is not the package that tools/release/pinnedRuntimes.json names: its integrity is ${found}`,
  );
}

/** @throws unless these bytes are the program that pinnedRuntimes.json names */
export function checkDigest(platform: Platform, bytes: Uint8Array): void {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found === pinnedDigest(platform)) return;
  throw new Error(
    `Node.js for ${platform} is not the program that tools/release/pinnedRuntimes.json names: its SHA-256 is ${found}`,
  );
}
