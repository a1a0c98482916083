import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";

/** The files below a folder: their bytes, by their paths with forward slashes. */
export type FileTree = ReadonlyMap<string, Buffer>;

/**
 * Reads every file below a folder, sorted by path. A path that does not exist gives an empty tree. A file
 * gives a tree with one entry, under the empty path.
 */
export function readTree(root: string): FileTree {
  const status = fs.statSync(root, { throwIfNoEntry: false });
  if (!status) return new Map();
  if (status.isFile()) return new Map([["", fs.readFileSync(root)]]);
  const files = fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
  return new Map(files.map((file) => [file, fs.readFileSync(path.join(root, file))]));
}

/**
 * Compares two trees byte for byte. Returns a line for each file that is `missing`, `extra` or `different` in
 * `actual`.
 */
export function compareTrees(expected: FileTree, actual: FileTree): string[] {
  const lines: string[] = [];
  for (const file of [...new Set([...expected.keys(), ...actual.keys()])].sort()) {
    const [wanted, found] = [expected.get(file), actual.get(file)];
    if (!found) lines.push(`missing: ${file}`);
    else if (!wanted) lines.push(`extra: ${file}`);
    else if (!wanted.equals(found)) lines.push(`different: ${file}`);
  }
  return lines;
}

/** A digest of the names and contents of files, and of all files below folders. A path may be missing. */
export function digestFiles(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const each of paths) {
    const tree = readTree(each);
    hash.update(`${path.basename(each)}\0${tree.size}\0`);
    for (const [file, bytes] of tree) hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}
