import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { hasCode } from "./childProcess";

const heartbeatMs = 2_000;
const abandonedMs = 15_000;
const pollMs = 250;

/** What to keep in the cache, where, and how to make it. */
export interface CacheEntry {
  /** The folder it ends up in; its name holds whatever the content depends on. */
  readonly folder: string;
  /** Writes the content into an empty folder, which is renamed once this has resolved. */
  readonly fill: (folder: string) => Promise<void>;
  /** Told once when another process is found making the same entry; what it throws ends the waiting. */
  readonly onWait?: () => void;
}

/**
 * Makes a cache folder unless it is there already, and resolves to its path. Whoever sees the folder sees all of it:
 * it is filled under a temporary name and then renamed. Of several processes one fills and the others wait.
 */
export async function ensureCacheFolder(entry: CacheEntry): Promise<string> {
  if (fs.existsSync(entry.folder)) return entry.folder;
  return withLock(`${entry.folder}.lock`, entry.onWait, async () => {
    if (fs.existsSync(entry.folder)) return entry.folder;
    removeUnfinished(entry.folder);
    const unfinished = fs.mkdtempSync(`${entry.folder}.unfinished-`);
    try {
      await entry.fill(unfinished);
      fs.renameSync(unfinished, entry.folder);
    } catch (error) {
      // Someone who took this lock for abandoned may have been quicker; theirs is as good.
      if (!fs.existsSync(entry.folder)) throw error;
    } finally {
      fs.rmSync(unfinished, { recursive: true, force: true });
    }
    return entry.folder;
  });
}

/**
 * Runs `work` while holding a lock file. The holder touches the file; one untouched for 15 s belongs to a process that
 * died and is taken over. That can go wrong only for a process stopped that long, so a lock saves double work and must
 * not be all that correctness rests on.
 */
export async function withLock<T>(
  lockFile: string,
  onWait: (() => void) | undefined,
  work: () => Promise<T>,
): Promise<T> {
  fs.mkdirSync(path.dirname(lockFile), { recursive: true });
  let told = false;
  while (!tryCreate(lockFile)) {
    if (removeAbandoned(lockFile)) continue;
    if (!told) onWait?.();
    told = true;
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
    // The whole cache was deleted meanwhile; what is being made will say so itself.
  }
}

function removeUnfinished(folder: string): void {
  const parent = path.dirname(folder);
  const prefix = `${path.basename(folder)}.unfinished-`;
  for (const name of fs.readdirSync(parent)) {
    if (name.startsWith(prefix)) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

/** @returns whether it did. */
function removeAbandoned(file: string): boolean {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  if (!status || Date.now() - status.mtimeMs <= abandonedMs) return false;
  fs.rmSync(file, { force: true });
  return true;
}
