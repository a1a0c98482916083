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
 * caches. Undefined without any of these, and with `NODE_DISABLE_COMPILE_CACHE`, Node.js' own variable. On Windows, only
 * below `LOCALAPPDATA`, which the system closes to other users: the plugin cannot check it there.
 */
export function findCacheFolder({ env, platform, home }: CacheHost): string | undefined {
  if ((env["NODE_DISABLE_COMPILE_CACHE"] ?? "") !== "") return undefined;
  const isWindows = platform === "win32";
  const below = platform === "darwin" ? path.join("Library", "Caches") : ".cache";
  const ownCaches = path.isAbsolute(home) ? path.join(home, below) : undefined;
  const parents = isWindows ? [env["LOCALAPPDATA"]] : [env["XDG_CACHE_HOME"], env["PULUMI_HOME"], ownCaches];
  const parent = parents.find((each) => each !== undefined && path.isAbsolute(each));
  return parent === undefined ? undefined : path.join(parent, NAME);
}

/** The same folder by a path whose folders above it are no links. @throws if they do not exist */
export function resolveFolder(folder: string): string {
  return path.join(fs.realpathSync.native(path.dirname(folder)), path.basename(folder));
}

/**
 * Whether only this user can put files into a folder: it is the user's own, closed to all others, and no folder above it
 * belongs to a third user or may be written by all. A group may write the folders above, as where each user has a group
 * of its own: it can then take the folder away, and not put another one of this user's in its place. On Windows, only
 * whether it is a folder.
 *
 * @param folder as {@link resolveFolder} returns it
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
 * @returns its path, as {@link resolveFolder} returns it, or undefined if it is not there or not private
 */
export function makePrivateFolder(folder: string, userId: number | undefined): string | undefined {
  try {
    const parent = path.dirname(folder);
    if (!fs.existsSync(parent)) {
      if (!isOwnPlace(path.dirname(parent), userId)) return undefined;
      makeFolder(parent);
    }
    if (!fs.existsSync(folder)) {
      if (!isOwnPlace(parent, userId)) return undefined;
      makeFolder(folder);
    }
    const resolved = resolveFolder(folder);
    return isPrivateFolder(resolved, userId) ? resolved : undefined;
  } catch {
    return undefined;
  }
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

/** Whether no third user can rename anything in a folder or in those above it. Only those above may be for all and sticky. */
function isGuarded(folder: string, userId: number): boolean {
  const start = fs.realpathSync.native(folder);
  for (let at = start; ; at = path.dirname(at)) {
    const { mode, uid } = inspect(at);
    if (uid !== userId && uid !== 0) return false;
    const isSticky = (mode & STICKY) !== 0 && at !== start;
    if ((mode & WRITABLE_BY_ALL) !== 0 && !isSticky) return false;
    if (path.dirname(at) === at) return true;
  }
}

/** @throws if it is no folder, or a link */
function inspect(folder: string): fs.Stats {
  const found = fs.lstatSync(folder);
  if (!found.isDirectory()) throw new Error("not a folder");
  return found;
}
