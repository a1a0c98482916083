/**
 * Searches the files of a test run for the test keys: `ts-node tests/security/keySweep.ts FILE-OR-FOLDER...`.
 * Only fixtures may hold them: the credential files that tests write into the home folders of their plugins, and
 * copies of files of this checkout, in packages and releases that tests make: the simulator names its default key.
 */
import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";
import { findMarker } from "./markers";

/** The private keys of the simulators and clients of all tests. */
const PRIVATE_KEYS = ["simulator-private-key", "test-private-key"];
const CREDENTIALS = /[\\/]\.ucloud[\\/][\w.]+\.json$/;

/** The result of a sweep. */
export interface Sweep {
  readonly files: number;
  /** Files with keys, apart from fixtures. */
  readonly leaks: readonly string[];
  readonly fixtures: readonly string[];
}

/** Searches these files, and all files of these folders. */
export function sweep(targets: readonly string[]): Sweep {
  const files = targets.flatMap(listFiles);
  const holders = files.filter((file) => holdsKey(fs.readFileSync(file, "latin1")));
  const isFixture = (file: string): boolean => CREDENTIALS.test(file) || isCopy(file);
  return {
    files: files.length,
    leaks: holders.filter((file) => !isFixture(file)),
    fixtures: holders.filter(isFixture),
  };
}

/** Whether this checkout has a file with the same content, at a path that ends this one. */
function isCopy(file: string): boolean {
  const names = path.resolve(file).split(path.sep);
  const content = fs.readFileSync(file);
  return names.some((_, start) => {
    const original = path.join(repositoryRoot, ...names.slice(start));
    if (original === path.resolve(file) || !fs.existsSync(original)) return false;
    return fs.statSync(original).isFile() && fs.readFileSync(original).equals(content);
  });
}

function holdsKey(text: string): boolean {
  return PRIVATE_KEYS.some((key) => text.includes(key)) || findMarker(text) !== undefined;
}

function listFiles(target: string): string[] {
  if (fs.statSync(target).isFile()) return [target];
  const entries = fs.readdirSync(target, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

if (require.main === module) {
  const { files, leaks, fixtures } = sweep(process.argv.slice(2));
  for (const file of leaks) console.log(`holds a test key: ${file}`);
  console.log(`${files} files, ${fixtures.length} fixtures with test keys, ${leaks.length} leaks`);
  process.exitCode = leaks.length === 0 && files > 0 ? 0 : 1;
}
