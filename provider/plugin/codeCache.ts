/**
 * Keeps what V8 compiled, so that the next plugin answers its first lookup in two thirds of the time. It is never needed:
 * a file that is missing, of another Node.js or another build, cut, planted or unwritable costs time and nothing else.
 *
 * Why not `module.enableCompileCache`. It keeps what was compiled when a file was loaded, before any of it ran. Of a
 * bundle that is a few kilobytes, and gains nothing. Node.js 20 does not have it, a killed process writes nothing, and it
 * does not ask who owns its folder.
 *
 * Why a digest. V8 compares its version, its flags and the length of the source, and trusts the rest. It crashes on data
 * with a changed byte, and would run code that somebody put there. The digest finds changed bytes. Who could write the
 * file is checked by cacheFolder.ts.
 */

import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { isPrivateFolder, makePrivateFolder, resolveFolder } from "./cacheFolder";

/** Windows lacks two of them: `undefined` counts as 0 below. */
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const DIGEST_BYTES = 32;
/** Compiled code of a bundle takes 0.2 to 1 MB. */
const MAX_BYTES = 32 * 1024 * 1024;
/** How many files are kept, those used last: of some versions of Node.js and of the plugin, two or three each. */
const MOST_FILES = 24;
/** A file that is used is marked as used once a day. */
const MARK_MS = 24 * 60 * 60 * 1000;
const FILE_NAME = /^[a-z]+-[0-9a-f]{32}(\.[0-9a-f]+\.tmp)?$/;

/** What compiled code is for. It is used for nothing else. */
export interface CodeKey {
  /** The bundle's name. */
  readonly name: string;
  /** Of the bundle's text, and of what runs it. */
  readonly digest: Buffer;
}

/** Returns the key of a bundle's text, for this Node.js with its options. */
export function createCodeKey(name: string, source: Buffer, runtime: string = describeRuntime()): CodeKey {
  return { name, digest: createHash("sha256").update(runtime).update("\0").update(source).digest() };
}

/** Everything that compiled code depends on besides its source: the tag is that of V8's version and flags. */
function describeRuntime(): string {
  const { versions, arch, platform, execPath } = process;
  return JSON.stringify([versions, arch, platform, execPath, cachedDataVersionTag()]);
}

/** Compiled code in a folder. */
export class CodeCache {
  /** @param userId who must own all of it; undefined on Windows */
  constructor(
    private readonly folder: string,
    private readonly userId: number | undefined = process.geteuid?.(),
  ) {}

  /** The compiled code, or undefined if there is none that can be trusted. */
  read(key: CodeKey): Buffer | undefined {
    try {
      const folder = resolveFolder(this.folder);
      if (!isPrivateFolder(folder, this.userId)) return undefined;
      const content = this.#readOwnFile(path.join(folder, getFileName(key)));
      const data = content?.subarray(DIGEST_BYTES);
      if (content === undefined || data === undefined || data.length === 0) return undefined;
      return content.subarray(0, DIGEST_BYTES).equals(digestData(key, data)) ? data : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Writes compiled code in place of what is there, and removes what has not been used for longest. Never fails. In one
   * go, which takes some milliseconds: the engine may end the process a few after its last call.
   *
   * @param createData is not called where nothing can be written
   */
  write(key: CodeKey, createData: () => Buffer): void {
    const folder = makePrivateFolder(this.folder, this.userId);
    if (folder === undefined) return;
    const file = path.join(folder, getFileName(key));
    const unfinished = `${file}.${randomBytes(8).toString("hex")}.tmp`;
    try {
      const handle = fs.openSync(unfinished, "wx", 0o600);
      try {
        const data = createData();
        fs.writeFileSync(handle, Buffer.concat([digestData(key, data), data]));
      } finally {
        fs.closeSync(handle);
      }
      fs.renameSync(unfinished, file);
      removeOld(folder);
    } catch {
      removeIfPossible(unfinished);
    }
  }

  /** Undefined for a file that another user owns or could write. */
  #readOwnFile(file: string): Buffer | undefined {
    // Not through a link, and not waiting for the other end of a pipe.
    const handle = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const found = fs.fstatSync(handle);
      const isOwn = this.userId === undefined || (found.uid === this.userId && (found.mode & 0o022) === 0);
      if (!found.isFile() || !isOwn || found.size > MAX_BYTES) return undefined;
      const content = fs.readFileSync(handle);
      if (Date.now() - found.mtimeMs > MARK_MS) markAsUsed(handle);
      return content;
    } finally {
      fs.closeSync(handle);
    }
  }
}

/** Another plugin may remove files meanwhile. */
function removeOld(folder: string): void {
  const names = fs.readdirSync(folder).filter((name) => FILE_NAME.test(name));
  if (names.length <= MOST_FILES) return;
  const files = names.flatMap((name) => {
    const file = path.join(folder, name);
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ file, usedAtMs: found.mtimeMs }];
  });
  files.sort((a, b) => b.usedAtMs - a.usedAtMs);
  for (const { file } of files.slice(MOST_FILES)) removeIfPossible(file);
}

function markAsUsed(handle: number): void {
  try {
    fs.futimesSync(handle, new Date(), new Date());
  } catch {
    // The folder may be read-only.
  }
}

function removeIfPossible(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Nothing depends on it.
  }
}

function getFileName({ name, digest }: CodeKey): string {
  return `${name}-${digest.subarray(0, 16).toString("hex")}`;
}

function digestData({ digest }: CodeKey, data: Buffer): Buffer {
  return createHash("sha256").update(digest).update(data).digest();
}
