import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";

/** Every file below a folder: its path with forward slashes, and its bytes. */
export type FileTree = ReadonlyMap<string, Buffer>;

/**
 * Reads every file below a folder, in a fixed order. What does not exist is an empty tree; a file is a tree of one,
 * under the empty path.
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

/** Compares two trees byte for byte: one line for each file that is `missing`, `extra` or `different` in `actual`. */
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

/** A digest of the names and contents of files and of everything below folders, whichever of them exist. */
export function digestFiles(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const each of paths) {
    const tree = readTree(each);
    hash.update(`${path.basename(each)}\0${tree.size}\0`);
    for (const [file, bytes] of tree) hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}
