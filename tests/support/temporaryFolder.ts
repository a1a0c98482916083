import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * For the body of a suite: makes a temporary folder before each test, and removes it afterwards. The result
 * gives its path, or joins a path below it.
 */
export function useTemporaryFolder(prefix: string): (...parts: readonly string[]) => string {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), prefix))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  return (...parts) => path.join(folder, ...parts);
}
