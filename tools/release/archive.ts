import fs from "node:fs";
import { gzipSync } from "node:zlib";
import { create } from "tar";
import { readTree } from "../fileTree";

const PORTABLE_OS = 255;
const OS_BYTE = 9;

/** What goes into an archive. */
export interface ArchiveOptions {
  /** The folder whose files are packed. */
  readonly folder: string;
  /** Where they are in the archive. @default at its root */
  readonly prefix?: string;
  /** The time of each file. */
  readonly date: Date;
}

/**
 * Packs a folder as a tar archive. The bytes depend on paths, contents and executable bits of the files and on the date only:
 * entries are sorted, without folders, owners and other modes than 644 and 755.
 */
export async function packFiles({ folder, prefix, date }: ArchiveOptions): Promise<Buffer> {
  const files = [...readTree(folder).keys()];
  const chunks: Buffer[] = [];
  const pack = create(
    {
      cwd: folder,
      portable: true,
      mtime: date,
      ...(prefix === undefined ? {} : { prefix }),
      strict: true,
      onWriteEntry: (entry) => {
        if (entry.stat !== undefined) entry.stat.mode = (entry.stat.mode & 0o111) === 0 ? 0o644 : 0o755;
      },
    },
    files,
  );
  for await (const chunk of pack) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Writes what {@link packFiles} packs, compressed by Node.js. So the bytes may differ between its versions and between
 * processors.
 */
export async function writeArchive(file: string, options: ArchiveOptions): Promise<void> {
  const archive = gzipSync(await packFiles(options), { level: 6 });
  // Node.js writes the system that it runs on.
  archive[OS_BYTE] = PORTABLE_OS;
  fs.writeFileSync(file, archive);
}
