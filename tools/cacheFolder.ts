import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { hasCode } from "./childProcess";

const heartbeatMs = 2_000;
const abandonedMs = 15_000;
const pollMs = 250;

/** A folder in the cache, and how to fill it. */
export interface CacheEntry {
  /** Its path. The name should hold a digest of everything that the content depends on. */
  readonly folder: string;
  /** Writes the content into an empty folder, which gets its name once this has resolved. */
  readonly fill: (folder: string) => Promise<void>;
  /** Called once if another process is making the same entry. An exception from it ends the waiting. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Makes a cache folder unless it exists, and resolves to its path. The folder is filled under a temporary
 * name and then renamed, so that it is complete whenever it exists. Of several processes one fills it and the
 * others wait.
 */
export async function ensureCacheFolder({ folder, fill, onWait }: CacheEntry): Promise<string> {
  if (fs.existsSync(folder)) return folder;
  const make = async (): Promise<string> => {
    if (fs.existsSync(folder)) return folder;
    removeUnfinished(folder);
    const unfinished = fs.mkdtempSync(`${folder}.unfinished-`);
    try {
      await fill(unfinished);
      fs.renameSync(unfinished, folder);
    } catch (error) {
      // A process that took over this lock may have finished first. Its folder is as good.
      if (!fs.existsSync(folder)) throw error;
    } finally {
      fs.rmSync(unfinished, { recursive: true, force: true });
    }
    return folder;
  };
  return withLock(`${folder}.lock`, make, { onWait });
}

/**
 * Runs `work` while holding a lock file. The holder touches the file every 2 s. A file that was not touched
 * for 15 s belongs to a process that died, and is taken over. A process that was only suspended for so long
 * loses its lock, so a lock may save double work, but correctness must not depend on it.
 *
 * @param options.onWait called once if another process holds the lock
 */
export async function withLock<T>(
  lockFile: string,
  work: () => Promise<T>,
  options: { readonly onWait?: (() => void) | undefined } = {},
): Promise<T> {
  fs.mkdirSync(path.dirname(lockFile), { recursive: true });
  let isWaiting = false;
  while (!tryCreate(lockFile)) {
    if (removeAbandoned(lockFile)) continue;
    if (!isWaiting) options.onWait?.();
    isWaiting = true;
    await delay(pollMs);
  }
  const heartbeat = setInterval(() => touch(lockFile), heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    fs.rmSync(lockFile, { force: true });
  }
}

function tryCreate(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function touch(file: string): void {
  try {
    fs.utimesSync(file, new Date(), new Date());
  } catch {
    // The whole cache was deleted. What is being made fails for that reason by itself.
  }
}

function removeUnfinished(folder: string): void {
  const parent = path.dirname(folder);
  const prefix = `${path.basename(folder)}.unfinished-`;
  for (const name of fs.readdirSync(parent)) {
    if (name.startsWith(prefix)) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

/** Whether the lock file was abandoned; then it is removed. */
function removeAbandoned(file: string): boolean {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  if (!status || Date.now() - status.mtimeMs <= abandonedMs) return false;
  fs.rmSync(file, { force: true });
  return true;
}
