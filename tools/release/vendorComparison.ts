import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { extract } from "tar";
import { isWindows, type Platform } from "./platforms";
import { pinnedDigest, RUNTIME_VERSION } from "./runtimes";

/** Where Node.js is published, with a list of checksums for each version. */
export const VENDOR_SITE = "https://nodejs.org/dist";

const LISTING_MS = 10_000;
const DOWNLOAD_MS = 300_000;

/** What a comparison needs from outside. */
export interface VendorOptions {
  /** @default {@link VENDOR_SITE} */
  readonly site?: string;
  /** The digest that the program must have. @default the one that is pinned for the platform */
  readonly digest?: string;
  /** An existing folder for temporary files. */
  readonly scratch: string;
}

/**
 * Compares the pinned program of a platform, which third parties repack, with what the vendor publishes: with the
 * checksum of the program itself for Windows, else with the program in the vendor's archive, whose checksum is published. The
 * list of checksums is trusted because it comes from the vendor's site over TLS; its signature is not checked.
 *
 * @returns whether the vendor's site could be reached
 * @throws if the program is not the vendor's
 */
export async function compareWithVendor(platform: Platform, options: VendorOptions): Promise<boolean> {
  const { site = VENDOR_SITE, digest = pinnedDigest(platform), scratch } = options;
  const base = `${site}/v${RUNTIME_VERSION}`;
  const listing = await reach(`${base}/SHASUMS256.txt`);
  if (listing === undefined) return false;
  const checksums = parseChecksums(listing.toString());
  const name = vendorFile(platform);
  const published = checksums.get(name);
  if (published === undefined) throw new Error(`the vendor of Node.js lists no checksum of ${name}`);
  const found = isWindows(platform) ? published : await digestInArchive({ base, name, published, scratch });
  if (found === digest) return true;
  throw new Error(
    `Node.js for ${platform} is not the vendor's: its SHA-256 is ${digest}, the vendor's is ${found}`,
  );
}

function vendorFile(platform: Platform): string {
  const [system = "", processor] = platform.split("-");
  const architecture = processor === "amd64" ? "x64" : "arm64";
  if (isWindows(platform)) return `win-${architecture}/node.exe`;
  return `node-v${RUNTIME_VERSION}-${system}-${architecture}.tar.gz`;
}

function parseChecksums(text: string): Map<string, string> {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  return new Map(lines.map(([checksum = "", name = ""]) => [name, checksum]));
}

/** The digest of `bin/node` in the vendor's archive. */
async function digestInArchive(options: {
  readonly base: string;
  readonly name: string;
  readonly published: string;
  readonly scratch: string;
}): Promise<string> {
  const { base, name, published, scratch } = options;
  const archive = await download(`${base}/${name}`, DOWNLOAD_MS);
  if (sha256(archive) !== published)
    throw new Error(`the vendor's ${name} does not have the checksum that it lists`);
  const folder = fs.mkdtempSync(path.join(scratch, "vendor-"));
  const file = path.join(folder, name);
  fs.writeFileSync(file, archive);
  await extract({ cwd: folder, file, strip: 1, filter: (each) => each.endsWith("/bin/node") });
  const digest = sha256(fs.readFileSync(path.join(folder, "bin", "node")));
  fs.rmSync(folder, { recursive: true });
  return digest;
}

/** Downloads a file, or gives nothing if its site cannot be reached. */
async function reach(url: string): Promise<Buffer | undefined> {
  try {
    return await download(url, LISTING_MS);
  } catch (error) {
    // What fetch throws for a connection that fails, and for one that takes too long.
    if (error instanceof TypeError || (error instanceof Error && error.name === "TimeoutError"))
      return undefined;
    throw error;
  }
}

async function download(url: string, timeoutMs: number): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok)
    throw new Error(`the vendor of Node.js answered ${response.status} for ${path.basename(url)}`);
  return Buffer.from(await response.arrayBuffer());
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
