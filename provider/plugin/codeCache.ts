/**
 * Keeps what V8 compiled, so that the next plugin starts in half the time. It is never needed: a file that is missing,
 * of another Node.js or another build, cut, planted or unwritable costs time and nothing else.
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
import { isPrivateFolder, makePrivateFolder } from "./cacheFolder";

/** Windows lacks two of them: `undefined` counts as 0 below. */
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const DIGEST_BYTES = 32;
/** Compiled code of a bundle takes 0.3 to 2 MB. */
const MAX_BYTES = 32 * 1024 * 1024;
/** How many files are kept: those of some versions of Node.js and of the plugin. */
const MOST_FILES = 8;
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

/** Everything that compiled code depends on besides its source. V8 checks its flags, too; here they give each its file. */
function describeRuntime(): string {
  const { versions, arch, platform, execPath, execArgv, env } = process;
  return JSON.stringify([versions, arch, platform, execPath, execArgv, env["NODE_OPTIONS"]]);
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
      if (!isPrivateFolder(this.folder, this.userId)) return undefined;
      const content = this.#readOwnFile(path.join(this.folder, getFileName(key)));
      const data = content?.subarray(DIGEST_BYTES);
      if (content === undefined || data === undefined || data.length === 0) return undefined;
      return content.subarray(0, DIGEST_BYTES).equals(digestData(key, data)) ? data : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Writes compiled code in place of what is there, and removes what has not been written for longest. Never fails. In one
   * go, which takes some milliseconds: the engine may end the process a few after its last call.
   */
  write(key: CodeKey, data: Buffer): void {
    if (!makePrivateFolder(this.folder, this.userId)) return;
    const file = path.join(this.folder, getFileName(key));
    const unfinished = `${file}.${randomBytes(8).toString("hex")}.tmp`;
    try {
      const content = Buffer.concat([digestData(key, data), data]);
      fs.writeFileSync(unfinished, content, { flag: "wx", mode: 0o600 });
      fs.renameSync(unfinished, file);
      this.#removeOld();
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
      return fs.readFileSync(handle);
    } finally {
      fs.closeSync(handle);
    }
  }

  /** Another plugin may remove files meanwhile. */
  #removeOld(): void {
    const names = fs.readdirSync(this.folder).filter((name) => FILE_NAME.test(name));
    if (names.length <= MOST_FILES) return;
    const files = names.flatMap((name) => {
      const file = path.join(this.folder, name);
      const found = fs.lstatSync(file, { throwIfNoEntry: false });
      return found === undefined ? [] : [{ file, writtenAtMs: found.mtimeMs }];
    });
    files.sort((a, b) => b.writtenAtMs - a.writtenAtMs);
    for (const { file } of files.slice(MOST_FILES)) removeIfPossible(file);
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
