/** Where compiled code is kept, and whether anybody else could have put code there. */

import fs from "node:fs";
import path from "node:path";

const NAME = "pulumi-ucloud-redis";
/** Write permission for all, and the bit that then keeps them from renaming what others own. */
const [WRITABLE_BY_ALL, STICKY] = [0o002, 0o1000];

/** What the folder depends on. */
export interface CacheHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's home folder; empty if there is none. */
  readonly home: string;
}

/**
 * The plugin's folder among the user's caches: below `XDG_CACHE_HOME`, else `PULUMI_HOME`, else where the system keeps
 * caches. Undefined without any of these, and with `NODE_DISABLE_COMPILE_CACHE`, Node.js' own variable. Never a
 * temporary folder that users share.
 */
export function findCacheFolder({ env, platform, home }: CacheHost): string | undefined {
  if ((env["NODE_DISABLE_COMPILE_CACHE"] ?? "") !== "") return undefined;
  const parents = [env["XDG_CACHE_HOME"], env["PULUMI_HOME"], findSystemFolder({ env, platform, home })];
  const parent = parents.find((each) => each !== undefined && path.isAbsolute(each));
  return parent === undefined ? undefined : path.join(parent, NAME);
}

function findSystemFolder({ env, platform, home }: CacheHost): string | undefined {
  if (platform === "win32") return env["LOCALAPPDATA"];
  if (!path.isAbsolute(home)) return undefined;
  return platform === "darwin" ? path.join(home, "Library", "Caches") : path.join(home, ".cache");
}

/**
 * Whether only this user can put files into a folder: it is the user's own, closed to all others, and none but the user
 * and root can replace it or a folder above it. On Windows, the folders of a user are closed by the system.
 *
 * @param userId undefined on Windows
 */
export function isPrivateFolder(folder: string, userId: number | undefined): boolean {
  try {
    const { mode, uid } = inspect(folder);
    if (userId === undefined) return true;
    if (uid !== userId || (mode & 0o077) !== 0) return false;
    return isGuarded(path.dirname(folder), userId);
  } catch {
    return false;
  }
}

/**
 * Makes the folder, closed to all others, and the one above it if need be. Makes nothing where others could replace it, or
 * in what belongs to another user, such as the home of who called `sudo`.
 *
 * @returns whether it is there and private
 */
export function makePrivateFolder(folder: string, userId: number | undefined): boolean {
  try {
    const parent = path.dirname(folder);
    if (!fs.existsSync(parent)) {
      if (!isOwnPlace(path.dirname(parent), userId)) return false;
      makeFolder(parent);
    }
    if (!fs.existsSync(folder)) {
      if (!isOwnPlace(parent, userId)) return false;
      makeFolder(folder);
    }
  } catch {
    return false;
  }
  return isPrivateFolder(folder, userId);
}

/** Another plugin may make it meanwhile. */
function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function isOwnPlace(folder: string, userId: number | undefined): boolean {
  return userId === undefined || (fs.statSync(folder).uid === userId && isGuarded(folder, userId));
}

/** Whether no third user can rename anything on the way to a folder, the folder included. Links are followed first. */
function isGuarded(folder: string, userId: number): boolean {
  let at = fs.realpathSync.native(folder);
  for (;;) {
    const { mode, uid } = inspect(at);
    if (uid !== userId && uid !== 0) return false;
    if ((mode & WRITABLE_BY_ALL) !== 0 && (mode & STICKY) === 0) return false;
    const above = path.dirname(at);
    if (above === at) return true;
    at = above;
  }
}

/** @throws if it is no folder, or a link */
function inspect(folder: string): fs.Stats {
  const found = fs.lstatSync(folder);
  if (!found.isDirectory()) throw new Error("not a folder");
  return found;
}
