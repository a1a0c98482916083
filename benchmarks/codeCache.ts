/** The folders in which plugins keep compiled code for the next start. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const DEADLINE_MS = 5_000;
const POLL_MS = 50;
/** For how long nothing may be written until a cache counts as complete. */
const SETTLED_MS = 500;

/** Makes an empty folder for a plugin's home or cache. */
export function createFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
}

/**
 * Waits until a plugin has written its code cache below a folder that was empty, and writes nothing more, at most 5
 * seconds.
 *
 * @returns whether it wrote anything
 */
export async function waitForCache(folder: string): Promise<boolean> {
  const deadline = performance.now() + DEADLINE_MS;
  let [known, settledAt] = ["", Infinity];
  while (performance.now() < Math.min(settledAt, deadline)) {
    const files = listFiles(folder).join("\n");
    if (files !== known) [known, settledAt] = [files, performance.now() + SETTLED_MS];
    await delay(POLL_MS);
  }
  return known !== "";
}

/** The files below a folder, with their sizes. */
function listFiles(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const file = path.join(entry.parentPath, entry.name);
    // One that is renamed meanwhile is there the next time.
    const { size } = fs.statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
    return [`${file} ${size}`];
  });
}
